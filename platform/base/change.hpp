#pragma once

#include "platform/base/type.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace backline {

/// The two kinds of event (ARCHITECTURE.md). A consumer keeps the newest `state` of an aggregate and ignores older
/// ones; a `fact` is never dropped for its age and has one effect, found by its business key.
enum class EventKind : std::uint8_t { state, fact };

/// What an event struct says of itself, as `static constexpr EventInfo event{...}`.
struct EventInfo {
    std::string_view type; ///< `backline.orders.order_placed.v1`, the CloudEvents type.
    EventKind kind;
};

template <class E>
concept EventStruct = requires {
    { E::event } -> std::convertible_to<const EventInfo&>;
};

/// A described struct whose C++ type is only known to who made it: an event that a change raises, or an entry that it
/// adds to a log. Immutable and cheap to copy.
struct Described {
    const Type* type;
    std::shared_ptr<const void> value;

    template <class T> static Described of(T value) {
        return Described{&type_of<T>(), std::make_shared<const T>(std::move(value))};
    }
};

struct RaisedEvent {
    const EventInfo* info;
    Described data;
};

/// What a decision wants to happen to one document: its next state, the events that this raises and the entries that it
/// adds to the aggregate's append-only log. Nothing else can reach the store, so state, events and ledger cannot drift
/// apart: they are written in one atomic commit or not at all.
template <class T> struct Change {
    std::optional<T>
        next; ///< Empty: the document stays as it is, and nothing may be raised or recorded.
    std::vector<RaisedEvent> events{};
    std::vector<Described> entries{};

    /// The decision of one who finds the work done already.
    static Change nothing() { return Change{std::nullopt}; }

    static Change to(T next) { return Change{std::move(next)}; }

    template <EventStruct E> Change& raise(E event) & {
        events.push_back(RaisedEvent{&E::event, Described::of(std::move(event))});
        return *this;
    }

    template <EventStruct E> Change&& raise(E event) && {
        raise(std::move(event));
        return std::move(*this);
    }

    /// Appends to the aggregate's log; entries are numbered without gaps by the store.
    template <class Entry> Change& record(Entry entry) & {
        entries.push_back(Described::of(std::move(entry)));
        return *this;
    }

    template <class Entry> Change&& record(Entry entry) && {
        record(std::move(entry));
        return std::move(*this);
    }
};

} // namespace backline
