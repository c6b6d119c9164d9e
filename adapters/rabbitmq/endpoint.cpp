#include "adapters/rabbitmq/settings.hpp"
#include "adapters/rabbitmq/trouble.hpp"

#include <amqp.h>

#include <fstream>
#include <stdexcept>

namespace backline::rabbitmq {

Endpoint parse_endpoint(const std::string& url) {
    std::string copy = url; // The parser cuts it into pieces.
    amqp_connection_info info{};
    amqp_default_connection_info(&info);
    if (amqp_parse_url(copy.data(), &info) != AMQP_STATUS_OK) {
        throw std::invalid_argument(
            "the broker's URL cannot be read; it looks like amqps://user@host:5671/virtual_host"
        );
    }
    Endpoint endpoint;
    endpoint.host = info.host;
    endpoint.port = static_cast<std::uint16_t>(info.port);
    endpoint.virtual_host = info.vhost;
    endpoint.user = info.user;
    endpoint.password = Secret<std::string>(info.password);
    endpoint.tls = info.ssl != 0;
    return endpoint;
}

std::string password_of(const Endpoint& endpoint) {
    if (endpoint.password_file.empty()) return endpoint.password.reveal();
    std::ifstream file(endpoint.password_file);
    std::string password;
    if (!std::getline(file, password)) {
        throw Trouble("the broker's password cannot be read from " + endpoint.password_file);
    }
    return password;
}

} // namespace backline::rabbitmq
