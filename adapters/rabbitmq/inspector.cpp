#include "adapters/rabbitmq/inspector.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace backline::rabbitmq::inspector {

namespace {

constexpr const char* name = "backline looks at queues";
constexpr std::size_t parked_max = 10'000;

} // namespace

std::vector<std::int64_t> count(
    const Settings& settings, const std::vector<std::vector<std::string>>& queues
) {
    Connection connection(settings, name);
    std::vector<std::int64_t> counts;
    for (const std::vector<std::string>& together : queues) {
        std::int64_t& sum = counts.emplace_back();
        for (const std::string& queue : together) sum += connection.messages_ready(queue);
    }
    connection.close();
    return counts;
}

std::vector<store::Parked> list(const Settings& settings, const std::vector<Lot>& lots) {
    Connection connection(settings, name);
    std::vector<store::Parked> found;
    std::uint64_t last = 0;
    for (const Lot& lot : lots) {
        std::set<std::string> seen;
        for (std::size_t i = 0; i < parked_max; ++i) {
            const std::optional<Delivered> got = connection.get(lot.queue);
            if (!got) break;
            store::Parked parked = to_parked(got->message, lot.subscriber);
            if (seen.insert(parked.event.id).second) found.push_back(std::move(parked));
            last = got->tag;
        }
    }
    if (last > 0) connection.give_back_until(last);
    connection.close();
    std::ranges::sort(found, {}, [](const store::Parked& one) {
        return std::tie(one.parked_at, one.event.id);
    });
    return found;
}

Taken::Taken(std::unique_ptr<Connection> connection, store::Parked parked)
    : connection_(std::move(connection))
    , parked_(std::move(parked)) {}

void Taken::remove() {
    for (const std::uint64_t tag : tags_) connection_->ack(tag);
    connection_->close(); // Its answer says that the acks were heard.
}

void Taken::give_back() {
    for (const std::uint64_t tag : tags_) connection_->give_back(tag);
    connection_->close();
}

std::shared_ptr<Taken> take(const Settings& settings, const Lot& lot, const std::string& event_id) {
    auto made = std::make_unique<Connection>(settings, name);
    Connection& connection = *made;
    std::shared_ptr<Taken> taken;
    std::vector<std::uint64_t> others;
    for (std::size_t i = 0; i < parked_max; ++i) {
        const std::optional<Delivered> got = connection.get(lot.queue);
        if (!got) break;
        store::Parked parked = to_parked(got->message, lot.subscriber);
        if (parked.event.id != event_id) {
            others.push_back(got->tag);
        } else {
            if (!taken) taken = std::make_shared<Taken>(std::move(made), std::move(parked));
            taken->add_copy(got->tag);
        }
    }
    for (const std::uint64_t tag : others) connection.give_back(tag);
    return taken;
}

} // namespace backline::rabbitmq::inspector
