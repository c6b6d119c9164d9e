#include "tests/http/raw_client.hpp"

#include "platform/http/message.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <stdexcept>

namespace backline::http_tests {

namespace {

std::size_t content_length(std::string_view head) {
    const std::string length = header_of(head, "content-length");
    return length.empty() ? 0 : std::stoul(length);
}

} // namespace

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr peer{};
    static_assert(sizeof peer == sizeof address);
    std::memcpy(&peer, &address, sizeof peer);
    if (connect(socket_, &peer, sizeof peer) != 0) {
        close(socket_);
        throw std::runtime_error("no connection");
    }
}

RawClient::~RawClient() {
    close(socket_);
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawClient::half_close() {
    shutdown(socket_, SHUT_WR);
}

void RawClient::reset_on_close() {
    const linger abrupt{.l_onoff = 1, .l_linger = 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
}

bool RawClient::read_more() {
    char bytes[65536];
    const ssize_t count = recv(socket_, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

std::string RawClient::read_response(bool with_body) {
    std::size_t end = unread_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!read_more()) return {};
        end = unread_.find("\r\n\r\n");
    }
    end += 4;
    const std::size_t size = end + (with_body ? content_length(unread_.substr(0, end)) : 0);
    while (unread_.size() < size) {
        if (!read_more()) return {};
    }
    const std::string response = unread_.substr(0, size);
    unread_.erase(0, size);
    return response;
}

std::string RawClient::read_to_end() {
    while (read_more()) {
    }
    return std::exchange(unread_, {});
}

bool RawClient::ended() {
    char byte = 0;
    const ssize_t count = recv(socket_, &byte, 1, 0);
    return unread_.empty() && (count == 0 || (count < 0 && errno != EAGAIN));
}

std::string RawClient::ask(std::string_view bytes) {
    send(bytes);
    return read_response();
}

std::string get_request(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: shop\r\n\r\n";
}

int status_of(std::string_view response) {
    constexpr std::string_view version = "HTTP/1.1 ";
    if (!response.starts_with(version)) return 0;
    return std::stoi(std::string(response.substr(version.size(), 3)));
}

std::string header_of(std::string_view response, std::string_view name) {
    response = response.substr(0, response.find("\r\n\r\n") + 2);
    while (!response.empty()) {
        const std::string_view line = response.substr(0, response.find("\r\n"));
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos && http::same_name(line.substr(0, colon), name)) {
            return std::string(line.substr(colon + 2));
        }
        response.remove_prefix(std::min(line.size() + 2, response.size()));
    }
    return {};
}

} // namespace backline::http_tests
