#pragma once

#include "platform/async/task.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// The store port: what a database must promise so that Backline can stand on it. It is written so that SQLite and
/// MongoDB can both keep the promise without a transaction over several documents; `tests/contract` holds every adapter
/// to it. Services do not use it directly; they use `Collection<T>`.
namespace backline::store {

/// One key of an index: nothing, a number (instants in milliseconds, booleans 0 or 1) or text. Nothing sorts before
/// numbers, numbers before text, text by its bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Key = std::vector<Value>;

/// An index over fields of the document's body, in this order, then by id. A unique index ignores documents in which
/// one of its fields is absent; uniqueness holds on every adapter, also between processes.
struct Index {
    std::string name;
    std::vector<std::string> fields; ///< Paths such as `email` or `totals.grand_total.amount`.
    bool unique = false;
    /// What a caller is told when this unique index refuses; points into a catalogue. Required if `unique`.
    const Refusal* taken = nullptr;
};

/// One collection of one service, declared in the `store.cpp` of its feature and listed in its `service.cpp`.
struct CollectionSpec {
    std::string service; ///< The service that owns it; on MongoDB the database.
    std::string name;    ///< `orders`; unique within the service.
    std::vector<Index> indexes{};
    int schema =
        1; ///< Raised when stored documents change shape. Kept with each; nothing acts on it yet.

    [[nodiscard]] std::string full_name() const { return service + "." + name; }
};

/// A document as it lies in the store. `version` counts commits, `events` and `entries` the events raised and log
/// entries added in its whole life: both are gapless.
struct Stored {
    std::string id;
    std::int64_t version = 0;
    std::int64_t events = 0;
    std::int64_t entries = 0;
    int schema = 1;
    std::string body; ///< JSON.
};

/// A committed event on its way to the bus: a CloudEvent in fields. `id` is unique in the shop and derives from the
/// aggregate and its sequence, so that a copy of it is recognised wherever it turns up.
struct EventRecord {
    std::string id;      ///< `orders.orders/ord_…/3`
    std::string source;  ///< The service.
    std::string type;    ///< `backline.orders.order_placed.v1`
    std::string subject; ///< The aggregate's id.
    std::int64_t epoch = 1;
    std::int64_t sequence = 0; ///< Gapless per aggregate, from 1.
    Instant time{};
    std::string traceparent; ///< W3C; empty when there is none.
    std::string data;        ///< JSON.
};

/// One immutable entry of an aggregate's log, numbered from 1 without gaps.
struct LogEntry {
    std::string aggregate;
    std::int64_t number = 0;
    std::string type; ///< The schema name of the body.
    std::string body; ///< JSON.
};

/// One atomic write. It succeeds only if the document's version is still `base_version` (0: the document does not
/// exist), and then the body, its index keys, the events and the log entries are durable together, or nothing is.
struct Commit {
    const CollectionSpec* collection = nullptr;
    Stored document; ///< As it shall be: `version` is `base_version + 1`.
    std::int64_t base_version = 0;
    std::vector<Key> keys{}; ///< One per index of the collection, in its order.
    std::vector<EventRecord> events{};
    std::vector<LogEntry> entries{};
    /// Unique per attempt. An adapter whose reply was lost finds out by it whether the commit took place; it is kept
    /// longer than any deadline and never removed by the relay.
    std::string operation;
};

struct CommitResult {
    enum class Kind { committed, conflict, duplicate } kind = Kind::committed;
    std::string index{}; ///< The unique index that refused, when `duplicate`.
};

/// Which documents of one index, in which order. Documents match when the first fields of the index equal `equals`;
/// they come ordered by the remaining fields, then by id.
struct Query {
    std::size_t index = 0; ///< Position in the collection's `indexes`.
    Key equals{};
    std::optional<Value> from{}; ///< Bounds on the field after `equals`, both inclusive.
    std::optional<Value> until{};
    bool descending = false;
    std::size_t limit =
        20; ///< 1 to 1,001: the longest page, and one more to see whether it is the last.
    /// Start after this document: its key in the index, then its id. It need not exist any more.
    std::optional<std::pair<Key, std::string>> after{};
};

struct Found {
    Stored document;
    Key key; ///< Its key in the queried index, for the cursor.
};

/// One event that could not be handled: which subscriber, how often it was tried, and why it failed.
struct Parked {
    EventRecord event;
    std::string subscriber;
    int attempts = 0;
    std::string reason;
    Instant parked_at{};
};

/// The port. All calls are made on the loop thread and resume on it. Every call has a deadline of the adapter's own and
/// throws `Unavailable` when it passes; `commit` says `unknown` only if it could not find out by `operation`.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    /// Makes sure that a collection and its indexes exist. Before anything else; again at every start. Specs live as
    /// long as the store.
    virtual Task<> open(const CollectionSpec& collection) = 0;

    /// The document as of the last durable commit, or nothing. Never older than what this process has already read or
    /// committed, so that a guard that reads is a fence; so are `page` and `scan`.
    virtual Task<std::optional<Stored>> find(const CollectionSpec& collection, std::string id) = 0;

    /// At most `query.limit` documents in the index's order.
    virtual Task<std::vector<Found>> page(const CollectionSpec& collection, Query query) = 0;

    /// At most `limit` documents of the whole collection with an id greater than `after`, by id: for operators and
    /// checks, not for requests.
    virtual Task<std::vector<Stored>> scan(
        const CollectionSpec& collection, std::string after, std::size_t limit
    ) = 0;

    /// Resolves once the write is durable (fsynced, or acknowledged by a majority with journal) or certainly refused.
    virtual Task<CommitResult> commit(Commit commit) = 0;

    /// Entries of one aggregate's log with a number greater than `after`, oldest first. Entries of a commit may appear
    /// shortly after it (MongoDB moves them), never out of order and never twice.
    virtual Task<std::vector<LogEntry>> log(
        const CollectionSpec& collection,
        std::string aggregate,
        std::int64_t after,
        std::size_t limit
    ) = 0;

    /// True if no other process can write to this store, so that a decoded copy in memory is the truth.
    [[nodiscard]] virtual bool exclusive() const = 0;

    // --- the outbox: what the relay needs -----------------------------------------------------------------------

    using Committed = std::function<void(std::vector<EventRecord>)>;

    /// Tells `listener`, on the loop, of the events of each commit of this process as soon as they are durable. One
    /// listener; it must not throw.
    virtual void on_committed(Committed listener) = 0;

    struct Pending {
        std::string place; ///< Opaque; to go on from.
        EventRecord event;
    };

    /// About `limit` events that are committed and not yet settled, from behind the place `after` (empty: from the
    /// start); none only at the end. Events of one aggregate come in their sequence, aggregates in any order. Never one
    /// that this process settled. What is committed while somebody goes from place to place may be left out.
    virtual Task<std::vector<Pending>> pending(std::string after, std::size_t limit) = 0;

    /// The bus has taken these events over for good. Durable with the next commit or soon after; if a crash undoes it,
    /// the events are sent again. Never blocks, never throws.
    virtual void settle(std::vector<std::string> event_ids) = 0;

    /// About how many events are committed and not settled, a second ago at most: what admission of orders looks at.
    [[nodiscard]] virtual std::size_t backlog() const = 0;
};

/// What the in-process bus keeps durably, beside the outbox that is its queue. Implemented by the embedded stores;
/// a broker has queues for it. Same rules as `Store`.
class ParkingLot {
public:
    ParkingLot() = default;
    ParkingLot(const ParkingLot&) = delete;
    ParkingLot& operator=(const ParkingLot&) = delete;
    virtual ~ParkingLot() = default;

    /// Records that delivering this event to this subscriber was tried `attempts` times; kept until it is settled,
    /// so that a message that kills the process is not tried for ever.
    virtual Task<> note_attempts(std::string event_id, std::string subscriber, int attempts) = 0;

    /// How often an event was tried before this process started; 0 if never.
    virtual Task<int> attempts(std::string event_id, std::string subscriber) = 0;

    /// Durable when it resolves; parking the same event for the same subscriber again replaces the reason.
    virtual Task<> park(Parked parked) = 0;

    /// Parked events ordered by time of parking, at most `limit`.
    virtual Task<std::vector<Parked>> parked(std::size_t limit) = 0;

    /// Takes it off the list; done after the replay succeeded.
    virtual Task<> unpark(std::string event_id, std::string subscriber) = 0;
};

} // namespace backline::store
