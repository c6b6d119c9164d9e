// At stake: an index that is missing, stale or built on half the documents answers wrongly without a word.
// How: collections opened again with other specs over the documents that an earlier spec left.
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/store_fixture.hpp"
#include "adapters/sqlite/unusable.hpp"

#include <gmock/gmock.h>

namespace backline::sqlite {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class SchemaTest : public testing::Test, protected StoreFixture {
protected:
    SchemaTest() { start(); }

    std::string refusal_of(const store::CollectionSpec& spec) {
        try {
            loop_.run(store_->open(spec));
        } catch (const Unusable& refusal) {
            return refusal.what();
        }
        return {};
    }

    std::size_t page_size(const store::CollectionSpec& spec, std::size_t index) {
        return loop_.run(store_->page(spec, {.index = index, .limit = 1000})).size();
    }

    store::CollectionSpec changed_ = things;
};

TEST_F(SchemaTest, opens_again_without_writing) {
    const std::int64_t transactions = store_->counters().transactions;
    loop_.run(store_->open(things));
    EXPECT_EQ(store_->counters().transactions, transactions);
}

TEST_F(SchemaTest, adds_an_index_over_fields_that_are_kept_already) {
    commit(commit_of("a", 1));
    restart();
    changed_.indexes.push_back({.name = "both", .fields = {"group", "name"}});
    loop_.run(store_->open(changed_));
    EXPECT_EQ(page_size(changed_, 2), 1);
}

TEST_F(SchemaTest, makes_a_changed_index_again) {
    commit(commit_of("a", 1));
    commit(commit_of("b", 1));
    restart();
    changed_.indexes[1].fields = {"group", "name"};
    loop_.run(store_->open(changed_));
    EXPECT_EQ(page_size(changed_, 1), 2);
}

TEST_F(SchemaTest, adds_a_field_while_there_is_no_document) {
    changed_.indexes.push_back({.name = "due", .fields = {"due_at"}});
    EXPECT_EQ(refusal_of(changed_), "");
    EXPECT_EQ(page_size(changed_, 2), 0);
}

TEST_F(SchemaTest, refuses_a_new_field_when_documents_lack_it_and_stays_as_it_was) {
    commit(commit_of("a", 1));
    restart();
    changed_.indexes[1].fields = {"group", "due_at"};
    EXPECT_THAT(refusal_of(changed_), AllOf(HasSubstr("shop.things"), HasSubstr("due_at")));
    loop_.run(store_->open(things));
    EXPECT_EQ(page_size(things, 1), 1);
}

TEST_F(SchemaTest, refuses_a_new_unique_index_when_documents_share_a_key) {
    commit(commit_of("a", 1));
    commit(commit_of("b", 1));
    restart();
    changed_.indexes[1].unique = true;
    EXPECT_THAT(refusal_of(changed_), AllOf(HasSubstr("group"), HasSubstr("share a key")));
}

TEST_F(SchemaTest, forgets_a_field_that_is_not_indexed_any_more) {
    commit(commit_of("a", 1));
    restart();
    changed_.indexes.pop_back();
    loop_.run(store_->open(changed_));
    EXPECT_THAT(refusal_of(things), HasSubstr("group")) << "it would be stale";
}

TEST_F(SchemaTest, refuses_names_that_could_be_taken_for_others) {
    EXPECT_THROW(loop_.run(store_->open({.service = "a__b", .name = "c"})), InvariantBroken);
    EXPECT_THROW(loop_.run(store_->open({.service = "a", .name = "c; DROP"})), InvariantBroken);
}

} // namespace
} // namespace backline::sqlite
