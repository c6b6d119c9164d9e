#include "adapters/rabbitmq/link.hpp"

#include "platform/async/thread_clock.hpp"
#include "platform/base/invariant.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace backline::rabbitmq {

namespace {

constexpr int turn_ms = 100;

} // namespace

Link::Link(const Settings& settings, std::string name, std::uint64_t seed, Side& side)
    : settings_(settings)
    , name_(std::move(name))
    , side_(side)
    , backoff_(settings.reconnect_first, settings.reconnect_max, seed)
    , event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    INVARIANT(event_ >= 0, "the kernel gives an eventfd");
}

Link::~Link() {
    stop(false);
    ::close(event_);
}

void Link::start() {
    thread_ = std::thread([this] { run(); });
}

void Link::wake() const {
    const std::uint64_t one = 1;
    const ssize_t written = ::write(event_, &one, sizeof one);
    std::ignore = written; // It can only fail because the link is already to be woken.
}

void Link::stop(bool politely) {
    if (!thread_.joinable()) return;
    wish_ = politely ? Wish::leave : Wish::vanish;
    wake();
    thread_.join();
}

void Link::run() {
    while (running()) {
        try {
            connect_and_serve();
        } catch (const Trouble& trouble) {
            side_.lost(trouble.what());
        }
        if (running()) pause(backoff_.next());
    }
}

void Link::connect_and_serve() {
    Connection connection(settings_, name_);
    side_.connected(connection);
    backoff_.succeeded();
    while (running()) serve(connection);
    if (wish_ == Wish::leave) {
        side_.work(&connection);
        connection.close();
    }
}

/// What has arrived is read to the end before the thread waits for the socket: some of it may lie in the library or in
/// the TLS layer already, where `poll` does not see it.
void Link::serve(Connection& connection) {
    while (std::optional<Incoming> incoming = connection.receive()) {
        side_.arrived(connection, std::move(*incoming));
        if (!running()) return;
    }
    side_.work(&connection);
    wait_for_news(connection.socket());
}

void Link::pause(Duration duration) {
    const ThreadClock clock;
    while (running() && clock.now() < Monotonic{duration}) {
        side_.work(nullptr);
        wait_for_news(-1);
    }
}

/// `poll` ignores a negative descriptor.
void Link::wait_for_news(int socket) const {
    std::array<pollfd, 2> descriptors{
        pollfd{.fd = event_, .events = POLLIN, .revents = 0},
        pollfd{.fd = socket, .events = POLLIN, .revents = 0},
    };
    poll(descriptors.data(), descriptors.size(), turn_ms);
    std::uint64_t count = 0;
    const ssize_t got = ::read(event_, &count, sizeof count);
    std::ignore = got; // Nothing to read: it was the socket or the time.
}

} // namespace backline::rabbitmq
