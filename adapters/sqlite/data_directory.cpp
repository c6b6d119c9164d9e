#include "adapters/sqlite/data_directory.hpp"

#include "adapters/sqlite/unusable.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace backline::sqlite {

namespace {

std::string error_text() {
    return std::generic_category().message(errno);
}

[[noreturn]] void refuse(
    const std::filesystem::path& path, const std::string& what, const std::string& why
) {
    throw Unusable(fmt::format("{} {}: {}.", path.string(), what, why));
}

/// The number that the process which has the lock left in the file.
std::string owner_of(const Descriptor& lock) {
    std::array<char, 32> text{};
    const auto size = pread(lock.number(), text.data(), text.size() - 1, 0);
    return size > 0 ? fmt::format(" (process {})", text.data()) : std::string();
}

} // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (is_open()) close(number_);
    number_ = std::exchange(other.number_, -1);
    return *this;
}

Descriptor::~Descriptor() {
    if (is_open()) close(number_);
}

DataDirectory::DataDirectory(std::filesystem::path directory)
    : directory_(std::filesystem::absolute(directory))
    , database_path_(directory_ / "backline.db") {
    make_directory();
    lock_ = take_lock();
    make_database_file();
    was_closed_ = !has_wal();
}

void DataDirectory::make_directory() const {
    std::error_code error;
    if (std::filesystem::is_directory(directory_, error)) return;
    if (!std::filesystem::create_directories(directory_, error)) {
        refuse(
            directory_, "cannot be made a data directory", error ? error.message() : "it is a file"
        );
    }
    chmod(directory_.c_str(), 0700);
}

Descriptor DataDirectory::take_lock() const {
    const std::filesystem::path path = directory_ / "backline.lock";
    Descriptor lock(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.is_open()) refuse(directory_, "cannot be written", error_text());
    if (flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        throw Unusable(fmt::format(
            "The data directory {} is in use by another process of Backline{}.",
            directory_.string(),
            owner_of(lock)
        ));
    }
    const std::string pid = std::to_string(getpid());
    // Only for the sentence above: the lock holds without it.
    static_cast<void>(
        ftruncate(lock.number(), 0) + pwrite(lock.number(), pid.data(), pid.size(), 0)
    );
    return lock;
}

/// Made here so that nobody else can read it: SQLite gives its WAL the mode of the database.
void DataDirectory::make_database_file() const {
    const Descriptor file(
        open(database_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600)
    );
    if (!file.is_open()) refuse(database_path_, "cannot be opened for writing", error_text());
    struct stat facts{};
    if (fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) {
        refuse(database_path_, "cannot be used", "it is not a regular file");
    }
    fchmod(file.number(), 0600);
}

bool DataDirectory::has_wal() const {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(database_path_ + "-wal", error);
    return !error && bytes > 0;
}

std::uintmax_t DataDirectory::database_bytes() const {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(database_path_, error);
    return error ? 0 : bytes;
}

} // namespace backline::sqlite
