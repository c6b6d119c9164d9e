#pragma once

#include "platform/async/task.hpp"
#include "platform/base/time.hpp"
#include "platform/http/message.hpp"

#include <string>

/// The port to other people's HTTP servers.
namespace backline::http {

struct ClientRequest {
    std::string url;
    Method method = Method::get; ///< GET, POST, PUT or DELETE.
    std::string body{};          ///< JSON, unless `headers` say otherwise.
    Headers headers{};
    Duration within{10'000}; ///< From the call to the last byte of the answer.
};

struct ClientAnswer {
    int status = 0;
    std::string body{};
};

/// Sends requests one by one or many at a time. Loop thread only. Follows no redirect and repeats nothing: whoever asks
/// knows what may be repeated.
class Client {
public:
    Client() = default;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    virtual ~Client() = default;

    /// Whatever the server answers is an answer, also a 500. Throws `Unavailable`: `not_done` if the request certainly
    /// never reached a server, `unknown` if no whole answer came in time.
    virtual Task<ClientAnswer> send(ClientRequest request) = 0;
};

} // namespace backline::http
