// At stake: work that a stop cuts off in its middle, though it had all the time to end; a replica that answers before
// it knows what it was not there to hear, or what another has changed long ago.
// How: a service with work beside its events, on the memory store and virtual time.
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/async/wait.hpp"
#include "platform/service/host.hpp"

#include <gtest/gtest.h>

namespace backline {
namespace {

Task<> note_after(Runtime& runtime, Duration duration, bool& done) {
    co_await sleep_for(runtime, duration);
    done = true;
}

TEST(Host, waits_for_what_a_service_does_beside_its_events_when_it_stops) {
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    memory::MemoryDisk disk;
    memory::MemoryStore store{runtime, disk};
    local_bus::LocalBus bus{runtime, store, {}};
    bool done = false;
    Service service{.name = "mails"};
    service.on_stop = [&] { return note_after(runtime, Duration{3'000}, done); };
    Host host({runtime, store}, bus, {service}, {});
    memory::run(loop, host.start());
    memory::run(loop, host.stop());
    EXPECT_TRUE(done);
}

/// What happens, in its order.
struct Diary {
    std::vector<std::string> lines;

    Task<> note(std::string line) {
        lines.push_back(std::move(line));
        co_return;
    }
};

TEST(Host, lets_a_service_catch_up_before_it_starts_only_if_it_observes) {
    static constexpr EventInfo news{"backline.test.news.v1", EventKind::fact};
    for (const auto kind : {bus::Subscription::Kind::observed, bus::Subscription::Kind::shared}) {
        memory::VirtualLoop loop{1};
        memory::VirtualRuntime runtime{loop};
        memory::MemoryDisk disk;
        memory::MemoryStore store{runtime, disk};
        local_bus::LocalBus bus{runtime, store, {}};
        Diary diary;
        Service service{.name = "search"};
        const auto handle = [&](const bus::EventRecord&) { return diary.note("news"); };
        service.reactions = {{&news, kind, handle}};
        service.resync = [&] { return diary.note("resync"); };
        service.on_start = [&] { return diary.note("start"); };
        Host host({runtime, store}, bus, {service}, {});
        memory::run(loop, host.start());
        memory::run(loop, host.stop());
        std::vector<std::string> expected{"resync", "start"};
        if (kind == bus::Subscription::Kind::shared) expected = {"start"};
        EXPECT_EQ(diary.lines, expected);
    }
}

struct Prices {
    std::uint64_t changes = 0;

    Task<http::PlainText> show(http::Context&) { co_return http::PlainText{"7"}; }
};

TEST(Host, lets_no_kept_answer_grow_old_where_others_write_too) {
    for (const bool exclusive : {true, false}) {
        memory::VirtualLoop loop{1};
        memory::VirtualRuntime runtime{loop};
        memory::MemoryDisk disk;
        memory::MemoryStore store{runtime, disk, exclusive};
        local_bus::LocalBus bus{runtime, store, {}};
        Prices prices;
        Service service{.name = "prices"};
        const auto anyone = security::Access::anyone();
        service.routes.push_back(http::get("/v1/prices", prices, &Prices::show, anyone, "Show them")
                                     .cached(&prices.changes));
        Host host({runtime, store}, bus, {service}, {.kept_answers_for = Duration{1'000}});
        const http::Routes routes = host.take_routes();
        memory::run(loop, host.start());
        const auto fresh = http::Freshness::now(routes.front().generations);
        loop.run_until(loop.now().monotonic + Duration{999});
        EXPECT_TRUE(fresh.holds());
        loop.run_until(loop.now().monotonic + Duration{1});
        EXPECT_EQ(fresh.holds(), exclusive);
        const auto again = http::Freshness::now(routes.front().generations);
        EXPECT_TRUE(again.holds());
        ++prices.changes;
        EXPECT_FALSE(again.holds());
        memory::run(loop, host.stop());
    }
}

} // namespace
} // namespace backline
