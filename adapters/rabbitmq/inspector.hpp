#pragma once

#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/settings.hpp"
#include "platform/bus/bus.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What an operator wants to see, on connections made for the moment. All of it blocks, is called away from the loop,
/// and throws `Trouble`.
namespace backline::rabbitmq::inspector {

/// How many messages lie in all of these queues, for each of the lists.
[[nodiscard]] std::vector<std::int64_t> count(
    const Settings& settings, const std::vector<std::vector<std::string>>& queues
);

struct Lot {
    std::string queue;
    std::string subscriber;
};

/// What lies in these parking queues, oldest first, a message that is there twice only once. Everything is read and
/// given back together, so nothing changes its place; while that lasts, others do not see it. Looks at 10,000 messages
/// of a queue at most.
[[nodiscard]] std::vector<store::Parked> list(
    const Settings& settings, const std::vector<Lot>& lots
);

/// One parked message in our hands, all its copies. Dropped: it lies where it was.
class Taken final {
public:
    Taken(std::unique_ptr<Connection> connection, store::Parked parked);

    [[nodiscard]] const store::Parked& parked() const { return parked_; }

    void add_copy(std::uint64_t tag) { tags_.push_back(tag); }

    /// Off the list for good.
    void remove();

    /// Back to where it was, heard by the broker.
    void give_back();

private:
    std::unique_ptr<Connection> connection_;
    store::Parked parked_;
    std::vector<std::uint64_t> tags_;
};

/// Nothing if it does not lie there. All others are given back at once.
[[nodiscard]] std::shared_ptr<Taken> take(
    const Settings& settings, const Lot& lot, const std::string& event_id
);

} // namespace backline::rabbitmq::inspector
