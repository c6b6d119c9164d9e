#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace backline::rabbitmq {

/// A bad network between a process and the broker: a proxy on a port of its own that can cut every connection, take no
/// new one, let nothing through, and say something in the broker's name.
class Gate final {
public:
    explicit Gate(std::uint16_t broker_port)
        : broker_port_(broker_port)
        , listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address = loopback(0);
        EXPECT_EQ(::bind(listener_, as_address(address), sizeof address), 0);
        EXPECT_EQ(::listen(listener_, 16), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, as_address(address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { run(); });
    }

    Gate(const Gate&) = delete;
    Gate& operator=(const Gate&) = delete;

    ~Gate() {
        ending_ = true;
        thread_.join();
        cut();
        ::close(listener_);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// Every connection ends at once.
    void cut() {
        const std::scoped_lock lock(mutex_);
        for (const Pair& pair : pairs_) close(pair);
        pairs_.clear();
    }

    /// New connections are ended as soon as they are made.
    void shut(bool shut) { shut_ = shut; }

    /// What the broker says is not passed on, until it is let through again.
    void mute_broker(bool mute) { muted_ = mute; }

    /// On every connection, in the broker's name. It must not be in the middle of a frame: nothing may be under way.
    void say(const std::string& frame) {
        const std::scoped_lock lock(mutex_);
        for (const Pair& pair : pairs_) write_all(pair.client, frame.data(), frame.size());
    }

    [[nodiscard]] std::size_t connections() {
        const std::scoped_lock lock(mutex_);
        return pairs_.size();
    }

private:
    struct Pair {
        int client;
        int broker;
    };

    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return address;
    }

    static sockaddr* as_address(sockaddr_in& address) {
        return reinterpret_cast<sockaddr*>(&address);
    }

    static void close(const Pair& pair) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        for (const int socket : {pair.client, pair.broker}) {
            ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            ::close(socket);
        }
    }

    static bool write_all(int socket, const char* data, std::size_t size) {
        while (size > 0) {
            const ssize_t written = ::send(socket, data, size, MSG_NOSIGNAL);
            if (written <= 0) return false;
            data += written;
            size -= static_cast<std::size_t>(written);
        }
        return true;
    }

    void run() {
        while (!ending_) {
            std::vector<pollfd> ready{{.fd = listener_, .events = POLLIN, .revents = 0}};
            ::poll(ready.data(), 1, 1);
            if ((ready[0].revents & POLLIN) != 0) accept_one();
            const std::scoped_lock lock(mutex_);
            std::erase_if(pairs_, [this](const Pair& pair) {
                const bool alive =
                    pass(pair.client, pair.broker) && (muted_ || pass(pair.broker, pair.client));
                if (!alive) close(pair);
                return !alive;
            });
        }
    }

    void accept_one() {
        const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        const int broker = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(broker_port_);
        const bool reached = ::connect(broker, as_address(address), sizeof address) == 0;
        if (shut_ || !reached) {
            close({client, broker});
            return;
        }
        const std::scoped_lock lock(mutex_);
        pairs_.push_back({client, broker});
    }

    /// All that is there now; false at the end.
    static bool pass(int from, int to) {
        std::array<char, 65'536> bytes{};
        while (true) {
            const ssize_t got = ::recv(from, bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (got < 0) return errno == EAGAIN;
            if (got == 0) return false;
            if (!write_all(to, bytes.data(), static_cast<std::size_t>(got))) return false;
        }
    }

    std::uint16_t broker_port_;
    std::uint16_t port_ = 0;
    int listener_;
    std::atomic<bool> ending_ = false;
    std::atomic<bool> shut_ = false;
    std::atomic<bool> muted_ = false;
    std::mutex mutex_;
    std::list<Pair> pairs_;
    std::thread thread_;
};

} // namespace backline::rabbitmq
