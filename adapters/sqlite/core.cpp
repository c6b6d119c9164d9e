#include "adapters/sqlite/core.hpp"

#include "adapters/sqlite/unusable.hpp"
#include "platform/base/problem.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace backline::sqlite {

namespace {

std::exception_ptr unavailable(Unavailable::Outcome outcome, const std::string& reason) {
    return std::make_exception_ptr(Unavailable(outcome, reason));
}

/// Late calls are found within a quarter of the deadline.
Duration look_every(Duration deadline) {
    return std::max(Duration{1}, deadline / 4);
}

} // namespace

bool Core::WriteAwaiting::await_suspend(std::coroutine_handle<> handle) {
    return core.start(*this, handle);
}

WriteAnswer Core::WriteAwaiting::await_resume() {
    if (answer.failure) std::rethrow_exception(answer.failure);
    return std::move(answer);
}

bool Core::ReadAwaiting::await_suspend(std::coroutine_handle<> handle) {
    return core.start(*this, handle);
}

Rows Core::ReadAwaiting::await_resume() {
    if (answer.failure) std::rethrow_exception(answer.failure);
    return std::move(answer.rows);
}

Core::Core(LoopPoster& loop, const Settings& settings, Fatal fatal)
    : loop_(loop)
    , deadline_(settings.deadline)
    , file_(settings)
    , outbox_(file_->load_outbox()) {
    const GroupQueue::Limits limits{
        .items = settings.group_max,
        .waiting = settings.writes_waiting,
        .lazy_for = settings.settle_after,
    };
    try {
        read_database_.emplace(file_->path(), file_->guard());
    } catch (const SqliteError& error) {
        throw Unusable(
            fmt::format("The database {} cannot be read: {}.", file_->path(), error.what())
        );
    }
    const Place next_place = file_->next_place();
    const auto deliver_group = [this](Group group, GroupEnd end) {
        post([group = std::move(group), end](Core& core) mutable { core.answer_group(group, end); }
        );
    };
    const auto deliver_reads = [this](std::vector<ReadItem> items) {
        post([items = std::move(items)](Core& core) mutable { core.answer_reads(items); });
    };
    writer_.emplace(file_->writing(), next_place, limits, deliver_group, std::move(fatal));
    reader_.emplace(*read_database_, settings.reads_waiting, deliver_reads);
    watch_.emplace(look_every(deadline_), [this] {
        post([](Core& core) { core.give_up_late_calls(); });
    });
}

void Core::close() {
    if (!file_) return;
    watch_->stop();
    reader_->stop();
    // The reader's connection goes first, so that the last checkpoint finds no reader.
    reader_.reset();
    read_database_.reset();
    writer_->stop();
    writer_.reset();
    file_.reset();
}

/// Any thread. What arrives after the store has gone does nothing.
void Core::post(std::move_only_function<void(Core&)> work) {
    loop_.post_from_any_thread([weak = weak_from_this(), work = std::move(work)]() mutable {
        const std::shared_ptr<Core> core = weak.lock();
        if (core && core->file_) work(*core);
    });
}

Monotonic Core::begin_call() {
    watch_->begin();
    return clock_.now() + deadline_;
}

bool Core::start(WriteAwaiting& call, std::coroutine_handle<> handle) {
    const Ticket ticket = ++last_ticket_;
    if (!writer_->submit(ticket, std::move(call.write))) {
        call.answer.failure =
            unavailable(Unavailable::Outcome::not_done, "Too many writes wait for the disk.");
        return false;
    }
    writes_.add(ticket, call.answer, handle, begin_call());
    return true;
}

bool Core::start(ReadAwaiting& call, std::coroutine_handle<> handle) {
    const Ticket ticket = ++last_ticket_;
    if (!reader_->submit(ticket, std::move(call.read))) {
        call.answer.failure =
            unavailable(Unavailable::Outcome::not_done, "Too many reads wait for the disk.");
        return false;
    }
    reads_.add(ticket, call.answer, handle, begin_call());
    return true;
}

void Core::settle(const std::vector<std::string>& event_ids) {
    std::vector<Settled> settled = outbox_.settle(event_ids);
    if (!settled.empty()) writer_->settle(std::move(settled));
}

/// The outbox knows all events of the group before anybody hears of one of them, and the relay hears of them in the
/// order of their commits before any caller goes on.
void Core::answer_group(Group& group, GroupEnd end) {
    if (end == GroupEnd::durable) {
        for (WriteItem& item : group.items) note_events(item);
    }
    for (WriteItem& item : group.items) {
        auto* commit = std::get_if<store::Commit>(&item.write);
        if (!commit || !item.answer.first_place || item.answer.failure) continue;
        if (listener_ && !commit->events.empty()) listener_(std::move(commit->events));
    }
    for (WriteItem& item : group.items) writes_.answer(item.ticket, std::move(item.answer));
}

void Core::note_events(WriteItem& item) {
    if (item.answer.failure) return;
    if (const auto* note = std::get_if<NoteAttempts>(&item.write)) {
        outbox_.note(note->event_id, note->subscriber, note->attempts);
    }
    const auto* commit = std::get_if<store::Commit>(&item.write);
    if (!commit || !item.answer.first_place) return;
    Place place = *item.answer.first_place;
    for (const store::EventRecord& event : commit->events) outbox_.add(event.id, place++);
}

void Core::answer_reads(std::vector<ReadItem>& items) {
    for (ReadItem& item : items) reads_.answer(item.ticket, std::move(item.answer));
}

void Core::give_up_late_calls() {
    const Monotonic now = clock_.now();
    const std::string reason =
        fmt::format("The disk did not answer within {} ms.", deadline_.count());
    for (const Ticket ticket : writes_.late(now)) {
        const auto outcome = writer_->withdraw(ticket) ? Unavailable::Outcome::not_done
                                                       : Unavailable::Outcome::unknown;
        writes_.answer(ticket, WriteAnswer{.failure = unavailable(outcome, reason)});
    }
    for (const Ticket ticket : reads_.late(now)) {
        reads_.answer(
            ticket, ReadAnswer{.failure = unavailable(Unavailable::Outcome::not_done, reason)}
        );
    }
    watch_->looked(!writes_.empty() || !reads_.empty());
}

Counters Core::counters() const {
    Counters counters = writer_->counters();
    counters.reads = reader_->reads();
    counters.fsyncs = file_->guard().fsyncs();
    counters.wal_bytes = file_->guard().wal_bytes();
    counters.database_bytes = file_->guard().database_bytes();
    return counters;
}

} // namespace backline::sqlite
