#include "adapters/redis/stream.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace asio = boost::asio;

namespace backline::redis {

namespace {

using ErrorCode = Stream::ErrorCode;

/// `co_await`: what an operation that `begin` starts comes to. Its completion has the error first.
template <class Begin> struct Completion {
    Begin begin;
    ErrorCode failed{};

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        begin([this, handle](const ErrorCode& error, auto&&...) {
            failed = error;
            handle.resume();
        });
    }

    ErrorCode await_resume() const noexcept { return failed; }
};

template <class Begin> Completion(Begin) -> Completion<Begin>;

} // namespace

Stream::Stream(asio::io_context& loop, const Settings& settings)
    : settings_(settings)
    , resolver_(loop)
    , socket_(loop) {}

Task<ErrorCode> Stream::connect() {
    ErrorCode failed = co_await reach();
    if (failed || closed_ || !settings_.tls) co_return failed;
    failed = trust();
    if (failed) co_return failed;
    Completion handshake{[this](auto then) {
        tls_->async_handshake(asio::ssl::stream_base::client, std::move(then));
    }};
    co_return co_await handshake;
}

/// Asio resolves names on a thread of its own, so an address is not given to it.
Task<ErrorCode> Stream::resolve(Places& places) {
    ErrorCode failed;
    const std::string port = std::to_string(settings_.port);
    const asio::ip::address address = asio::ip::make_address(settings_.host, failed);
    if (!failed) {
        places = Places::create(Tcp::endpoint(address, settings_.port), settings_.host, port);
        co_return failed;
    }
    Completion resolved{[&](auto then) {
        const auto flags = Tcp::resolver::numeric_service;
        resolver_.async_resolve(
            settings_.host,
            port,
            flags,
            [&places, then = std::move(then)](const ErrorCode& error, Places found) mutable {
                places = std::move(found);
                then(error);
            }
        );
    }};
    co_return co_await resolved;
}

Task<ErrorCode> Stream::reach() {
    Places places;
    ErrorCode failed = co_await resolve(places);
    if (!failed && closed_) failed = asio::error::operation_aborted;
    if (failed) co_return failed;
    Completion connected{[&](auto then) { asio::async_connect(socket_, places, std::move(then)); }};
    failed = co_await connected;
    if (!failed && closed_) failed = asio::error::operation_aborted;
    if (failed) co_return failed;
    std::ignore = socket_.set_option(Tcp::no_delay(true), failed);
    co_return failed;
}

ErrorCode Stream::trust() {
    ErrorCode failed;
    authorities_.emplace(asio::ssl::context::tls_client);
    std::ignore = authorities_->set_options(
        asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1, failed
    );
    if (failed) return failed;
    if (settings_.ca_file.empty()) {
        std::ignore = authorities_->set_default_verify_paths(failed);
    } else {
        std::ignore = authorities_->load_verify_file(settings_.ca_file, failed);
    }
    if (failed) return failed;
    tls_.emplace(socket_, *authorities_);
    std::ignore = tls_->set_verify_mode(asio::ssl::verify_peer, failed);
    if (failed) return failed;
    std::ignore =
        tls_->set_verify_callback(asio::ssl::host_name_verification(settings_.host), failed);
    SSL_set_tlsext_host_name(tls_->native_handle(), settings_.host.c_str());
    return failed;
}

void Stream::close() {
    closed_ = true;
    ErrorCode ignored;
    resolver_.cancel();
    std::ignore = socket_.close(ignored);
}

void Stream::Reading::await_suspend(std::coroutine_handle<> handle) {
    if (stream.tls_) {
        stream.tls_->async_read_some(buffer, then(handle));
    } else {
        stream.socket_.async_read_some(buffer, then(handle));
    }
}

void Stream::Writing::await_suspend(std::coroutine_handle<> handle) {
    if (stream.tls_) {
        stream.tls_->async_write_some(buffer, then(handle));
    } else {
        stream.socket_.async_write_some(buffer, then(handle));
    }
}

} // namespace backline::redis
