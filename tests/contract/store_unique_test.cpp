// At stake: two accounts with one e-mail address, two orders with one number: nothing above the store can undo that.
// How: takers of one key, one after the other and twenty at once, on simple and compound unique indexes.
#include "tests/contract/store_contract.hpp"

namespace backline::contract {
namespace {

using store::Commit;
using store::CommitResult;
using store::Value;
using Kind = CommitResult::Kind;

Commit insert(const Thing& thing) {
    return commit_of(things(), thing, {});
}

TEST_P(StoreContract, refuses_a_key_that_another_document_has_and_says_which_index) {
    put({.id = "a", .email = "a@example.com"});
    const CommitResult refused = commit(insert({.id = "b", .email = "a@example.com"}));
    EXPECT_EQ(refused.kind, Kind::duplicate);
    EXPECT_EQ(refused.index, "by_email");
    EXPECT_FALSE(find("b").has_value());
}

TEST_P(StoreContract, writes_nothing_at_all_when_a_key_is_taken) {
    put({.id = "a", .email = "a@example.com"});
    const Thing loser{.id = "b", .email = "a@example.com", .group = "g"};
    EXPECT_EQ(
        commit(commit_of(things(), loser, {}, {.events = 2, .entries = 2})).kind, Kind::duplicate
    );
    EXPECT_TRUE(pending().empty());
    EXPECT_TRUE(log("b", 0, 10).empty());
    EXPECT_TRUE(ids_of_page({.index = by_rank, .equals = {"g"}}).empty());
    put({.id = "b", .email = "b@example.com", .group = "g"}); // On the same base version.
    EXPECT_EQ(find("b")->version, 1);
}

TEST_P(StoreContract, lets_a_document_keep_its_own_key) {
    put({.id = "a", .email = "a@example.com", .note = "one"});
    put({.id = "a", .email = "a@example.com", .note = "two"});
    EXPECT_EQ(find("a")->version, 2);
}

TEST_P(StoreContract, frees_a_key_with_the_commit_that_changes_it) {
    put({.id = "a", .email = "old@example.com"});
    put({.id = "a", .email = "new@example.com"});
    put({.id = "b", .email = "old@example.com"});
    const CommitResult refused = commit(insert({.id = "c", .email = "new@example.com"}));
    EXPECT_EQ(refused.kind, Kind::duplicate);
    put({.id = "a"});
    put({.id = "c", .email = "new@example.com"});
}

TEST_P(StoreContract, refuses_an_update_that_takes_anothers_key) {
    put({.id = "a", .email = "a@example.com"});
    put({.id = "b", .email = "b@example.com"});
    const Commit theft = commit_of(things(), {.id = "b", .email = "a@example.com"}, find("b"));
    EXPECT_EQ(commit(theft).kind, Kind::duplicate);
    EXPECT_EQ(find("b")->version, 1);
    EXPECT_EQ(
        ids_of_page({.index = by_email, .equals = {"b@example.com"}}), std::vector<std::string>{"b"}
    );
}

TEST_P(StoreContract, does_not_hold_absent_fields_for_equal) {
    put({.id = "a"});
    put({.id = "b"});
    put({.id = "c", .group = "g"});
    put({.id = "d", .group = "g"});
    put({.id = "e", .group = "g", .rank = 1});
    put({.id = "f", .group = "g", .rank = 1}); // The e-mail address is absent in the compound key.
    EXPECT_EQ(ids_of_page({.index = by_email}).size(), 6U);
}

TEST_P(StoreContract, does_not_hold_a_number_for_its_text) {
    put({.id = "a", .email = 1});
    put({.id = "b", .email = "1"});
    EXPECT_EQ(commit(insert({.id = "c", .email = 1})).kind, Kind::duplicate);
    EXPECT_EQ(commit(insert({.id = "c", .email = "1"})).kind, Kind::duplicate);
}

TEST_P(StoreContract, compares_keys_by_their_bytes) {
    put({.id = "a", .email = "a@example.com"});
    put({.id = "b", .email = "A@example.com"});
    put({.id = "c", .email = "a@example.com "});
    put({.id = "d", .email = ""});
    EXPECT_EQ(commit(insert({.id = "e", .email = ""})).kind, Kind::duplicate);
}

TEST_P(StoreContract, takes_a_stale_commit_for_a_conflict_even_if_its_key_is_taken) {
    put({.id = "a", .email = "a@example.com"});
    // One who creates the same document again must learn that it is there, not that its own key is taken.
    EXPECT_EQ(commit(insert({.id = "a", .email = "a@example.com"})).kind, Kind::conflict);
    put({.id = "b", .email = "b@example.com"});
    const Commit stale = insert({.id = "b", .email = "a@example.com"});
    EXPECT_EQ(commit(stale).kind, Kind::conflict);
}

TEST_P(StoreContract, keeps_keys_of_two_collections_apart) {
    put({.id = "a", .email = "a@example.com"});
    const Commit there = commit_of(other_things(), {.id = "b", .email = "a@example.com"}, {});
    EXPECT_EQ(commit(there).kind, Kind::committed);
}

Task<> take(store::Store& store, Commit commit, int& winners, std::vector<std::string>& told) {
    const CommitResult done = co_await store.commit(std::move(commit));
    if (done.kind == Kind::committed) ++winners;
    if (done.kind == Kind::duplicate) told.push_back(done.index);
}

Task<> take_all(
    store::Store& store, std::vector<Commit> commits, int& winners, std::vector<std::string>& told
) {
    TaskGroup group = strict_group();
    for (Commit& commit : commits) group.spawn(take(store, std::move(commit), winners, told));
    co_await group.join();
}

TEST_P(StoreContract, lets_one_of_twenty_takers_win_and_tells_the_others_why) {
    std::vector<Commit> commits;
    for (int i = 0; i < 20; ++i) {
        const Thing taker{.id = "taker " + std::to_string(i), .email = "wanted@example.com"};
        commits.push_back(commit_of(things(), taker, {}, {.events = 1}));
    }
    int winners = 0;
    std::vector<std::string> told;
    run(take_all(store(), std::move(commits), winners, told));
    EXPECT_EQ(winners, 1);
    EXPECT_EQ(told, std::vector<std::string>(19, "by_email"));
    EXPECT_EQ(pending().size(), 1U);
    EXPECT_EQ(ids_of_page({.index = by_email, .equals = {"wanted@example.com"}}).size(), 1U);
}

TEST_P(StoreContract, hands_a_freed_key_to_one_of_twenty) {
    put({.id = "owner", .email = "wanted@example.com"});
    std::vector<Commit> commits;
    commits.push_back(
        commit_of(things(), {.id = "owner", .email = "other@example.com"}, find("owner"))
    );
    for (int i = 0; i < 20; ++i) {
        commits.push_back(insert({.id = std::to_string(i), .email = "wanted@example.com"}));
    }
    int winners = 0;
    std::vector<std::string> told;
    run(take_all(store(), std::move(commits), winners, told));
    EXPECT_LE(winners, 2); // The owner, and at most one who came after it.
    EXPECT_LE(ids_of_page({.index = by_email, .equals = {"wanted@example.com"}}).size(), 1U);
    EXPECT_EQ(find("owner")->version, 2);
}

} // namespace
} // namespace backline::contract
