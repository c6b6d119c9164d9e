#pragma once

#include <string>

/// How the command line talks to the running program: plain HTTP to its operator address.
namespace backline::operator_client {

struct Answer {
    int status = 0;
    std::string body;
};

/// One request, `GET` where `body` is empty, else `POST` of JSON. Blocks for 30 seconds at most. Throws
/// `std::runtime_error` with one sentence if nobody answers.
[[nodiscard]] Answer ask(const std::string& url, const std::string& body);

} // namespace backline::operator_client
