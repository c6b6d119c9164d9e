#include "platform/http/router_client.hpp"

namespace backline::http {

Task<ClientAnswer> RouterClient::send(ClientRequest request) {
    Request asked = Request::to(request.method, request.url, std::move(request.body));
    asked.headers = std::move(request.headers);
    if (!asked.body.empty()) asked.headers.set("Content-Type", "application/json");
    Response response = co_await router_.handle(std::move(asked));
    co_return ClientAnswer{response.status, std::move(response.body)};
}

} // namespace backline::http
