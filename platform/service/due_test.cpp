// At stake: deadlines of orders, holds and payments; one that cannot be kept must not keep the others from theirs.
// How: rounds over documents on the memory store, with pieces that fail, wait and are stopped.
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "platform/service/due.hpp"

#include <gtest/gtest.h>

#include <set>

namespace backline {
namespace {

struct Deed {
    std::string name;
    Instant due_at{};
};
BOOST_DESCRIBE_STRUCT(Deed, (), (name, due_at))

const store::CollectionSpec deeds_spec{
    .service = "due", .name = "deeds", .indexes = {{.name = "by_due_at", .fields = {"due_at"}}}
};

/// Does what is due, and notes who came and how many came at once.
struct Doer {
    Runtime& runtime;
    std::multiset<std::string> came{};
    std::set<std::string> broken{};
    int at_once = 0;
    int at_once_max = 0;
    bool stopping = false;
    std::size_t stop_after = 1'000'000;

    Task<> deed_due(store::Versioned<Deed> deed) {
        came.insert(deed->name);
        if (came.size() == stop_after) stopping = true;
        at_once_max = std::max(at_once_max, ++at_once);
        co_await sleep_for(runtime, Duration{3'000});
        --at_once;
        if (broken.contains(deed->name)) throw std::runtime_error(deed->name + " is broken");
    }
};

class DueTest : public testing::Test {
protected:
    DueTest() {
        memory::run(loop, store.open(deeds_spec));
        for (int i = 0; i < 250; ++i) {
            const Deed deed{std::to_string(i), loop.now().utc + std::chrono::milliseconds(i - 500)};
            const auto add = [&](const Deed*) -> Result<Change<Deed>> {
                return Change<Deed>::to(deed);
            };
            EXPECT_TRUE(memory::run(loop, deeds.update(deed.name, add)).has_value());
        }
    }

    std::string round() {
        try {
            memory::run(loop, timer.fire(doer.stopping));
        } catch (const std::exception& failure) {
            return failure.what();
        }
        return "done";
    }

    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    memory::MemoryDisk disk;
    memory::MemoryStore store{runtime, disk};
    store::Collection<Deed> deeds{store, runtime, deeds_spec};
    Doer doer{runtime};
    Timer timer = when_due("deeds", deeds, 0, doer, &Doer::deed_due);
};

TEST_F(DueTest, fires_for_everyone_who_is_due_several_at_a_time) {
    const Monotonic began = loop.now().monotonic;
    EXPECT_EQ(round(), "done");
    EXPECT_EQ(std::set(doer.came.begin(), doer.came.end()).size(), 250U);
    EXPECT_EQ(doer.came.size(), 250U);
    EXPECT_EQ(doer.at_once_max, 16);
    EXPECT_LT(loop.now().monotonic, began + Duration{60'000});
}

TEST_F(DueTest, lets_the_first_that_always_fails_keep_nobody_from_his_turn) {
    doer.broken = {"0", "7"};
    EXPECT_EQ(round(), "0 is broken");
    EXPECT_EQ(doer.came.size(), 250U);
}

TEST_F(DueTest, leaves_alone_what_is_not_due_yet) {
    const Deed later{"later", loop.now().utc + std::chrono::hours(1)};
    const auto add = [&](const Deed*) -> Result<Change<Deed>> { return Change<Deed>::to(later); };
    EXPECT_TRUE(memory::run(loop, deeds.update(later.name, add)).has_value());
    EXPECT_EQ(round(), "done");
    EXPECT_FALSE(doer.came.contains("later"));
}

TEST_F(DueTest, begins_nothing_new_once_the_service_stops) {
    doer.stop_after = 3;
    EXPECT_EQ(round(), "done");
    EXPECT_EQ(doer.came.size(), 3U);
    EXPECT_EQ(doer.at_once, 0);
}

} // namespace
} // namespace backline
