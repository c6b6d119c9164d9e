#pragma once

#include "platform/async/task_group.hpp"
#include "platform/async/wait.hpp"
#include "platform/service/service.hpp"
#include "platform/store/collection.hpp"

#include <exception>
#include <string>
#include <utility>

/// Work that documents are due for: the timers behind a `due_at`.
namespace backline {

namespace detail {

/// One round of work, some pieces at a time. A piece that fails keeps no other from its turn. Loop thread only.
class Round final {
public:
    explicit Round(Runtime& runtime) : permits_(runtime, pieces_at_once) {}

    /// Starts `piece` as soon as there is room for it.
    Task<> add(Task<> piece) {
        co_await permits_.take();
        pieces_.spawn(run(permits_, std::move(piece)));
    }

    /// Waits for `all`, which adds the pieces, and for each of them; then throws what was thrown first.
    Task<> finish(Task<> all) {
        pieces_.spawn(std::move(all));
        co_await pieces_.join();
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    static constexpr std::size_t pieces_at_once = 16;

    static Task<> run(Permits& permits, Task<> piece) {
        std::exception_ptr failure;
        try {
            co_await piece;
        } catch (const std::exception&) {
            failure = std::current_exception();
        }
        permits.give_back();
        if (failure) std::rethrow_exception(failure);
    }

    void keep(std::exception_ptr failure) {
        if (!failure_) failure_ = std::move(failure);
    }

    Permits permits_;
    std::exception_ptr failure_;
    TaskGroup pieces_{[this](std::exception_ptr failure) { keep(std::move(failure)); }};
};

template <class T, class Object> struct Due {
    store::Collection<T>& collection;
    std::size_t index;
    Object& object;
    Task<> (Object::*method)(store::Versioned<T>);
};

template <class T, class Object>
Task<> add_all(Due<T, Object> due, Round& round, const bool& stopping) {
    const auto now = due.collection.runtime().now().utc.time_since_epoch().count();
    store::Range range{.index = due.index, .from = std::int64_t{0}, .until = now, .limit = 100};
    do {
        const auto found = co_await due.collection.page(range);
        const auto slice = unwrap(found);
        for (const store::Versioned<T>& document : slice.items) {
            if (stopping) co_return;
            co_await round.add((due.object.*due.method)(document));
        }
        range.after = slice.next.value_or("");
    } while (!range.after.empty());
}

template <class T, class Object> Task<> fire_due(Due<T, Object> due, const bool& stopping) {
    Round round(due.collection.runtime());
    co_await round.finish(add_all(due, round, stopping));
}

} // namespace detail

/// Fires `method` for every document whose `due_at` has come, several at a time; `index` is the index over that field.
/// The method must move the field on, and its decision must look again whether the document is still due. Documents
/// for which it throws come again in the next round; the first such failure is logged.
template <class T, class Object> Timer when_due(
    std::string name,
    store::Collection<T>& collection,
    std::size_t index,
    Object& object,
    Task<> (Object::*method)(store::Versioned<T>),
    Duration every = Duration{1000}
) {
    const detail::Due<T, Object> due{collection, index, object, method};
    return {std::move(name), every, [due](const bool& stopping) {
                return detail::fire_due(due, stopping);
            }};
}

} // namespace backline
