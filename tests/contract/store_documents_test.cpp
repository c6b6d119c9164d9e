// At stake: everything that the shop knows lies in these documents, and only the version keeps two writers apart.
// How: one call after the other against each store, and twenty committers at once.
#include "platform/async/wait.hpp"
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

using store::Commit;
using store::CommitResult;
using store::Stored;
using Kind = CommitResult::Kind;

TEST_P(StoreContract, finds_nothing_where_nothing_was_written) {
    EXPECT_FALSE(find("nobody").has_value());
}

TEST_P(StoreContract, finds_a_document_as_it_was_written) {
    const Commit made =
        commit_of(things(), {.id = "a", .note = "first"}, {}, {.events = 2, .entries = 3});
    EXPECT_EQ(commit(made).kind, Kind::committed);
    const std::optional<Stored> found = find("a");
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->id, "a");
    EXPECT_EQ(found->version, 1);
    EXPECT_EQ(found->events, 2);
    EXPECT_EQ(found->entries, 3);
    EXPECT_EQ(found->schema, things().schema);
    EXPECT_EQ(found->body, made.document.body);
}

std::vector<std::string> ids_of(const std::vector<Stored>& documents) {
    std::vector<std::string> ids;
    for (const Stored& document : documents) ids.push_back(document.id);
    return ids;
}

TEST_P(StoreContract, scans_a_collection_by_id) {
    for (const char* id : {"b", "d", "a", "c"}) put({.id = id, .note = "mine"});
    const auto scan = [this](std::string after, std::size_t limit) {
        return run(store().scan(things(), std::move(after), limit));
    };
    EXPECT_EQ(ids_of(scan("", 3)), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(ids_of(scan("c", 3)), (std::vector<std::string>{"d"}));
    EXPECT_TRUE(scan("d", 3).empty());
    const Stored first = scan("", 1).at(0);
    EXPECT_EQ(first.body, find("a")->body);
    EXPECT_EQ(first.version, 1);
    EXPECT_TRUE(run(store().scan(other_things(), "", 3)).empty());
}

TEST_P(StoreContract, counts_versions_from_one_without_gaps) {
    for (int i = 0; i < 5; ++i) put({.id = "a", .note = std::to_string(i)});
    EXPECT_EQ(find("a")->version, 5);
}

TEST_P(StoreContract, inserts_only_where_nothing_is) {
    put({.id = "a", .note = "mine"});
    EXPECT_EQ(commit(commit_of(things(), {.id = "a", .note = "yours"}, {})).kind, Kind::conflict);
    EXPECT_NE(find("a")->body.find("mine"), std::string::npos);
}

TEST_P(StoreContract, refuses_a_commit_on_a_version_that_is_over) {
    put({.id = "a", .note = "one"});
    const std::optional<Stored> old = find("a");
    put({.id = "a", .note = "two"});
    EXPECT_EQ(commit(commit_of(things(), {.id = "a", .note = "late"}, old)).kind, Kind::conflict);
    EXPECT_NE(find("a")->body.find("two"), std::string::npos);
}

TEST_P(StoreContract, refuses_a_commit_on_a_version_that_never_was) {
    Stored future{.id = "a", .version = 7, .body = ""};
    EXPECT_EQ(commit(commit_of(things(), {.id = "a"}, future)).kind, Kind::conflict);
    put({.id = "a"});
    EXPECT_EQ(commit(commit_of(things(), {.id = "a"}, future)).kind, Kind::conflict);
    EXPECT_EQ(find("a")->version, 1);
}

TEST_P(StoreContract, writes_nothing_at_all_in_a_conflict) {
    put({.id = "a", .group = "old"});
    const Thing late{.id = "a", .email = "late@example.com", .group = "new"};
    const Commit refused = commit_of(things(), late, {}, {.events = 1, .entries = 1});
    EXPECT_EQ(commit(refused).kind, Kind::conflict);
    EXPECT_TRUE(pending().empty());
    EXPECT_TRUE(log("a", 0, 10).empty());
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"new"}}).empty());
    put({.id = "b", .email = "late@example.com"});
}

TEST_P(StoreContract, keeps_collections_apart) {
    put({.id = "a", .email = "a@example.com", .note = "here"});
    EXPECT_FALSE(run(store().find(other_things(), "a")).has_value());
    const Thing there{.id = "a", .email = "a@example.com", .note = "there"};
    EXPECT_EQ(commit(commit_of(other_things(), there, {})).kind, Kind::committed);
    EXPECT_NE(find("a")->body.find("here"), std::string::npos);
    EXPECT_EQ(ids_of_page({.index = by_email}), std::vector<std::string>{"a"});
}

TEST_P(StoreContract, keeps_documents_across_a_restart) {
    put({.id = "a", .email = "a@example.com", .group = "g", .rank = 1, .note = "kept"},
        {.events = 1});
    put({.id = "a", .email = "a@example.com", .group = "g", .rank = 2, .note = "kept"},
        {.events = 1});
    restart();
    EXPECT_EQ(find("a")->version, 2);
    EXPECT_EQ(find("a")->events, 2);
    EXPECT_EQ(ids_of_page({.index = by_rank, .equals = {"g", 2}}), std::vector<std::string>{"a"});
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"g", 1}}).empty());
    const Commit thief = commit_of(things(), {.id = "b", .email = "a@example.com"}, {});
    EXPECT_EQ(commit(thief).kind, Kind::duplicate);
}

std::vector<std::string> odd_ids() {
    return {
        "A",
        "a",
        "\xC3\xA9",
        "e\xCC\x81", // Composed and decomposed: two ids.
        " ",
        "a ",
        "a/b",
        "a.b",
        "$set",
        "'; DROP TABLE things; --",
        "\"quoted\"",
        "%",
        "_",
        "\xF0\x9F\x8E\xB8 guitar",
        "line\nbreak",
        std::string(1'000, 'x'),
        std::string(999, 'x') + "y",
    };
}

TEST_P(StoreContract, tells_any_two_ids_apart_however_odd_they_are) {
    for (const std::string& id : odd_ids()) {
        put({.id = id, .note = id}, {.events = 1, .entries = 1});
    }
    for (const std::string& id : odd_ids()) {
        const std::optional<Stored> found = find(id);
        ASSERT_TRUE(found.has_value()) << id;
        EXPECT_EQ(found->id, id);
        EXPECT_EQ(found->version, 1) << id;
        EXPECT_EQ(log(id, 0, 10).size(), 1U) << id;
    }
    EXPECT_EQ(pending().size(), odd_ids().size());
}

TEST_P(StoreContract, keeps_a_big_document_to_the_last_byte) {
    std::string note;
    while (note.size() < 1'000'000) note += "0123456789 \xE2\x82\xAC \\ \" ";
    const Commit made = commit_of(things(), {.id = "big", .note = note}, {});
    EXPECT_EQ(commit(made).kind, Kind::committed);
    restart();
    EXPECT_EQ(find("big")->body, made.document.body);
}

Task<> try_commit(store::Store& store, Commit commit, std::map<Kind, int>& ends) {
    const CommitResult done = co_await store.commit(std::move(commit));
    ++ends[done.kind];
}

Task<> race(store::Store& store, std::vector<Commit> commits, std::map<Kind, int>& ends) {
    TaskGroup group = strict_group();
    for (Commit& commit : commits) group.spawn(try_commit(store, std::move(commit), ends));
    co_await group.join();
}

TEST_P(StoreContract, lets_one_of_twenty_insert) {
    std::vector<Commit> commits;
    for (int i = 0; i < 20; ++i) {
        commits.push_back(
            commit_of(things(), {.id = "a", .note = std::to_string(i)}, {}, {.events = 1})
        );
    }
    std::map<Kind, int> ends;
    run(race(store(), std::move(commits), ends));
    EXPECT_EQ(ends, (std::map<Kind, int>{{Kind::committed, 1}, {Kind::conflict, 19}}));
    EXPECT_EQ(pending().size(), 1U);
}

TEST_P(StoreContract, lets_one_of_twenty_replace_a_version) {
    put({.id = "a"});
    std::vector<Commit> commits;
    for (int i = 0; i < 20; ++i) {
        commits.push_back(
            commit_of(things(), {.id = "a", .note = std::to_string(i)}, find("a"), {.entries = 1})
        );
    }
    std::map<Kind, int> ends;
    run(race(store(), std::move(commits), ends));
    EXPECT_EQ(ends, (std::map<Kind, int>{{Kind::committed, 1}, {Kind::conflict, 19}}));
    EXPECT_EQ(find("a")->version, 2);
    EXPECT_TRUE(eventually([this] { return log("a", 0, 10).size() == 1; }));
}

TEST_P(StoreContract, commits_twenty_different_documents_at_once) {
    std::vector<Commit> commits;
    for (int i = 0; i < 20; ++i) {
        commits.push_back(commit_of(things(), {.id = std::to_string(i)}, {}, {.events = 1}));
    }
    std::map<Kind, int> ends;
    run(race(store(), std::move(commits), ends));
    EXPECT_EQ(ends[Kind::committed], 20);
    restart();
    EXPECT_EQ(pending().size(), 20U);
}

} // namespace
} // namespace backline::contract
