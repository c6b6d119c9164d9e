#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

extern char** environ;

namespace backline::redis {

inline sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

/// A socket bound to a free port, and the port.
inline int bind_free_port(std::uint16_t& port) {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener, place, size), 0);
    EXPECT_EQ(::getsockname(listener, place, &size), 0);
    port = ntohs(address.sin_port);
    return listener;
}

/// A Redis server of the test's own, so that it can be stopped, killed and filled.
class RedisServer final {
public:
    explicit RedisServer(std::vector<std::string> options = {}) : options_(std::move(options)) {
        ::close(bind_free_port(port_));
        std::string made = testing::TempDir() + "backline-redis-XXXXXX";
        folder_ = ::mkdtemp(made.data());
        start();
    }

    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    ~RedisServer() {
        kill();
        std::filesystem::remove_all(folder_);
    }

    [[nodiscard]] static bool installed() {
        return std::system("command -v redis-server >/dev/null") == 0; // NOLINT(*-env33-c): ours.
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    void freeze() const { ::kill(process_, SIGSTOP); }

    void thaw() const { ::kill(process_, SIGCONT); }

    /// As `kill -9`; its data is gone.
    void kill() {
        if (process_ <= 0) return;
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
        process_ = 0;
    }

    /// Returns when it takes connections.
    void start() {
        // It ends with this process, however that ends, or whoever reads the output would wait for ever.
        std::vector<std::string> words{"setpriv", "--pdeathsig", "KILL", "redis-server"};
        words.insert(words.end(), {"--bind", "127.0.0.1", "--dir", folder_});
        const std::string port = std::to_string(port_);
        const bool secure = !options_.empty() && options_.front().starts_with("--tls");
        words.insert(words.end(), {secure ? "--tls-port" : "--port", port, "--save", ""});
        if (secure) words.insert(words.end(), {"--port", "0"});
        words.insert(words.end(), options_.begin(), options_.end());
        spawn(words);
        for (int tries = 0; tries < 1'000 && !reachable(); ++tries) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        EXPECT_TRUE(reachable());
    }

private:
    void spawn(const std::vector<std::string>& words) {
        std::vector<char*> arguments;
        for (const std::string& each : words) arguments.push_back(const_cast<char*>(each.c_str()));
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        EXPECT_EQ(
            ::posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ), 0
        );
        ::posix_spawn_file_actions_destroy(&actions);
    }

    [[nodiscard]] bool reachable() const {
        const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(port_);
        auto* const place = reinterpret_cast<sockaddr*>(&address);
        const bool reached = ::connect(client, place, sizeof address) == 0;
        ::close(client);
        return reached;
    }

    std::vector<std::string> options_;
    std::filesystem::path folder_;
    std::uint16_t port_ = 0;
    pid_t process_ = 0;
};

} // namespace backline::redis
