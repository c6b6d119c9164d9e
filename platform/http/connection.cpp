#include "platform/http/connection.hpp"

#include "platform/http/problem_response.hpp"
#include "platform/http/refusals.hpp"
#include "platform/http/response_text.hpp"

#include <boost/asio/buffer.hpp>

namespace asio = boost::asio;

namespace backline::http {

namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t first_room_bytes = 4096;
constexpr std::size_t gathered_output_bytes_max = 64U << 10U;
/// Method and version beside the target.
constexpr std::size_t request_line_extra_bytes = 32;

/// `co_await`: how many bytes came; 0 when the peer has ended, or anything else has.
struct ReadSome {
    Socket& socket;
    asio::mutable_buffer buffer;
    std::size_t bytes = 0;

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        socket.async_read_some(buffer, [this, handle](const ErrorCode& failed, std::size_t count) {
            bytes = failed ? 0 : count;
            handle.resume();
        });
    }

    std::size_t await_resume() const noexcept { return bytes; }
};

/// `co_await`: how many bytes went; 0 when the peer is gone. Mostly it does not wait at all.
struct WriteSome {
    Socket& socket;
    asio::const_buffer buffer;
    std::size_t bytes = 0;

    bool await_ready() {
        ErrorCode failed;
        bytes = socket.write_some(buffer, failed);
        if (failed == asio::error::would_block || failed == asio::error::try_again) return false;
        if (failed) bytes = 0;
        return true;
    }

    void await_suspend(std::coroutine_handle<> handle) {
        socket.async_write_some(buffer, [this, handle](const ErrorCode& failed, std::size_t count) {
            bytes = failed ? 0 : count;
            handle.resume();
        });
    }

    std::size_t await_resume() const noexcept { return bytes; }
};

} // namespace

Connection::Connection(ServerShared& shared, Socket socket, std::string remote)
    : shared_(shared)
    , socket_(std::move(socket))
    , remote_(std::move(remote))
    , scanner_(
          shared.limits.target_bytes_max + request_line_extra_bytes, shared.limits.head_bytes_max
      )
    , since_(shared.now) {
    ErrorCode ignored;
    std::ignore = socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    std::ignore = socket_.non_blocking(true, ignored);
}

Task<> Connection::run() {
    Next doing = Next::read;
    while (doing != Next::close && !cut_) {
        if (doing == Next::answer) {
            co_await answer();
        } else {
            const Phase before = phase_;
            if (has_output()) enter(Phase::writing);
            while (has_output() && !cut_) {
                const std::size_t bytes = co_await WriteSome{
                    socket_, asio::buffer(out_.data() + sent_, out_.size() - sent_)
                };
                sent(bytes);
            }
            if (doing == Next::read && !cut_) {
                if (phase_ != before) enter(before);
                const std::size_t bytes = co_await ReadSome{socket_, room()};
                if (bytes == 0) break;
                took(bytes);
            }
        }
        doing = next();
    }
    co_await flush();
    if (refused_ || begin_ < end_) co_await linger();
}

Connection::Next Connection::next() {
    Next then = Next::look;
    while (then == Next::look) {
        if (!keep_alive_) return Next::close;
        if (out_.size() - sent_ > gathered_output_bytes_max) return Next::flush;
        if (begin_ == end_) {
            enter(Phase::idle);
            return Next::read;
        }
        if (phase_ != Phase::head) enter(Phase::head);
        then = look_at_head();
    }
    return then;
}

Connection::Next Connection::look_at_head() {
    switch (scanner_.scan(input())) {
    case HeadScanner::Verdict::whole:
        return serve();
    case HeadScanner::Verdict::incomplete:
        return Next::read;
    case HeadScanner::Verdict::bare_control:
        return refuse(
            http_error("malformed_request"), "Lines end in CRLF and hold no control characters."
        );
    case HeadScanner::Verdict::folded_line:
        return refuse(http_error("malformed_request"), "Header fields are not folded.");
    case HeadScanner::Verdict::line_too_long:
        return refuse(http_error("uri_too_long"), "The request line is too long.");
    case HeadScanner::Verdict::too_large:
        return refuse(http_error("headers_too_large"), "The request's head is too large.");
    }
    return Next::close;
}

Connection::Next Connection::serve() {
    const std::string_view head = input().substr(0, scanner_.size());
    RequestParser& parser = parser_.emplace(fields_, shared_.limits.head_fields_max);
    if (!parser.read_head(head)) return refuse(*parser.fault(), parser.fault_detail());
    scanner_.reset();
    ++requests_;
    keep_alive_ = parser.persists() && !shared_.draining &&
                  requests_ < shared_.limits.requests_per_connection_max;
    plain_get_ = parser.is_plain_get();
    if (plain_get_) {
        if (const AnswerCache::Answer* kept = shared_.answers.find(parser.target())) {
            append_kept(*kept);
            consume(head.size());
            enter(Phase::idle);
            return Next::look;
        }
    }
    if (!fill_request()) {
        return refuse(
            http_error("malformed_request"), "The request target is no path with a query."
        );
    }
    consume(head.size());
    return Next::answer;
}

Connection::Next Connection::refuse(const Refusal& refusal, std::string detail) {
    keep_alive_ = false;
    refused_ = true;
    append(shared_.router.refuse_unread(Problem{&refusal, std::move(detail)}), true);
    return Next::close;
}

bool Connection::fill_request() {
    target_ = parser_->target();
    request_ = Request{};
    request_.method = method_named(parser_->method());
    request_.headers = parser_->headers();
    request_.remote = remote_;
    return request_.set_target(target_);
}

Task<> Connection::answer() {
    // Earlier answers do not wait for this one.
    if (has_output()) co_await flush();
    co_await read_body();
    if (cut_) co_return;
    if (parser_->fault() != nullptr) {
        refuse(*parser_->fault(), parser_->fault_detail());
        co_return;
    }
    request_.body = parser_->take_body();
    const bool with_body = request_.method != Method::head;
    enter(Phase::handling);
    const Response response = co_await shared_.router.handle(std::move(request_));
    if (cut_) co_return;
    if (shared_.draining) keep_alive_ = false;
    append(response, with_body);
    enter(Phase::writing);
    if (plain_get_ && response.fresh_while) shared_.answers.keep(target_, response, shared_.date);
}

Task<> Connection::read_body() {
    parser_->set_body_bytes_max(shared_.router.body_bytes_max(request_.method, request_.path));
    if (parser_->is_done() || parser_->fault() != nullptr) co_return;
    if (parser_->expects_continue() && begin_ == end_) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    co_await flush();
    body_bytes_ = 0;
    enter(Phase::body);
    while (!cut_) {
        const std::size_t taken = begin_ < end_ ? parser_->read_body(input()) : 0;
        consume(taken);
        body_bytes_ += taken;
        if (parser_->is_done() || parser_->fault() != nullptr) co_return;
        const asio::mutable_buffer free = room();
        if (free.size() == 0) {
            parser_->give_up();
            co_return;
        }
        const std::size_t bytes = co_await ReadSome{socket_, free};
        if (bytes == 0) cut();
        took(bytes);
    }
}

Task<> Connection::flush() {
    if (has_output()) enter(Phase::writing);
    while (has_output() && !cut_) {
        const std::size_t bytes =
            co_await WriteSome{socket_, asio::buffer(out_.data() + sent_, out_.size() - sent_)};
        sent(bytes);
    }
}

Task<> Connection::linger() {
    // To close with unread input makes TCP throw away the answer that says why.
    constexpr int reads_max = 256;
    ErrorCode ignored;
    std::ignore = socket_.shutdown(Socket::shutdown_send, ignored);
    enter(Phase::lingering);
    for (int i = 0; i < reads_max && !cut_; ++i) {
        begin_ = end_ = 0;
        const std::size_t bytes = co_await ReadSome{socket_, room()};
        if (bytes == 0) break;
    }
}

void Connection::append(const Response& response, bool with_body) {
    append_head(response, shared_.date, out_);
    if (!keep_alive_) out_ += "Connection: close\r\n";
    out_ += "\r\n";
    if (with_body) out_ += response.body;
}

void Connection::append_kept(const AnswerCache::Answer& kept) {
    const std::size_t start = out_.size();
    out_ += kept.head;
    out_.replace(start + kept.date_offset, date_size, shared_.date);
    if (!keep_alive_) out_ += "Connection: close\r\n";
    out_ += "\r\n";
    out_ += kept.body;
    ++shared_.kept_answers;
}

asio::mutable_buffer Connection::room() {
    if (begin_ == end_) begin_ = end_ = 0;
    if (end_ == in_.size() && begin_ > 0) {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= std::exchange(begin_, 0);
    }
    if (end_ == in_.size()) {
        const std::size_t bytes_max = shared_.limits.head_bytes_max + first_room_bytes;
        in_.resize(std::min(std::max(first_room_bytes, 2 * in_.size()), bytes_max));
    }
    return asio::buffer(in_.data() + end_, in_.size() - end_);
}

void Connection::sent(std::size_t bytes) {
    if (bytes == 0) return cut();
    sent_ += bytes;
    if (phase_ == Phase::writing) since_ = shared_.now;
    if (has_output()) return;
    out_.clear();
    sent_ = 0;
    if (out_.capacity() > gathered_output_bytes_max) out_.shrink_to_fit();
}

void Connection::enter(Phase phase) {
    phase_ = phase;
    since_ = shared_.now;
}

void Connection::sweep() {
    const ServerLimits& limits = shared_.limits;
    const Duration elapsed{shared_.now.since_start - since_.since_start};
    switch (phase_) {
    case Phase::idle:
        if (elapsed > limits.idle_for) cut();
        return;
    case Phase::head:
        if (elapsed > limits.head_for) {
            refuse_and_cut({&http_error("request_timeout"), "The head took too long."});
        }
        return;
    case Phase::body: {
        const Duration earned{
            static_cast<Duration::rep>(body_bytes_ * 1000 / limits.body_bytes_per_second)
        };
        if (elapsed <= limits.body_grace_for + earned) return;
        return refuse_and_cut({&http_error("request_timeout"), "The body came too slowly."});
    }
    case Phase::handling:
        if (elapsed <= limits.answer_for) return;
        return refuse_and_cut(
            {&unavailable_failure, "The answer took too long; what was asked may still happen."}
        );
    case Phase::writing:
        if (elapsed > limits.write_stall_for) cut();
        return;
    case Phase::lingering:
        if (elapsed > limits.linger_for) cut();
        return;
    }
}

void Connection::refuse_and_cut(const Problem& problem) {
    keep_alive_ = false;
    std::string text;
    std::swap(out_, text);
    append(shared_.router.refuse_unread(problem), true);
    ErrorCode ignored;
    std::ignore = socket_.write_some(asio::buffer(out_), ignored);
    std::ignore = socket_.shutdown(Socket::shutdown_both, ignored);
    cut();
}

void Connection::start_draining() {
    keep_alive_ = false;
    if (phase_ == Phase::idle) cut();
}

void Connection::cut() {
    if (cut_) return;
    cut_ = true;
    ErrorCode ignored;
    std::ignore = socket_.close(ignored);
}

} // namespace backline::http
