// At stake: the fault tests below believe that the faults they ask for happen, and nothing else.
// How: SQLite alone on the faulty file layer.
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/fault_vfs.hpp"
#include "adapters/sqlite/test_loop.hpp"

#include <gtest/gtest.h>

#include <new>

namespace backline::sqlite {

struct FaultVfs::File {
    sqlite3_file base;
    FaultVfs* vfs;
    sqlite3_file* real; ///< In the same allocation, right behind.
};

namespace {

std::string next_name() {
    static std::atomic<int> last = 0;
    return "faults-" + std::to_string(++last);
}

} // namespace

FaultVfs::FaultVfs() : name_(next_name()), real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
    vfs_.zName = name_.c_str();
    vfs_.pAppData = this;
    vfs_.pNext = nullptr;
    vfs_.xOpen = &FaultVfs::open;
    sqlite3_vfs_register(&vfs_, 0);
}

FaultVfs::~FaultVfs() {
    sqlite3_vfs_unregister(&vfs_);
}

FaultVfs::File& FaultVfs::file_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

void FaultVfs::set_hung(bool hung) {
    const std::scoped_lock lock(mutex_);
    hung_ = hung;
    changed_.notify_all();
}

int FaultVfs::open(
    sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags
) {
    auto* self = static_cast<FaultVfs*>(vfs->pAppData);
    static const sqlite3_io_methods faulty = methods();
    auto* real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(File));
    auto* opened = new (file) File{{nullptr}, self, real};
    const int code = self->real_->xOpen(self->real_, name, real, flags, out_flags);
    if (real->pMethods != nullptr) opened->base.pMethods = &faulty;
    return code;
}

/// Passes one method on to the real file.
template <auto Method, class... Arguments>
auto FaultVfs::forward(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* real = file_of(file).real;
    return (real->pMethods->*Method)(real, arguments...);
}

sqlite3_io_methods FaultVfs::methods() {
    using Methods = sqlite3_io_methods;
    return {
        .iVersion = 2,
        .xClose = &forward<&Methods::xClose>,
        .xRead = &forward<&Methods::xRead>,
        .xWrite = &FaultVfs::write,
        .xTruncate = &forward<&Methods::xTruncate>,
        .xSync = &FaultVfs::sync,
        .xFileSize = &forward<&Methods::xFileSize>,
        .xLock = &forward<&Methods::xLock>,
        .xUnlock = &forward<&Methods::xUnlock>,
        .xCheckReservedLock = &forward<&Methods::xCheckReservedLock>,
        .xFileControl = &forward<&Methods::xFileControl>,
        .xSectorSize = &forward<&Methods::xSectorSize>,
        .xDeviceCharacteristics = &forward<&Methods::xDeviceCharacteristics>,
        .xShmMap = &forward<&Methods::xShmMap>,
        .xShmLock = &forward<&Methods::xShmLock>,
        .xShmBarrier = &forward<&Methods::xShmBarrier>,
        .xShmUnmap = &forward<&Methods::xShmUnmap>,
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
}

int FaultVfs::write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
    File& self = file_of(file);
    if (self.vfs->full_) return SQLITE_FULL;
    return self.real->pMethods->xWrite(self.real, bytes, count, offset);
}

int FaultVfs::sync(sqlite3_file* file, int flags) {
    File& self = file_of(file);
    return self.vfs->sync_real(self.real, flags);
}

int FaultVfs::sync_real(sqlite3_file* real, int flags) {
    std::unique_lock lock(mutex_);
    ++hanging_;
    changed_.wait(lock, [this] { return !hung_; });
    --hanging_;
    lock.unlock();
    if (fail_sync_.exchange(false)) return SQLITE_IOERR_FSYNC;
    const int code = real->pMethods->xSync(real, flags);
    if (code == SQLITE_OK) ++syncs_;
    return code;
}

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
    Connection connection_{directory_.database().string(), Connection::Mode::write, faults_.name()};
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
