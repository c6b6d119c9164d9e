#pragma once

#include <sqlite3.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>

namespace backline::sqlite {

/// For tests: SQLite's own file layer with faults. Counts fsyncs, fails them or lets them hang, and plays a full disk.
/// Lives longer than every connection opened through it. Any thread.
class FaultVfs final {
public:
    FaultVfs();
    FaultVfs(const FaultVfs&) = delete;
    FaultVfs& operator=(const FaultVfs&) = delete;
    ~FaultVfs();

    /// For `Settings::vfs`.
    [[nodiscard]] const std::string& name() const { return name_; }

    /// Fsyncs of all files that ended well.
    [[nodiscard]] int syncs() const { return syncs_; }

    /// The next fsync fails, once.
    void fail_next_sync() { fail_sync_ = true; }

    /// While set, every write fails as on a full disk.
    void set_full(bool full) { full_ = full; }

    /// While set, fsyncs hang.
    void set_hung(bool hung);

    /// Whether an fsync hangs now.
    [[nodiscard]] bool is_hanging() const { return hanging_ > 0; }

private:
    struct File;

    static File& file_of(sqlite3_file* file);
    template <auto Method, class... Arguments>
    static auto forward(sqlite3_file* file, Arguments... arguments);
    static sqlite3_io_methods methods();
    static int open(
        sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags
    );
    static int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset);
    static int sync(sqlite3_file* file, int flags);

    int sync_real(sqlite3_file* real, int flags);

    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
    std::atomic<int> syncs_{0};
    std::atomic<int> hanging_{0};
    std::atomic<bool> fail_sync_{false};
    std::atomic<bool> full_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool hung_ = false;
};

} // namespace backline::sqlite
