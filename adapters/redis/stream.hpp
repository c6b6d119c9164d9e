#pragma once

#include "adapters/redis/settings.hpp"
#include "platform/async/task.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <coroutine>
#include <cstddef>
#include <optional>
#include <string>

namespace backline::redis {

/// Bytes to the server and back, over TCP or TLS 1.2 and later. One reader and one writer at a time. After `close` all
/// that waits fails. What waits must have ended before the stream goes.
class Stream final {
public:
    using ErrorCode = boost::system::error_code;

    Stream(boost::asio::io_context& loop, const Settings& settings);

    /// Once. Over TLS the server has a certificate for its host's name by an authority that we trust.
    Task<ErrorCode> connect();

    /// `co_await`: how many bytes came; none when the connection has ended.
    auto read_some(boost::asio::mutable_buffer buffer) { return Reading{*this, buffer}; }

    /// `co_await`: how many bytes went; none when the connection has ended.
    auto write_some(boost::asio::const_buffer buffer) { return Writing{*this, buffer}; }

    void close();

    [[nodiscard]] bool closed() const { return closed_; }

private:
    using Tcp = boost::asio::ip::tcp;
    using Places = Tcp::resolver::results_type;

    struct Moved {
        Stream& stream;
        std::size_t bytes = 0;

        bool await_ready() const noexcept { return false; }

        std::size_t await_resume() const noexcept { return bytes; }

        auto then(std::coroutine_handle<> handle) {
            return [this, handle](const ErrorCode& failed, std::size_t count) {
                bytes = failed ? 0 : count;
                handle.resume();
            };
        }
    };

    struct Reading : Moved {
        boost::asio::mutable_buffer buffer;

        Reading(Stream& on, boost::asio::mutable_buffer into) : Moved{on}, buffer(into) {}

        void await_suspend(std::coroutine_handle<> handle);
    };

    struct Writing : Moved {
        boost::asio::const_buffer buffer;

        Writing(Stream& on, boost::asio::const_buffer from) : Moved{on}, buffer(from) {}

        void await_suspend(std::coroutine_handle<> handle);
    };

    Task<ErrorCode> reach();
    Task<ErrorCode> resolve(Places& places);
    ErrorCode trust();

    const Settings& settings_;
    Tcp::resolver resolver_;
    Tcp::socket socket_;
    bool closed_ = false;
    std::optional<boost::asio::ssl::context> authorities_;
    std::optional<boost::asio::ssl::stream<Tcp::socket&>> tls_;
};

} // namespace backline::redis
