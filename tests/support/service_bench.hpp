#pragma once

#include "adapters/memory/memory_disk.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/bus/bus.hpp"
#include "platform/http/message.hpp"
#include "platform/schema/json.hpp"
#include "platform/security/access.hpp"
#include "platform/service/service.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// A bench for feature tests: real services behind the real router, on memory adapters and virtual time.
///
///     ServiceBench bench({inventory::make_service});
///     bench.deliver(catalog::ProductChanged{...}, {.subject = "prd_…"});
///     const Answer answer = bench.call({"GET", "/v1/stock/MIC-1", .as = as("usr_staff", {"stock:read"})});
///     EXPECT_EQ(answer.status, 200);
///     EXPECT_EQ(bench.events<inventory::AvailabilityChanged>().size(), 1);
namespace backline::tests {

/// A bearer token that the bench's authenticator takes: who, and what they may.
[[nodiscard]] std::string as(
    const std::string& subject, const std::vector<std::string>& permissions = {}
);

/// One request. `target` is path and query; a body makes it JSON.
struct Ask {
    std::string method;
    std::string target;
    std::string body{};
    std::string as{}; ///< From `as(...)`, or the bench's own authenticator's; empty: anonymous.
    http::Headers headers{};
    std::string remote{}; ///< The address that it comes from.
};

/// What came back.
struct Answer {
    int status = 0;
    std::string body;
    http::Headers headers;
    bool cacheable =
        false; ///< The server may give the same bytes to everybody until something changes.

    /// The body as a `T`, read tolerantly; breaks an invariant if it is none.
    template <class T> [[nodiscard]] T read() const {
        return unwrap(schema::read<T>(body, schema::Reading::tolerant));
    }

    /// The `code` of the problem that this is; empty if it is none.
    [[nodiscard]] std::string code() const;

    /// What to send as `If-Match`.
    [[nodiscard]] std::string etag() const { return std::string(headers.find("etag")); }
};

/// Where an event comes from, for its consumer: the aggregate, and the place in its series.
struct From {
    std::string subject;
    std::int64_t sequence = 1;
    std::int64_t epoch = 1;
};

/// Runs a set of services in one simulated process on a disk that outlives it. Nothing in it is real but the services,
/// the platform and the router. For tests; one thread.
class ServiceBench final {
public:
    using Make = std::function<Service(Backends)>;

    explicit ServiceBench(std::vector<Make> services, std::uint64_t seed = 1)
        : ServiceBench(std::move(services), seed, nullptr, true) {}

    /// With real tokens: `authenticator` outlives the bench. `exclusive` false: on a store that others may write to.
    ServiceBench(
        std::vector<Make> services, security::Authenticator& authenticator, bool exclusive = true
    )
        : ServiceBench(std::move(services), 1, &authenticator, exclusive) {}

    ServiceBench(const ServiceBench&) = delete;
    ServiceBench& operator=(const ServiceBench&) = delete;
    ~ServiceBench();

    /// Sends a request and waits for its answer, not for what it sets off; see `settle`.
    Answer call(Ask ask);

    /// Sends all of them before any is answered.
    std::vector<Answer> call_at_once(std::vector<Ask> asks);

    /// Sends a request and waits for nothing: for crashes in its middle.
    void begin(Ask ask);

    /// Puts an event on the way, as another service's commit would, and waits for nothing. It is redelivered until it
    /// was handled, also after a `restart`. Every call is another message, even where all is the same.
    template <EventStruct E> void post(const E& event, From from) {
        post_record(E::event, schema::write_json(event), std::move(from));
    }

    /// `post`, then `settle`.
    template <EventStruct E> void deliver(const E& event, From from) {
        post(event, std::move(from));
        settle();
    }

    /// What the services raised so far, oldest first, once per event. Call `settle` before.
    template <EventStruct E> [[nodiscard]] std::vector<E> events() const {
        std::vector<E> found;
        for (const bus::EventRecord& record : raised_) {
            if (record.type != E::event.type) continue;
            found.push_back(unwrap(schema::read<E>(record.data, schema::Reading::tolerant)));
        }
        return found;
    }

    /// As `events`, with their envelopes, of all types.
    [[nodiscard]] const std::vector<bus::EventRecord>& raised() const { return raised_; }

    /// Runs until the outbox is empty and nothing is ready to run. Breaks an invariant after a virtual hour.
    void settle();

    /// Lets time pass, with all that happens in it.
    void advance(Duration duration);

    /// Resumes the next coroutine that waits to run; false if there is none.
    bool step() { return loop_.step(); }

    /// `kill -9` and a fresh start on the same disk. Requests under way are never answered.
    void restart();

    /// Documents of a collection, such as `inventory.stock`, in the order of their ids.
    template <class T> [[nodiscard]] std::vector<T> documents(const std::string& collection) const {
        std::vector<T> found;
        for (const store::Stored& stored : disk_.all(collection)) {
            found.push_back(unwrap(schema::read<T>(stored.body, schema::Reading::tolerant)));
        }
        return found;
    }

    [[nodiscard]] Instant now() const { return loop_.now().utc; }

    /// Messages that nobody could handle.
    [[nodiscard]] std::vector<store::Parked> parked() const { return disk_.parked(1000); }

    /// What timers threw, as `name: what`.
    [[nodiscard]] const std::vector<std::string>& timer_failures() const { return failures_; }

    [[nodiscard]] memory::MemoryDisk& disk() { return disk_; }

    [[nodiscard]] memory::VirtualLoop& loop() { return loop_; }

private:
    struct Process;

    ServiceBench(
        std::vector<Make> services,
        std::uint64_t seed,
        security::Authenticator* authenticator,
        bool exclusive
    );

    void start();
    void post_record(const EventInfo& info, std::string data, From from);
    void note(const bus::EventRecord& event);

    std::vector<Make> make_;
    security::Authenticator*
        authenticator_; ///< Null: the bench's own, which takes what `as` makes.
    bool exclusive_;
    memory::VirtualLoop loop_;
    memory::MemoryDisk disk_;
    std::vector<bus::EventRecord> raised_;
    std::set<std::string> raised_ids_;
    std::vector<std::string> failures_;
    std::int64_t posted_ = 0;
    std::unique_ptr<Process> process_;
};

} // namespace backline::tests
