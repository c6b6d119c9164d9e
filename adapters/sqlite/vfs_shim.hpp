#pragma once

#include <sqlite3.h>

#include <string>

namespace backline::sqlite {

/// SQLite's file layer ("VFS") with something put between SQLite and the files: passes everything on to the layer
/// below, and reads, writes and fsyncs through what a derived class makes of them. Registered under its name while it
/// lives, which is longer than every connection opened through it. Any thread.
class VfsShim {
public:
    /// `below` empty: the platform's own.
    explicit VfsShim(const std::string& below);
    VfsShim(const VfsShim&) = delete;
    VfsShim& operator=(const VfsShim&) = delete;
    virtual ~VfsShim();

    /// Unique in the process.
    [[nodiscard]] const std::string& name() const { return name_; }

protected:
    enum class Kind { database, wal, other };

    /// One open file, in memory of SQLite's.
    struct File {
        sqlite3_file base; ///< First: what SQLite sees.
        VfsShim* shim;
        sqlite3_file* below; ///< In the same allocation, right behind.
        Kind kind;
    };

    // Each answers with a result code of SQLite.
    virtual int read(File& file, void* bytes, int count, sqlite3_int64 offset);
    virtual int write(File& file, const void* bytes, int count, sqlite3_int64 offset);
    virtual int sync(File& file, int flags);

private:
    static int open(
        sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags
    );
    static sqlite3_io_methods methods();
    static File& file_of(sqlite3_file* file);
    template <auto Method, class... Arguments>
    static auto forward(sqlite3_file* file, Arguments... arguments);

    std::string name_;
    sqlite3_vfs* below_;
    sqlite3_vfs vfs_;
};

} // namespace backline::sqlite
