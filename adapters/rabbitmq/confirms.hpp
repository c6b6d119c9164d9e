#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace backline::rabbitmq {

/// Names one wish to publish, for as long as the process lives.
using Ticket = std::uint64_t;

/// How a wish to publish ended.
struct Settled {
    enum class Outcome : std::uint8_t {
        taken,    ///< The broker has it, on disk and in at least one queue.
        not_done, ///< It certainly lies in no queue.
        unknown,  ///< It may lie in some.
    };

    Ticket ticket = 0;
    Outcome outcome = Outcome::taken;
    std::string reason{};
};

/// What a channel with confirms still owes us: which tickets were sent under which number, what came back. The broker
/// returns a message that has no queue before it confirms it. Pure.
class Confirms final {
public:
    /// The next message of this channel. `label` finds it again when it is returned.
    void sent(Ticket ticket, std::string label);

    /// A message with this label had no queue. If two with one label are under way, both count as returned: one copy
    /// too many is harmless, one too few is not.
    void returned(const std::string& label);

    /// An ack (`positive`) or nack of one number, or of all up to it.
    [[nodiscard]] std::vector<Settled> confirmed(
        std::uint64_t number, bool multiple, bool positive
    );

    /// The channel is gone: everything that is open may have arrived or not. The next channel counts from one again.
    [[nodiscard]] std::vector<Settled> lost(const std::string& why);

    [[nodiscard]] std::size_t open() const { return open_.size(); }

private:
    struct Sent {
        Ticket ticket;
        std::string label;
        bool returned = false;
    };

    static Settled settle(const Sent& sent, bool positive);

    std::uint64_t last_ = 0;
    std::map<std::uint64_t, Sent> open_;
};

} // namespace backline::rabbitmq
