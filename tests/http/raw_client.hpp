#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace backline::http_tests {

/// A client that sends exactly the bytes it is told to: what no well-behaved library would do. Blocking; each wait ends
/// after five seconds with whatever has come.
class RawClient final {
public:
    explicit RawClient(std::uint16_t port);
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;
    ~RawClient();

    /// False when the peer is gone.
    bool send(std::string_view bytes);

    /// Tells the peer that nothing more comes; its answers can still be read.
    void half_close();

    /// With the next close, the peer gets a reset.
    void reset_on_close();

    /// One response with its body, by Content-Length; empty when the connection ended first.
    std::string read_response(bool with_body = true);

    /// Everything up to the end of the connection.
    std::string read_to_end();

    /// Whether the peer has ended the connection, with nothing left to read.
    bool ended();

    /// `send`, then `read_response`.
    std::string ask(std::string_view bytes);

private:
    bool read_more();

    int socket_;
    std::string unread_;
};

/// `GET <target>` with a Host and nothing else.
std::string get_request(std::string_view target);

/// `200` of `HTTP/1.1 200 OK...`; 0 when there is none.
int status_of(std::string_view response);

/// The value of a header; empty when there is none.
std::string header_of(std::string_view response, std::string_view name);

} // namespace backline::http_tests
