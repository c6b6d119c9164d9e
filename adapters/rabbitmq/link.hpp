#pragma once

#include "adapters/rabbitmq/backoff.hpp"
#include "adapters/rabbitmq/connection.hpp"
#include "adapters/rabbitmq/settings.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <thread>

namespace backline::rabbitmq {

/// A thread that keeps one connection to the broker: connects, waits for the broker and for its own process at once,
/// and connects again when it was lost. What the connection is for is the business of its `Side`.
class Link final {
public:
    /// Called on the link's thread only. All may throw `Trouble`, which ends the connection.
    class Side {
    public:
        Side() = default;
        Side(const Side&) = delete;
        Side& operator=(const Side&) = delete;
        virtual ~Side() = default;

        virtual void connected(Connection& connection) = 0;
        virtual void arrived(Connection& connection, Incoming incoming) = 0;

        /// After `wake`, after what arrived, and every 100 ms. No connection: it is away.
        virtual void work(Connection* connection) = 0;

        /// The connection is gone or could not be made. Must not throw.
        virtual void lost(const std::string& why) = 0;
    };

    /// `name` is what an operator sees in the broker's list. `seed` is for the jitter of pauses.
    Link(const Settings& settings, std::string name, std::uint64_t seed, Side& side);
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;
    ~Link();

    void start();

    /// There is work to do. Any thread.
    void wake() const;

    /// Ends the thread: with a goodbye to the broker, or without one as if the process had died. Idempotent.
    void stop(bool politely);

private:
    enum class Wish : std::uint8_t { run, leave, vanish };

    void run();
    void connect_and_serve();
    void serve(Connection& connection);
    void pause(Duration duration);
    void wait_for_news(int socket) const;

    [[nodiscard]] bool running() const { return wish_ == Wish::run; }

    const Settings settings_;
    const std::string name_;
    Side& side_;
    Backoff backoff_;
    const int event_;
    std::atomic<Wish> wish_ = Wish::run;
    std::thread thread_;
};

} // namespace backline::rabbitmq
