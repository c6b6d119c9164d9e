#include "adapters/rabbitmq/reply.hpp"

#include "adapters/rabbitmq/wire.hpp"

namespace backline::rabbitmq {

namespace {

template <class Method> const Method& as(const amqp_method_t& method) {
    return *static_cast<const Method*>(method.decoded);
}

/// The broker's own words, if this closes the channel or the connection.
std::optional<std::string> closing_words(const amqp_method_t& method) {
    if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
        return wire::text(as<amqp_channel_close_t>(method).reply_text);
    }
    if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
        return wire::text(as<amqp_connection_close_t>(method).reply_text);
    }
    return std::nullopt;
}

std::string advice_for(const std::string& words) {
    if (!words.starts_with("PRECONDITION_FAILED - inequivalent arg")) return "";
    return " (it was made with other settings: let it run dry, delete it, and it is made anew)";
}

Heard read_delivery(const amqp_basic_deliver_t& deliver) {
    return {Delivered{wire::text(deliver.consumer_tag), deliver.delivery_tag}, true};
}

Heard read_return(const amqp_basic_return_t& back) {
    return {Returned{wire::text(back.exchange), wire::text(back.routing_key)}, true};
}

Heard read_got(const amqp_basic_get_ok_t& got) {
    return {Delivered{"", got.delivery_tag}, true};
}

Heard read_ack(const amqp_basic_ack_t& ack) {
    return {Confirmed{ack.delivery_tag, ack.multiple != 0, true}};
}

Heard read_nack(const amqp_basic_nack_t& nack) {
    return {Confirmed{nack.delivery_tag, nack.multiple != 0, false}};
}

} // namespace

void check(const amqp_rpc_reply_t& reply, const std::string& doing) {
    switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
        return;
    case AMQP_RESPONSE_NONE:
        throw Trouble("could not " + doing + ": no answer");
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
        throw Trouble("could not " + doing + ": " + amqp_error_string2(reply.library_error));
    case AMQP_RESPONSE_SERVER_EXCEPTION:
        break;
    }
    const std::string words = closing_words(reply.reply).value_or("the broker refused");
    throw Trouble("could not " + doing + ": " + words + advice_for(words));
}

Heard read_method(const amqp_method_t& method) {
    if (const auto words = closing_words(method)) {
        throw Trouble("the broker ended the connection: " + *words);
    }
    const amqp_method_number_t id = method.id;
    if (id == AMQP_BASIC_DELIVER_METHOD) return read_delivery(as<amqp_basic_deliver_t>(method));
    if (id == AMQP_BASIC_GET_OK_METHOD) return read_got(as<amqp_basic_get_ok_t>(method));
    if (id == AMQP_BASIC_GET_EMPTY_METHOD) return {Empty{}};
    if (id == AMQP_BASIC_RETURN_METHOD) return read_return(as<amqp_basic_return_t>(method));
    if (id == AMQP_BASIC_ACK_METHOD) return read_ack(as<amqp_basic_ack_t>(method));
    if (id == AMQP_BASIC_NACK_METHOD) return read_nack(as<amqp_basic_nack_t>(method));
    if (id == AMQP_BASIC_CANCEL_METHOD) throw Trouble("the broker took a queue away");
    if (id == AMQP_CONNECTION_BLOCKED_METHOD) return {Blocked{true}};
    if (id == AMQP_CONNECTION_UNBLOCKED_METHOD) return {Blocked{false}};
    return {};
}

} // namespace backline::rabbitmq
