#include "adapters/sqlite/writer.hpp"

#include "adapters/sqlite/severity.hpp"
#include "platform/base/problem.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>

namespace backline::sqlite {

namespace {

constexpr Duration idle_after{500};
constexpr Duration pause_after_refusal{1000};

/// Pages written to the WAL since it was asked last.
std::int64_t take_pages_written(Connection& connection) {
    int pages = 0;
    int unused = 0;
    sqlite3_db_status(connection.raw(), SQLITE_DBSTATUS_CACHE_WRITE, &pages, &unused, 1);
    return pages;
}

int checkpoint_mode(Checkpoints::Step step) {
    switch (step) {
    case Checkpoints::Step::none:
    case Checkpoints::Step::passive:
        return SQLITE_CHECKPOINT_PASSIVE;
    case Checkpoints::Step::restart:
        return SQLITE_CHECKPOINT_RESTART;
    case Checkpoints::Step::truncate:
        return SQLITE_CHECKPOINT_TRUNCATE;
    }
    return SQLITE_CHECKPOINT_PASSIVE;
}

void refuse(Group& group) {
    const auto failure = std::make_exception_ptr(Unavailable(
        Unavailable::Outcome::not_done, "The database failed before and takes no writes."
    ));
    for (WriteItem& item : group.items) item.answer.failure = failure;
}

} // namespace

Writer::Writer(
    Connection& connection,
    Place next_place,
    GroupQueue::Limits limits,
    Deliver deliver,
    Fatal fatal
)
    : connection_(connection)
    , transaction_(connection, next_place)
    , deliver_(std::move(deliver))
    , fatal_(std::move(fatal))
    , queue_(limits) {
    sqlite3_wal_hook(connection.raw(), &Writer::on_wal, this);
    take_pages_written(connection);
    changes_ = sqlite3_total_changes64(connection.raw());
    thread_ = std::thread([this] { work(); });
    pthread_setname_np(thread_.native_handle(), "sqlite-writer");
}

Writer::~Writer() {
    stop();
}

bool Writer::submit(Ticket ticket, Write write) {
    const std::scoped_lock lock(mutex_);
    if (!queue_.has_room()) return false;
    queue_.add(ticket, std::move(write));
    wake();
    return true;
}

void Writer::settle(std::vector<Settled> events) {
    const std::scoped_lock lock(mutex_);
    const bool was_empty = !queue_.lazy_due();
    queue_.settle(std::move(events), clock_.now());
    if (was_empty) wake();
}

bool Writer::withdraw(Ticket ticket) {
    const std::scoped_lock lock(mutex_);
    return queue_.withdraw(ticket);
}

void Writer::stop() {
    if (!thread_.joinable()) return;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        wake();
    }
    thread_.join();
}

Counters Writer::counters() const {
    return Counters{
        .commits = tally_.commits,
        .events = tally_.events,
        .transactions = tally_.transactions,
        .rows = tally_.rows,
        .checkpoints = tally_.checkpoints,
    };
}

/// Under the lock. A writer that is busy looks for itself when it is done, so waking it would cost a system call for
/// nothing.
void Writer::wake() {
    if (sleeping_) changed_.notify_one();
}

void Writer::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        Group group = queue_.take(clock_.now(), stopping_);
        if (!group.empty()) {
            lock.unlock();
            write(std::move(group));
            lock.lock();
        } else if (stopping_) {
            break;
        } else {
            wait(lock);
        }
    }
    if (!failed_) checkpoint(Checkpoints::Step::truncate);
}

/// Returns when there may be something to do. What idleness allows is done on the way.
void Writer::wait(std::unique_lock<std::mutex>& lock) {
    const Checkpoints::Step step = failed_ ? Checkpoints::Step::none : checkpoints_.when_idle();
    if (step != Checkpoints::Step::none && clock_.now() >= busy_until_) {
        lock.unlock();
        checkpoint(step);
        busy_until_ = clock_.now() + idle_after;
        lock.lock();
        return;
    }
    std::optional<Monotonic> until = queue_.lazy_due();
    if (step != Checkpoints::Step::none) until = std::min(until.value_or(busy_until_), busy_until_);
    sleeping_ = true;
    if (until) {
        changed_.wait_until(lock, clock_.at(*until));
    } else {
        changed_.wait(lock);
    }
    sleeping_ = false;
}

void Writer::write(Group group) {
    if (failed_) {
        refuse(group);
        deliver_(std::move(group), GroupEnd::refused);
        return;
    }
    const GroupOutcome outcome = run_group(group, transaction_);
    switch (outcome.end) {
    case GroupEnd::durable:
        count(group);
        break;
    case GroupEnd::refused: {
        const std::scoped_lock lock(mutex_);
        if (!stopping_) queue_.give_back(group.settled, clock_.now(), pause_after_refusal);
        break;
    }
    case GroupEnd::failed:
        fail(outcome.reason);
        break;
    }
    deliver_(std::move(group), outcome.end);
    if (outcome.end == GroupEnd::durable) look_at_wal();
}

void Writer::count(const Group& group) {
    for (const WriteItem& item : group.items) {
        if (item.answer.failure || !item.answer.first_place) continue;
        ++tally_.commits;
        tally_.events += std::ssize(std::get<store::Commit>(item.write).events);
    }
    const std::int64_t pages = take_pages_written(connection_);
    const std::int64_t changes = sqlite3_total_changes64(connection_.raw());
    tally_.rows += changes - changes_;
    changes_ = changes;
    if (pages == 0) return;
    ++tally_.transactions;
    checkpoints_.committed(wal_frames_, pages);
    busy_until_ = clock_.now() + idle_after;
}

/// After the answers have left: whoever waits for this group does not wait for the checkpoint too.
void Writer::look_at_wal() {
    const Checkpoints::Step step = checkpoints_.after_group();
    if (step != Checkpoints::Step::none) checkpoint(step);
}

void Writer::checkpoint(Checkpoints::Step step) {
    int frames = 0;
    int moved = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        connection_.raw(), nullptr, checkpoint_mode(step), &frames, &moved
    );
    if (severity_of(code) == Severity::hopeless) {
        fail(fmt::format(
            "The database failed and must not be trusted: {}.", sqlite3_errmsg(connection_.raw())
        ));
        return;
    }
    ++tally_.checkpoints;
    if (frames >= 0 && moved >= 0) checkpoints_.moved(frames, moved);
}

void Writer::fail(const std::string& reason) {
    failed_ = true;
    fatal_(reason);
}

int Writer::on_wal(void* self, sqlite3*, const char*, int frames) {
    static_cast<Writer*>(self)->wal_frames_ = frames;
    return SQLITE_OK;
}

} // namespace backline::sqlite
