#pragma once

#include "adapters/redis/breaker.hpp"
#include "adapters/redis/codec.hpp"
#include "adapters/redis/settings.hpp"
#include "platform/async/runtime.hpp"
#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace backline::redis {

class Stream;

/// The one connection of a process to its Redis server: commands are sent as they come and answered in their order
/// (pipelined), none waits longer than `Settings::answers_within`, and a lost connection is made again in the
/// background, after pauses that grow. Loop thread only. No threads; a name that must be resolved is Asio's to resolve.
class Connection final {
public:
    Connection(boost::asio::io_context& loop, Runtime& runtime, Settings settings);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// After `stop`, or when the loop never runs again.
    ~Connection();

    /// Begins to connect. The server may be away: it is waited for in the background.
    void start();

    /// Every call under way is answered with nothing, and no further one is sent.
    Task<> stop();

    /// The server's answer, an error too; nothing if it is away, does not answer in time, or is not asked since it has
    /// not answered for a while. Then the command may have been carried out all the same.
    Task<std::optional<Reply>> call(Command command);

    /// Commands are sent and answered.
    [[nodiscard]] bool up() const { return ready_ && !breaker_.open(); }

    [[nodiscard]] const std::string& prefix() const { return settings_.prefix; }

private:
    struct Alarm;
    struct Waiting;

    /// A command whose reply has not come. Where somebody gave up waiting the place is kept, so that a late reply is
    /// taken for nobody else's.
    struct Expected {
        Waiting* waiting;
        Monotonic due;
    };

    Task<> run();
    Task<bool> attempt();
    Task<> converse();
    Task<bool> greet();
    [[nodiscard]] std::vector<Command> greetings() const;
    Task<std::optional<Reply>> exchange(Command command, Monotonic due);
    Task<> read_all();
    Task<> write_all();
    Task<> watch();

    void take_replies(std::string_view bytes);
    void judge(std::optional<Reply>& reply);
    void settle(const Expected& expected, std::optional<Reply> reply);
    void look_at_clock(Monotonic now);
    [[nodiscard]] Monotonic next_due() const;
    void wake_watch_by(Monotonic due);
    void close(const std::string& why);
    void tell(const std::string& why_away);

    boost::asio::io_context& loop_;
    Runtime& runtime_;
    Settings settings_;
    Breaker breaker_;
    std::unique_ptr<Alarm> pause_;
    std::unique_ptr<Alarm> clock_; ///< The one timer of all commands.
    Monotonic clock_rings_at_{};
    bool stopping_ = false;
    std::optional<std::string> told_{};

    // The present connection.
    std::unique_ptr<Stream> stream_;
    std::unique_ptr<ReplyReader> replies_;
    std::optional<Monotonic> ready_by_{}; ///< While it begins.
    bool ready_ = false;
    std::string why_closed_{};
    std::deque<Expected> expected_;
    std::size_t given_up_ = 0; ///< So many at the front of `expected_` have nobody who waits.
    std::string out_;
    Signal has_output_;

    TaskGroup tasks_;
};

} // namespace backline::redis
