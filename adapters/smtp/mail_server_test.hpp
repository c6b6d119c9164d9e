#pragma once

#include "platform/schema/json.hpp"

#include <boost/describe/class.hpp>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

extern char** environ;

namespace backline::smtp {

/// A mail as the server's own parser read it.
struct ReceivedMail {
    std::int64_t peer = 0;
    std::string hello;
    bool tls = false;
    bool login = false;
    std::string envelope_from;
    std::vector<std::string> envelope_to;
    std::map<std::string, std::string> headers;
    std::string text;
    std::string html;
    std::int64_t longest_line = 0;
};
BOOST_DESCRIBE_STRUCT(
    ReceivedMail,
    (),
    (peer, hello, tls, login, envelope_from, envelope_to, headers, text, html, longest_line)
)

/// A certificate that signs for itself, made by the openssl program, in a folder of its own.
class Certificate final {
public:
    explicit Certificate(const std::string& name) {
        std::string made = testing::TempDir() + "backline-cert-XXXXXX";
        folder_ = ::mkdtemp(made.data());
        const bool address = name.front() >= '0' && name.front() <= '9';
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=test -addext 'subjectAltName=" +
            std::string(address ? "IP:" : "DNS:") + name + "' -keyout " + key() + " -out " +
            path() + " 2>/dev/null";
        EXPECT_EQ(
            std::system(command.c_str()), 0
        ); // NOLINT(cert-env33-c): the command is the test's own.
    }

    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    ~Certificate() { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path() const { return folder_ / "cert.pem"; }

    [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }

private:
    std::filesystem::path folder_;
};

/// `test_server.py` in a process of its own, on a free port.
class MailServer final {
public:
    explicit MailServer(const std::string& mode, const Certificate* certificate = nullptr) {
        const auto script = std::filesystem::path(__FILE__).parent_path() / "test_server.py";
        std::vector<std::string> words{
            "/usr/bin/setpriv", "--pdeathsig", "KILL"
        }; // With this process.
        words.insert(words.end(), {"/usr/bin/python3", script, mode});
        if (certificate != nullptr) {
            words.insert(words.end(), {certificate->path(), certificate->key()});
        }
        start(words);
        port_ = static_cast<std::uint16_t>(std::atoi(line().c_str()));
    }

    MailServer(const MailServer&) = delete;
    MailServer& operator=(const MailServer&) = delete;

    ~MailServer() {
        std::fclose(output_);
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }

    [[nodiscard]] bool started() const { return port_ != 0; }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// The next mail that it took. Waits for it.
    ReceivedMail next() {
        Result<ReceivedMail> read = schema::read<ReceivedMail>(line(), schema::Reading::tolerant);
        EXPECT_TRUE(read.has_value());
        return read ? *std::move(read) : ReceivedMail{};
    }

private:
    void start(const std::vector<std::string>& words) {
        std::vector<char*> arguments;
        for (const std::string& each : words) arguments.push_back(const_cast<char*>(each.c_str()));
        arguments.push_back(nullptr);
        int pipe[2] = {-1, -1};
        EXPECT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        EXPECT_EQ(
            ::posix_spawn(&process_, arguments[0], &actions, nullptr, arguments.data(), environ), 0
        );
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(pipe[1]);
        output_ = ::fdopen(pipe[0], "r");
    }

    std::string line() {
        std::string text;
        for (int letter = std::fgetc(output_); letter != EOF && letter != '\n';
             letter = std::fgetc(output_)) {
            text += static_cast<char>(letter);
        }
        return text;
    }

    pid_t process_ = -1;
    std::FILE* output_ = nullptr;
    std::uint16_t port_ = 0;
};

} // namespace backline::smtp
