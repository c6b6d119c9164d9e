#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

namespace backline::sqlite {

/// A file descriptor that is closed with its owner.
class Descriptor final {
public:
    explicit Descriptor(int number = -1) : number_(number) {}

    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();

    [[nodiscard]] int number() const { return number_; }

    [[nodiscard]] bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

/// The directory that holds one shop's database, taken for this process alone: a second process that opened the same
/// file would meet the WAL-reset bug of SQLite before 3.51.3. The lock ends with this object, or with the process.
class DataDirectory final {
public:
    /// Makes the directory (0700) and the database file (0600) where they are missing. Throws `Unusable` if that cannot
    /// be done, if they cannot be written, or if another process has them.
    explicit DataDirectory(std::filesystem::path directory);

    [[nodiscard]] const std::string& database_path() const { return database_path_; }

    /// Whether the process that had the database last closed it in order.
    [[nodiscard]] bool was_closed() const { return was_closed_; }

    [[nodiscard]] std::uintmax_t database_bytes() const;

private:
    void make_directory() const;
    [[nodiscard]] Descriptor take_lock() const;
    void make_database_file() const;
    [[nodiscard]] bool has_wal() const;

    std::filesystem::path directory_;
    std::string database_path_;
    Descriptor lock_;
    bool was_closed_ = true;
};

} // namespace backline::sqlite
