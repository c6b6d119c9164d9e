#include "adapters/redis/connection.hpp"

#include "adapters/redis/stream.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>

namespace asio = boost::asio;

namespace backline::redis {

namespace {

constexpr std::size_t read_bytes = 16U << 10U;
constexpr std::size_t kept_buffer_bytes_max = 64U << 10U;
constexpr Monotonic never{Duration::max()};

/// Answers of a server that is there and of no use: as good as none.
constexpr std::array useless{"LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN"};

bool is_useless(const Reply& reply) {
    return std::ranges::any_of(useless, [&](const char* word) { return reply.is_error(word); });
}

} // namespace

/// A timer that can be stopped; whoever waits for it then goes on at once.
struct Connection::Alarm {
    asio::steady_timer timer;

    explicit Alarm(asio::io_context& loop) : timer(loop) {}

    void set(Duration pause) { timer.expires_after(pause); }

    void set_never() { timer.expires_at(asio::steady_timer::time_point::max()); }

    void stop() { timer.cancel(); }

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> handle) {
        timer.async_wait([handle](const auto&) { handle.resume(); });
    }

    void await_resume() const noexcept {}
};

/// Somebody who waits for a reply; lives in their frame.
struct Connection::Waiting {
    std::optional<Reply> reply{};
    std::coroutine_handle<> handle{};

    bool await_ready() const noexcept { return false; }

    void await_suspend(std::coroutine_handle<> waits) noexcept { handle = waits; }

    void await_resume() const noexcept {}
};

Connection::Connection(asio::io_context& loop, Runtime& runtime, Settings settings)
    : loop_(loop)
    , runtime_(runtime)
    , settings_(std::move(settings))
    , breaker_(settings_.breaker)
    , pause_(std::make_unique<Alarm>(loop))
    , clock_(std::make_unique<Alarm>(loop))
    , has_output_(runtime) {}

Connection::~Connection() = default;

void Connection::start() {
    tasks_.spawn(watch());
    tasks_.spawn(run());
}

Task<> Connection::stop() {
    stopping_ = true;
    close("the shop stops");
    pause_->stop();
    clock_->stop();
    co_await tasks_.join();
}

Task<std::optional<Reply>> Connection::call(Command command) {
    const Monotonic now = runtime_.now().monotonic;
    const bool full =
        expected_.size() >= settings_.in_flight_max || out_.size() >= settings_.waiting_bytes_max;
    if (!ready_ || full || !breaker_.allows(now)) co_return std::nullopt;
    std::optional<Reply> reply =
        co_await exchange(std::move(command), now + settings_.answers_within);
    judge(reply);
    co_return reply;
}

void Connection::judge(std::optional<Reply>& reply) {
    if (reply && is_useless(*reply)) reply.reset();
    if (reply) {
        breaker_.succeeded();
        if (ready_) tell("");
        return;
    }
    breaker_.failed(runtime_.now().monotonic);
    if (ready_ && breaker_.open()) tell("it does not answer");
}

Task<std::optional<Reply>> Connection::exchange(Command command, Monotonic due) {
    append_command(command, out_);
    Waiting me;
    expected_.push_back({&me, due});
    has_output_.notify();
    wake_watch_by(due);
    co_await me;
    co_return std::move(me.reply);
}

// --- the connection's life ------------------------------------------------------------------------------------------

Task<> Connection::run() {
    Duration pause = settings_.reconnect_first;
    while (!stopping_) {
        const bool was_ready = co_await attempt();
        pause = was_ready ? settings_.reconnect_first
                          : std::min(2 * pause, settings_.reconnect_longest);
        if (stopping_) break;
        const auto half = static_cast<std::uint64_t>(pause.count() / 2);
        pause_->set(Duration{half + runtime_.random() % (half + 1)});
        co_await *pause_;
    }
}

/// One connection, from its beginning to its end. True if it has ever been of use.
Task<bool> Connection::attempt() {
    stream_ = std::make_unique<Stream>(loop_, settings_);
    replies_ = std::make_unique<ReplyReader>(settings_.reply_bytes_max);
    out_.clear();
    why_closed_.clear();
    ready_by_ = runtime_.now().monotonic + settings_.connects_within;
    wake_watch_by(*ready_by_);
    const Stream::ErrorCode failed = co_await stream_->connect();
    if (failed) close(failed.message());
    TaskGroup traffic;
    if (!failed) {
        traffic.spawn(read_all());
        traffic.spawn(write_all());
    }
    const bool greeted = co_await greet();
    const bool useful = greeted && !stream_->closed();
    if (useful) {
        ready_by_.reset();
        ready_ = true;
        breaker_.succeeded();
        tell("");
    } else {
        close("it does not answer");
    }
    co_await traffic.join();
    if (!stopping_) tell(why_closed_);
    co_return useful;
}

std::vector<Command> Connection::greetings() const {
    std::vector<Command> words;
    const std::string& password = settings_.password.reveal();
    if (!settings_.user.empty()) {
        words.push_back({"AUTH", settings_.user, password});
    } else if (!password.empty()) {
        words.push_back({"AUTH", password});
    }
    if (settings_.database != 0) words.push_back({"SELECT", std::to_string(settings_.database)});
    words.push_back({"PING"});
    return words;
}

Task<bool> Connection::greet() {
    for (Command& words : greetings()) {
        if (stream_->closed()) co_return false;
        const std::optional<Reply> reply = co_await exchange(std::move(words), *ready_by_);
        if (!reply) co_return false;
        if (reply->kind == Reply::Kind::error) {
            close(reply->text);
            co_return false;
        }
    }
    co_return true;
}

Task<> Connection::read_all() {
    std::vector<char> room(read_bytes);
    while (!stream_->closed()) {
        const std::size_t bytes = co_await stream_->read_some(asio::buffer(room));
        if (bytes == 0) close("the connection was lost");
        take_replies({room.data(), bytes});
    }
}

Task<> Connection::write_all() {
    std::string sending;
    while (!stream_->closed()) {
        if (out_.empty()) co_await has_output_;
        std::swap(sending, out_);
        std::size_t sent = 0;
        while (sent < sending.size() && !stream_->closed()) {
            const std::size_t bytes = co_await stream_->write_some(
                asio::buffer(sending.data() + sent, sending.size() - sent)
            );
            if (bytes == 0) close("the connection was lost");
            sent += bytes;
        }
        sending.clear();
        if (sending.capacity() > kept_buffer_bytes_max) sending.shrink_to_fit();
    }
}

void Connection::take_replies(std::string_view bytes) {
    replies_->feed(bytes);
    while (!stream_->closed()) {
        std::optional<Reply> reply = replies_->next();
        if (!reply) break;
        if (expected_.empty()) return close("it answers what nobody asked");
        const Expected expected = expected_.front();
        expected_.pop_front();
        if (expected.waiting == nullptr) --given_up_;
        settle(expected, std::move(reply));
    }
    if (replies_->broken()) close("its answer cannot be read, or is too large");
}

void Connection::settle(const Expected& expected, std::optional<Reply> reply) {
    if (expected.waiting == nullptr) return;
    expected.waiting->reply = std::move(reply);
    runtime_.post(expected.waiting->handle);
}

void Connection::close(const std::string& why) {
    if (!stream_ || stream_->closed()) return;
    why_closed_ = why;
    stream_->close();
    ready_ = false;
    ready_by_.reset();
    given_up_ = 0;
    for (const Expected& each : std::exchange(expected_, {})) settle(each, std::nullopt);
    has_output_.notify();
}

void Connection::tell(const std::string& why_away) {
    if (told_ == why_away) return;
    told_ = why_away;
    if (settings_.on_change) settings_.on_change(why_away);
}

// --- patience -------------------------------------------------------------------------------------------------------

Task<> Connection::watch() {
    while (!stopping_) {
        clock_rings_at_ = next_due();
        if (clock_rings_at_ == never) {
            clock_->set_never();
        } else {
            clock_->set(clock_rings_at_.since_start - runtime_.now().monotonic.since_start);
        }
        co_await *clock_;
        look_at_clock(runtime_.now().monotonic);
    }
}

void Connection::wake_watch_by(Monotonic due) {
    if (due < clock_rings_at_) clock_->stop();
}

Monotonic Connection::next_due() const {
    Monotonic next = ready_by_.value_or(never);
    if (given_up_ > 0) next = std::min(next, expected_.front().due + settings_.hangs_after);
    if (given_up_ < expected_.size()) next = std::min(next, expected_[given_up_].due);
    return next;
}

void Connection::look_at_clock(Monotonic now) {
    if (ready_by_ && *ready_by_ <= now) return close("it cannot be reached in time");
    while (given_up_ < expected_.size() && expected_[given_up_].due <= now) {
        Expected& late = expected_[given_up_++];
        settle(late, std::nullopt);
        late.waiting = nullptr;
    }
    const bool hangs = given_up_ > 0 && expected_.front().due + settings_.hangs_after <= now;
    if (hangs) close("it does not answer any more");
}

} // namespace backline::redis
