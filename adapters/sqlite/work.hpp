#pragma once

#include "platform/store/store.hpp"

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What crosses between the loop and the adapter's threads: plain values, owned by whoever holds them.
namespace backline::sqlite {

/// Names one call while it is under way; counted up by the loop, never used twice.
using Ticket = std::uint64_t;

/// Where an event lies in the outbox: rises from commit to commit, also over deleted rows.
using Place = std::int64_t;

struct OpenCollection {
    const store::CollectionSpec* collection;
};

struct NoteAttempts {
    std::string event_id;
    std::string subscriber;
    int attempts;
};

struct Park {
    store::Parked parked;
};

struct Unpark {
    std::string event_id;
    std::string subscriber;
};

using Write = std::variant<OpenCollection, store::Commit, NoteAttempts, Park, Unpark>;

/// An event that the bus has taken over: its row goes, and the notes on its attempts if it has any.
struct Settled {
    Place place;
    std::string event_id; ///< Only if attempts were noted for it; else empty.
};

/// How one write ended. A failure is an exception for the caller.
struct WriteAnswer {
    store::CommitResult result{};
    std::optional<Place> first_place{
    }; ///< Of the commit's events, which lie in a row. None: nothing new was written.
    std::exception_ptr failure{};
};

struct WriteItem {
    Ticket ticket;
    Write write;
    WriteAnswer answer{};
};

struct FindDocument {
    const store::CollectionSpec* collection;
    std::string id;
};

struct ReadPage {
    const store::CollectionSpec* collection;
    store::Query query;
};

struct ScanDocuments {
    const store::CollectionSpec* collection;
    std::string after;
    std::size_t limit;
};

struct ReadLog {
    const store::CollectionSpec* collection;
    std::string aggregate;
    std::int64_t after;
    std::size_t limit;
};

struct ReadPending {
    Place after;
    std::size_t limit;
};

struct ReadParked {
    std::size_t limit;
};

using Read = std::variant<FindDocument, ReadPage, ScanDocuments, ReadLog, ReadPending, ReadParked>;

struct PendingEvent {
    Place place;
    store::EventRecord event;
};

using Rows = std::variant<
    std::monostate,
    std::optional<store::Stored>,
    std::vector<store::Found>,
    std::vector<store::Stored>,
    std::vector<store::LogEntry>,
    std::vector<PendingEvent>,
    std::vector<store::Parked>>;

struct ReadAnswer {
    Rows rows{};
    std::exception_ptr failure{};
};

struct ReadItem {
    Ticket ticket;
    Read read;
    ReadAnswer answer{};
};

} // namespace backline::sqlite
