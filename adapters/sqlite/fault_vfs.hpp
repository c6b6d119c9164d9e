#pragma once

#include "adapters/sqlite/vfs_shim.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace backline::sqlite {

/// For tests: a file layer with faults, to be named in `Settings::vfs`. Counts fsyncs, fails them or lets them hang,
/// and plays a full disk. Any thread.
class FaultVfs final : public VfsShim {
public:
    FaultVfs() : VfsShim("") {}

    /// Fsyncs of all files that ended well.
    [[nodiscard]] int syncs() const { return syncs_; }

    /// The next fsync fails, once.
    void fail_next_sync() { fail_sync_ = true; }

    /// While set, every write fails as on a full disk.
    void set_full(bool full) { full_ = full; }

    /// While set, fsyncs hang.
    void set_hung(bool hung) {
        const std::scoped_lock lock(mutex_);
        hung_ = hung;
        changed_.notify_all();
    }

    /// Whether an fsync hangs now.
    [[nodiscard]] bool is_hanging() const { return hanging_ > 0; }

protected:
    int write(File& file, const void* bytes, int count, sqlite3_int64 offset) override {
        return full_ ? SQLITE_FULL : VfsShim::write(file, bytes, count, offset);
    }

    int sync(File& file, int flags) override {
        wait_while_hung();
        if (fail_sync_.exchange(false)) return SQLITE_IOERR_FSYNC;
        const int code = VfsShim::sync(file, flags);
        if (code == SQLITE_OK) ++syncs_;
        return code;
    }

private:
    void wait_while_hung() {
        std::unique_lock lock(mutex_);
        ++hanging_;
        changed_.wait(lock, [this] { return !hung_; });
        --hanging_;
    }

    std::atomic<int> syncs_{0};
    std::atomic<int> hanging_{0};
    std::atomic<bool> fail_sync_{false};
    std::atomic<bool> full_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool hung_ = false;
};

} // namespace backline::sqlite
