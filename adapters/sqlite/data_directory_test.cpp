// At stake: two processes on one file destroy it; a directory that cannot be used must be told in one sentence.
// How: stores on directories that are locked, read-only, foreign, damaged, or of another version.
#include "adapters/sqlite/data_directory.hpp"
#include "adapters/sqlite/store_fixture.hpp"
#include "adapters/sqlite/unusable.hpp"

#include <gmock/gmock.h>
#include <sys/fsuid.h>
#include <unistd.h>

#include <fstream>

namespace backline::sqlite {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

class DataDirectoryTest : public testing::Test, protected StoreFixture {
protected:
    std::string refusal() {
        try {
            start();
        } catch (const Unusable& refusal) {
            return refusal.what();
        }
        return {};
    }
};

/// Takes the superuser's rights over files from this thread, since they hide what a permission forbids.
class PlainUser final {
public:
    PlainUser() : before_(setfsuid(nobody)) {}

    PlainUser(const PlainUser&) = delete;
    PlainUser& operator=(const PlainUser&) = delete;

    ~PlainUser() { setfsuid(static_cast<uid_t>(before_)); }

private:
    static constexpr uid_t nobody = 65534;
    int before_;
};

TEST_F(DataDirectoryTest, is_made_with_everything_above_it) {
    settings_.directory = directory_.path() / "a" / "b";
    EXPECT_EQ(refusal(), "");
    EXPECT_TRUE(std::filesystem::exists(directory_.path() / "a" / "b" / "backline.db"));
}

TEST_F(DataDirectoryTest, belongs_to_one_store_at_a_time) {
    start();
    const std::unique_ptr<SqliteStore> first = std::move(store_);
    EXPECT_THAT(
        refusal(), AllOf(HasSubstr("in use by another"), HasSubstr(std::to_string(getpid())))
    );
}

TEST_F(DataDirectoryTest, is_free_again_when_the_store_has_gone) {
    start();
    restart();
    EXPECT_EQ(commit(commit_of("a", 1)).kind, store::CommitResult::Kind::committed);
}

TEST_F(DataDirectoryTest, may_not_be_a_file) {
    settings_.directory = directory_.path() / "file";
    std::ofstream(settings_.directory) << "x";
    EXPECT_THAT(refusal(), HasSubstr("cannot be made a data directory"));
}

TEST_F(DataDirectoryTest, must_be_writable) {
    chmod(directory_.path().c_str(), 0555);
    const PlainUser plain;
    EXPECT_THAT(refusal(), MatchesRegex(".* cannot be written: Permission denied\\."));
}

TEST_F(DataDirectoryTest, must_hold_a_database_that_can_be_written) {
    start();
    stop();
    chmod(directory_.path().c_str(), 0777);
    chmod((directory_.path() / "backline.lock").c_str(), 0666);
    chmod(directory_.database().c_str(), 0444);
    const PlainUser plain;
    EXPECT_THAT(refusal(), HasSubstr("cannot be opened for writing: Permission denied"));
}

TEST_F(DataDirectoryTest, must_not_hold_something_else_under_that_name) {
    std::filesystem::create_directory(directory_.database());
    EXPECT_THAT(refusal(), HasSubstr("cannot be opened for writing: Is a directory"));
}

TEST_F(DataDirectoryTest, must_not_hold_a_file_that_is_no_database) {
    std::ofstream(directory_.database()) << std::string(10'000, 'x');
    EXPECT_THAT(refusal(), HasSubstr("is not a database of Backline"));
}

TEST_F(DataDirectoryTest, must_not_hold_a_database_of_another_program) {
    run_in_file("CREATE TABLE theirs (x)");
    EXPECT_THAT(refusal(), HasSubstr("is not a database of Backline"));
}

TEST_F(DataDirectoryTest, must_not_come_from_another_version) {
    start();
    stop();
    run_in_file("PRAGMA user_version = 99");
    EXPECT_THAT(refusal(), HasSubstr("has schema 99, written by a newer version"));
    run_in_file("PRAGMA user_version = 0");
    EXPECT_THAT(refusal(), HasSubstr("written by an older version"));
}

TEST_F(DataDirectoryTest, must_not_be_damaged) {
    start();
    const std::string body(500, 'x');
    for (int i = 0; i < 200; ++i) commit(commit_of("doc" + std::to_string(i), 1, body));
    stop();
    std::fstream file(directory_.database(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(std::streamoff{20} * 4096);
    file << std::string(4096, '\x55');
    file.close();
    EXPECT_THAT(refusal(), HasSubstr("is damaged"));
}

TEST_F(DataDirectoryTest, a_torn_wal_costs_nothing_that_was_answered) {
    start();
    commit(commit_of("a", 1));
    const TestDirectory copy;
    for (const char* name : {"backline.db", "backline.db-wal"}) {
        std::filesystem::copy(directory_.path() / name, copy.path() / name);
    }
    std::ofstream(copy.path() / "backline.db-wal", std::ios::app | std::ios::binary)
        << std::string(2000, '\x01');
    stop();
    settings_.directory = copy.path();
    start();
    EXPECT_TRUE(find("a"));
}

} // namespace
} // namespace backline::sqlite
