#include "adapters/sqlite/vfs_shim.hpp"

#include "platform/base/invariant.hpp"

#include <atomic>
#include <cstddef>
#include <new>

namespace backline::sqlite {

namespace {

std::string next_name() {
    static std::atomic<int> last = 0;
    return "backline-" + std::to_string(++last);
}

sqlite3_vfs* find_vfs(const std::string& name) {
    sqlite3_vfs* vfs = sqlite3_vfs_find(name.empty() ? nullptr : name.c_str());
    INVARIANT(vfs != nullptr, "the file layer below is registered");
    return vfs;
}

} // namespace

VfsShim::VfsShim(const std::string& below)
    : name_(next_name())
    , below_(find_vfs(below))
    , vfs_(*below_) {
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
    vfs_.zName = name_.c_str();
    vfs_.pNext = nullptr;
    vfs_.xOpen = &VfsShim::open;
    // Of the methods that are copied from below only `xOpen` looks at this, and that one is ours.
    vfs_.pAppData = this;
    sqlite3_vfs_register(&vfs_, 0);
}

VfsShim::~VfsShim() {
    sqlite3_vfs_unregister(&vfs_);
}

VfsShim::File& VfsShim::file_of(sqlite3_file* file) {
    return *reinterpret_cast<File*>(file);
}

int VfsShim::open(
    sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags
) {
    static const sqlite3_io_methods ours = methods();
    auto* shim = static_cast<VfsShim*>(vfs->pAppData);
    auto* below =
        reinterpret_cast<sqlite3_file*>(reinterpret_cast<std::byte*>(file) + sizeof(File));
    const bool is_database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const Kind not_database = (flags & SQLITE_OPEN_WAL) != 0 ? Kind::wal : Kind::other;
    const Kind kind = is_database ? Kind::database : not_database;
    auto* opened = new (file) File{{nullptr}, shim, below, kind};
    const int code = shim->below_->xOpen(shim->below_, name, below, flags, out_flags);
    if (below->pMethods != nullptr) opened->base.pMethods = &ours;
    return code;
}

int VfsShim::read(File& file, void* bytes, int count, sqlite3_int64 offset) {
    return file.below->pMethods->xRead(file.below, bytes, count, offset);
}

int VfsShim::write(File& file, const void* bytes, int count, sqlite3_int64 offset) {
    return file.below->pMethods->xWrite(file.below, bytes, count, offset);
}

int VfsShim::sync(File& file, int flags) {
    return file.below->pMethods->xSync(file.below, flags);
}

/// Passes one method on to the file below.
template <auto Method, class... Arguments>
auto VfsShim::forward(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* below = file_of(file).below;
    return (below->pMethods->*Method)(below, arguments...);
}

/// Version 2 has no `xFetch`: files are not mapped, so that a bad read is an error and not a signal.
sqlite3_io_methods VfsShim::methods() {
    using Methods = sqlite3_io_methods;
    return {
        .iVersion = 2,
        .xClose = &forward<&Methods::xClose>,
        .xRead =
            [](sqlite3_file* file, void* bytes, int count, sqlite3_int64 offset) {
                File& ours = file_of(file);
                return ours.shim->read(ours, bytes, count, offset);
            },
        .xWrite =
            [](sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
                File& ours = file_of(file);
                return ours.shim->write(ours, bytes, count, offset);
            },
        .xTruncate = &forward<&Methods::xTruncate>,
        .xSync =
            [](sqlite3_file* file, int flags) {
                File& ours = file_of(file);
                return ours.shim->sync(ours, flags);
            },
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

} // namespace backline::sqlite
