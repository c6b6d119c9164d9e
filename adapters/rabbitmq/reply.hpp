#pragma once

#include "adapters/rabbitmq/connection.hpp"

#include <amqp.h>

#include <optional>
#include <string>

/// What the broker says, in our words.
namespace backline::rabbitmq {

/// Throws `Trouble` unless the broker did what it was asked to.
void check(const amqp_rpc_reply_t& reply, const std::string& doing);

/// A method frame that nobody asked for. `content`: a message follows that belongs to it.
struct Heard {
    std::optional<Incoming> incoming{};
    bool content = false;
};

/// Throws `Trouble` if the broker closes something.
[[nodiscard]] Heard read_method(const amqp_method_t& method);

} // namespace backline::rabbitmq
