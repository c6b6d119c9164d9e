// At stake: the fault tests below believe that the faults they ask for happen, and nothing else.
// How: SQLite alone on the faulty file layer.
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/fault_vfs.hpp"
#include "adapters/sqlite/test_loop.hpp"

#include <gtest/gtest.h>

namespace backline::sqlite {
namespace {

class FaultVfsTest : public testing::Test {
protected:
    int write_row() {
        return sqlite3_exec(
            connection_.raw(), "INSERT INTO t VALUES (1)", nullptr, nullptr, nullptr
        );
    }

    void SetUp() override {
        connection_.run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (x)");
    }

    TestDirectory directory_;
    FaultVfs faults_;
    Connection connection_{directory_.database().string(), Connection::Mode::write, faults_};
};

TEST_F(FaultVfsTest, changes_nothing_when_asked_for_nothing) {
    EXPECT_EQ(write_row(), SQLITE_OK);
    EXPECT_EQ(connection_.number("SELECT COUNT(*) FROM t"), 1);
}

TEST_F(FaultVfsTest, counts_one_fsync_per_transaction) {
    const int before = faults_.syncs();
    EXPECT_EQ(write_row(), SQLITE_OK);
    EXPECT_EQ(faults_.syncs(), before + 1);
}

TEST_F(FaultVfsTest, fails_one_fsync) {
    faults_.fail_next_sync();
    EXPECT_EQ(write_row(), SQLITE_IOERR_FSYNC);
    EXPECT_EQ(write_row(), SQLITE_OK);
}

TEST_F(FaultVfsTest, refuses_writes_while_full) {
    faults_.set_full(true);
    EXPECT_EQ(write_row(), SQLITE_FULL);
    faults_.set_full(false);
    EXPECT_EQ(write_row(), SQLITE_OK);
}

} // namespace
} // namespace backline::sqlite
