#pragma once

#include "platform/async/task.hpp"
#include "platform/http/answer_cache.hpp"
#include "platform/http/head_scanner.hpp"
#include "platform/http/request_parser.hpp"
#include "platform/http/router.hpp"
#include "platform/http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <vector>

/// One connection of a `Server`. Internal to it.
namespace backline::http {

/// With the loop's own executor type, so that no call goes through a type-erased one.
using Socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What all connections of a server share.
struct ServerShared {
    Router& router;
    const ServerLimits limits;
    AnswerCache answers;
    std::uint64_t kept_answers = 0; ///< Served from memory since the last sweep.
    Monotonic now{};                ///< As of the last sweep; near enough for limits.
    std::string date{};             ///< As of the last sweep.
    bool draining = false;
};

/// Reads requests, answers them, and is looked at by the server's sweep, which is its only clock.
class Connection final {
public:
    Connection(ServerShared& shared, Socket socket, std::string remote);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Until the peer, a limit or `cut` ends it. Does not throw for anything that the peer does.
    Task<> run();

    /// Cuts the connection if it has broken a time limit.
    void sweep();

    /// No further request; at once if none is in flight.
    void start_draining();

    /// The socket is closed; a handler that is still running is left to finish.
    void cut();

    [[nodiscard]] const std::string& remote() const { return remote_; }

private:
    enum class Phase : std::uint8_t { idle, head, body, handling, writing, lingering };
    /// What `run` does next: read more, write what has gathered, have a request answered, look at the next request, or
    /// end.
    enum class Next : std::uint8_t { read, flush, answer, look, close };

    Next next();
    Next look_at_head();
    Next refuse(const Refusal& refusal, std::string detail);
    Next serve();
    Task<> answer();
    Task<> read_body();
    Task<> flush();
    Task<> linger();

    [[nodiscard]] bool fill_request();
    void enter(Phase phase);
    void append(const Response& response, bool with_body);
    void append_kept(const AnswerCache::Answer& kept);
    void refuse_and_cut(const Problem& problem);

    [[nodiscard]] std::string_view input() const { return {in_.data() + begin_, end_ - begin_}; }

    [[nodiscard]] bool has_output() const { return sent_ < out_.size(); }

    [[nodiscard]] boost::asio::mutable_buffer room();

    void took(std::size_t bytes) { end_ += bytes; }

    void consume(std::size_t bytes) { begin_ += bytes; }

    void sent(std::size_t bytes);

    ServerShared& shared_;
    Socket socket_;
    std::string remote_;

    std::vector<char> in_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::string out_;
    std::size_t sent_ = 0; ///< Of `out_`.

    HeadScanner scanner_;
    std::vector<RequestParser::FieldView> fields_;
    std::optional<RequestParser> parser_;
    Request request_;
    std::string target_;

    Phase phase_ = Phase::idle;
    bool plain_get_ = false; ///< Of the request that is being answered.
    Monotonic since_; ///< When the phase began, or (writing) when the peer last took something.
    std::size_t body_bytes_ = 0;
    std::size_t requests_ = 0;
    bool keep_alive_ = true;
    bool refused_ = false; ///< The peer may still be sending what nobody reads.
    bool cut_ = false;
};

} // namespace backline::http
