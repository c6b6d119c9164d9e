#include "adapters/rabbitmq/connection.hpp"

#include "adapters/rabbitmq/reply.hpp"
#include "adapters/rabbitmq/wire.hpp"

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

namespace backline::rabbitmq {

namespace {

constexpr amqp_channel_t channel = 1;
constexpr int unheard_ms_max = 15'000;

timeval timeval_of(Duration duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    const auto rest = std::chrono::microseconds(duration - seconds);
    return {.tv_sec = seconds.count(), .tv_usec = rest.count()};
}

amqp_socket_t* tls_socket(amqp_connection_state_t state, const Endpoint& endpoint) {
    amqp_socket_t* const socket = amqp_ssl_socket_new(state);
    if (socket == nullptr) throw Trouble("no TLS socket could be made");
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    const std::string ca_file =
        endpoint.ca_file.empty() ? "/etc/ssl/certs/ca-certificates.crt" : endpoint.ca_file;
    if (amqp_ssl_socket_set_cacert(socket, ca_file.c_str()) != AMQP_STATUS_OK) {
        throw Trouble("the certificates of " + ca_file + " cannot be read");
    }
    return socket;
}

} // namespace

Connection::Connection(const Settings& settings, const std::string& name)
    : state_(amqp_new_connection()) {
    if (!state_) throw Trouble("no connection could be made: out of memory");
    open_socket(settings);
    log_in(settings, name);
    amqp_channel_open(state_.get(), channel);
    answered("open a channel");
}

Connection::~Connection() = default;

void Connection::open_socket(const Settings& settings) {
    const Endpoint& endpoint = settings.endpoint;
    amqp_socket_t* const socket =
        endpoint.tls ? tls_socket(state_.get(), endpoint) : amqp_tcp_socket_new(state_.get());
    if (socket == nullptr) throw Trouble("no socket could be made");
    const timeval connect = timeval_of(settings.connects_within);
    const timeval answer = timeval_of(settings.answers_within);
    amqp_set_handshake_timeout(state_.get(), &connect);
    amqp_set_rpc_timeout(state_.get(), &answer);
    const int status =
        amqp_socket_open_noblock(socket, endpoint.host.c_str(), endpoint.port, &connect);
    if (status != AMQP_STATUS_OK) {
        throw Trouble(
            "the broker at " + endpoint.host + ":" + std::to_string(endpoint.port) +
            " cannot be reached: " + amqp_error_string2(status)
        );
    }
    // Also ends a write that a broker without room would block for ever.
    setsockopt(
        this->socket(), IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard_ms_max, sizeof unheard_ms_max
    );
}

void Connection::log_in(const Settings& settings, const std::string& name) {
    const Endpoint& endpoint = settings.endpoint;
    const Headers named{{"connection_name", name}, {"product", "backline"}};
    wire::Table capabilities({});
    // Names outlive the tables, which borrow them.
    const std::string flags[] = {"connection.blocked", "consumer_cancel_notify"};
    for (const std::string& flag : flags) capabilities.add_flag(flag);
    const std::string capabilities_name = "capabilities";
    wire::Table properties(named);
    properties.add(capabilities_name, capabilities);
    const amqp_table_t table = properties.view();
    const std::string password = password_of(endpoint);
    const amqp_rpc_reply_t reply = amqp_login_with_properties(
        state_.get(),
        endpoint.virtual_host.c_str(),
        AMQP_DEFAULT_MAX_CHANNELS,
        AMQP_DEFAULT_FRAME_SIZE,
        static_cast<int>(settings.heartbeat.count()),
        &table,
        AMQP_SASL_METHOD_PLAIN,
        endpoint.user.c_str(),
        password.c_str()
    );
    check(reply, "log in at " + endpoint.host + " as " + endpoint.user);
}

void Connection::answered(const std::string& doing) {
    check(amqp_get_rpc_reply(state_.get()), doing);
}

void Connection::sent(int status, const char* doing) {
    if (status == AMQP_STATUS_OK) return;
    throw Trouble(std::string("could not ") + doing + ": " + amqp_error_string2(status));
}

void Connection::declare_exchange(const std::string& name) {
    const std::string topic = "topic";
    amqp_exchange_declare(
        state_.get(), channel, wire::bytes(name), wire::bytes(topic), 0, 1, 0, 0, amqp_empty_table
    );
    answered("declare the exchange " + name);
}

void Connection::declare(const Queue& queue, const std::string& exchange) {
    const wire::Table arguments(queue.arguments);
    const amqp_boolean_t exclusive = queue.exclusive ? 1 : 0;
    const amqp_bytes_t name = wire::bytes(queue.name);
    amqp_queue_declare(
        state_.get(), channel, name, 0, 1 - exclusive, exclusive, exclusive, arguments.view()
    );
    answered("declare the queue " + queue.name);
    for (const std::string& type : queue.types) {
        amqp_queue_bind(
            state_.get(), channel, name, wire::bytes(exchange), wire::bytes(type), amqp_empty_table
        );
        answered("bind the queue " + queue.name);
    }
}

void Connection::declare_all(const std::vector<Queue>& queues, const std::string& exchange) {
    declare_exchange(exchange);
    for (const Queue& queue : queues) declare(queue, exchange);
}

void Connection::confirm_publishes() {
    amqp_confirm_select(state_.get(), channel);
    answered("ask for confirms");
}

void Connection::consume(
    const std::string& queue, const std::string& consumer, std::size_t prefetch
) {
    const auto count = static_cast<std::uint16_t>(std::min<std::size_t>(prefetch, 65'535));
    amqp_basic_qos(state_.get(), channel, 0, count, 0);
    answered("set the prefetch of " + queue);
    amqp_basic_consume(
        state_.get(), channel, wire::bytes(queue), wire::bytes(consumer), 0, 0, 0, amqp_empty_table
    );
    answered("consume the queue " + queue);
}

std::int64_t Connection::messages_ready(const std::string& queue) {
    const amqp_queue_declare_ok_t* const declared =
        amqp_queue_declare(state_.get(), channel, wire::bytes(queue), 1, 0, 0, 0, amqp_empty_table);
    answered("look at the queue " + queue);
    return declared->message_count;
}

std::optional<Delivered> Connection::get(const std::string& queue) {
    amqp_maybe_release_buffers(state_.get());
    const amqp_rpc_reply_t reply = amqp_basic_get(state_.get(), channel, wire::bytes(queue), 0);
    check(reply, "get a message from " + queue);
    if (reply.reply.id == AMQP_BASIC_GET_EMPTY_METHOD) return std::nullopt;
    Delivered got;
    got.tag = static_cast<const amqp_basic_get_ok_t*>(reply.reply.decoded)->delivery_tag;
    amqp_message_t read{};
    check(amqp_read_message(state_.get(), channel, &read, 0), "read a message from " + queue);
    got.message = wire::message(read.properties);
    got.message.body = wire::text(read.body);
    amqp_destroy_message(&read);
    return got;
}

void Connection::close() noexcept {
    const timeval second{.tv_sec = 1, .tv_usec = 0};
    amqp_set_rpc_timeout(state_.get(), &second);
    amqp_connection_close(state_.get(), AMQP_REPLY_SUCCESS);
}

void Connection::publish(const Outgoing& outgoing) {
    static const std::string json = "application/json";
    const Message& message = outgoing.message;
    const wire::Table headers(message.headers);
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG |
                        AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_HEADERS_FLAG;
    properties.content_type = wire::bytes(json);
    properties.delivery_mode = AMQP_DELIVERY_PERSISTENT;
    properties.message_id = wire::bytes(message.id);
    properties.headers = headers.view();
    const int status = amqp_basic_publish(
        state_.get(),
        channel,
        wire::bytes(outgoing.exchange),
        wire::bytes(outgoing.key),
        outgoing.mandatory ? 1 : 0,
        0,
        &properties,
        wire::bytes(message.body)
    );
    sent(status, "publish an event");
}

void Connection::ack(std::uint64_t tag) {
    sent(amqp_basic_ack(state_.get(), channel, tag, 0), "acknowledge an event");
}

void Connection::ask_for(const std::string& queue) {
    amqp_basic_get_t get{.ticket = 0, .queue = wire::bytes(queue), .no_ack = 0};
    sent(amqp_send_method(state_.get(), channel, AMQP_BASIC_GET_METHOD, &get), "ask for a message");
}

void Connection::give_back_until(std::uint64_t tag) {
    sent(amqp_basic_nack(state_.get(), channel, tag, 1, 1), "give back messages");
}

void Connection::give_back(std::uint64_t tag) {
    sent(amqp_basic_nack(state_.get(), channel, tag, 0, 1), "give back a message");
}

void Connection::cancel(const std::string& consumer) {
    amqp_basic_cancel_t cancel{.consumer_tag = wire::bytes(consumer), .nowait = 1};
    const int status = amqp_send_method(state_.get(), channel, AMQP_BASIC_CANCEL_METHOD, &cancel);
    sent(status, "stop consuming");
}

int Connection::socket() const {
    return amqp_get_sockfd(state_.get());
}

std::optional<Incoming> Connection::receive() {
    const timeval now{};
    while (true) {
        amqp_frame_t frame{};
        const int status = amqp_simple_wait_frame_noblock(state_.get(), &frame, &now);
        if (status == AMQP_STATUS_TIMEOUT) return std::nullopt;
        sent(status, "hear from the broker");
        std::optional<Incoming> incoming = take(frame);
        amqp_maybe_release_buffers(state_.get());
        if (incoming) return incoming;
    }
}

std::optional<Incoming> Connection::take(const amqp_frame_t& frame) {
    if (frame.frame_type == AMQP_FRAME_METHOD) return take_method(frame.payload.method);
    if (frame.frame_type == AMQP_FRAME_HEADER) return take_header(frame);
    if (frame.frame_type == AMQP_FRAME_BODY) return take_body(frame);
    return std::nullopt;
}

std::optional<Incoming> Connection::take_method(const amqp_method_t& method) {
    Heard heard = read_method(method);
    if (heard.content) {
        partial_ = Partial{std::move(*heard.incoming)};
        return std::nullopt;
    }
    return std::move(heard.incoming);
}

std::optional<Incoming> Connection::take_header(const amqp_frame_t& frame) {
    if (!partial_) throw Trouble("the broker sent a message without its beginning");
    const auto* const properties =
        static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
    partial_->message = wire::message(*properties);
    partial_->missing = frame.payload.properties.body_size;
    partial_->message.body.reserve(partial_->missing);
    partial_->header_seen = true;
    return partial_->missing == 0 ? complete() : std::nullopt;
}

std::optional<Incoming> Connection::take_body(const amqp_frame_t& frame) {
    const amqp_bytes_t piece = frame.payload.body_fragment;
    if (!partial_ || !partial_->header_seen || piece.len > partial_->missing) {
        throw Trouble("the broker sent a message that does not hold together");
    }
    partial_->message.body += wire::text(piece);
    partial_->missing -= piece.len;
    return partial_->missing == 0 ? complete() : std::nullopt;
}

std::optional<Incoming> Connection::complete() {
    Incoming what = std::move(partial_->what);
    if (auto* const delivered = std::get_if<Delivered>(&what)) {
        delivered->message = std::move(partial_->message);
    } else if (auto* const returned = std::get_if<Returned>(&what)) {
        returned->message = std::move(partial_->message);
    }
    partial_.reset();
    return what;
}

} // namespace backline::rabbitmq
