// At stake: a write that was acknowledged and is lost with its primary, or a read of one that will be.
// How: everything that the store does, and what the server's own profiler says was asked of it.
#include "adapters/mongo/server_test.hpp"

#include <set>

namespace backline::mongo {
namespace {

/// What the profiler kept of one command.
struct Seen {
    std::string command;
    std::string reads;  ///< Its read concern.
    std::string writes; ///< Its write concern, as `w` and `j`.
};

class MongoConcerns : public ServerFixture {
protected:
    void SetUp() override {
        ServerFixture::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        Bson profile;
        profile.number("profile", 2);
        ask(profile);
    }

    /// Of the commands of this process's stores. Of an update the profiler keeps the statement and not the concern; it
    /// goes the same way as an insert (`Session::write`).
    std::vector<Seen> seen() {
        Bson filter;
        filter.text("appName", settings().app_name);
        Bson find;
        find.text("find", "system.profile").document("filter", filter).number("batchSize", 5'000);
        std::vector<Seen> all;
        const Bson reply = ask(find);
        View(reply).inside("cursor").inside("firstBatch").each([&](const Element& element) {
            const View command = element.inside().inside("command");
            for (const char* name : {"insert", "find", "aggregate"}) {
                if (command.has(name)) all.push_back(seen_of(name, command));
            }
        });
        return all;
    }

private:
    static Seen seen_of(const char* name, const View& command) {
        const View writes = command.inside("writeConcern");
        const bool journaled = writes.has("j") && writes.find("j")->flag();
        return {
            name,
            std::string(command.inside("readConcern").text("level")),
            std::string(writes.text("w")) + (journaled ? " j" : ""),
        };
    }
};

TEST_F(MongoConcerns, are_those_of_a_majority_on_everything_that_is_asked) {
    put({.id = "a"}, {.events = 2, .entries = 2});
    put({.id = "a"}, {.events = 1});
    store().settle({"contract.things/a/1"});
    process().run(store().page(things(), {.index = contract::by_rank, .equals = {"g"}}));
    process().run(store().scan(things(), "", 10));
    process().run(store().log(things(), "a", 0, 10));
    pending_ids();
    {
        const FailPoint fails(settings(), "update", 3, closed_connection());
        put({.id = "a"}); // In doubt, so the document is asked.
    }
    EXPECT_TRUE(eventually([this] { return store().backlog() == 2; }));
    std::set<std::string> commands;
    for (const Seen& one : seen()) {
        commands.insert(one.command + " " + one.reads + one.writes);
        const bool is_write = one.command == "insert";
        EXPECT_EQ(one.writes, is_write ? "majority j" : "") << one.command;
        const bool is_fence = one.reads == "majority" || one.reads == "linearizable";
        EXPECT_EQ(is_fence, !is_write) << one.command << " " << one.reads;
    }
    const std::set<std::string> expected{
        "aggregate majority", "find linearizable", "find majority", "insert majority j"
    };
    EXPECT_EQ(commands, expected);
}

} // namespace
} // namespace backline::mongo
