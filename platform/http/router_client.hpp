#pragma once

#include "platform/http/client.hpp"
#include "platform/http/router.hpp"

namespace backline::http {

/// The client port on a router of this process: for the program's own requests to itself, and for tests. `url` of a
/// request is its target, such as `/v1/orders`; bodies are JSON.
class RouterClient final : public Client {
public:
    explicit RouterClient(Router& router) : router_(router) {}

    Task<ClientAnswer> send(ClientRequest request) override;

private:
    Router& router_;
};

} // namespace backline::http
