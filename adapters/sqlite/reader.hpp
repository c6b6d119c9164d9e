#pragma once

#include "adapters/sqlite/read_database.hpp"
#include "adapters/sqlite/work.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace backline::sqlite {

/// The reader thread: takes the reads that have gathered, answers each from a snapshot of its own, and delivers all
/// answers at once.
class Reader final {
public:
    /// Called on the reader's thread. Must not throw.
    using Deliver = std::function<void(std::vector<ReadItem>)>;

    Reader(ReadDatabase& database, std::size_t waiting_max, Deliver deliver);
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader();

    /// False if too many reads wait already.
    [[nodiscard]] bool submit(Ticket ticket, Read read);

    /// Answers what was submitted, then ends the thread. Idempotent.
    void stop();

    [[nodiscard]] std::int64_t reads() const { return reads_; }

private:
    void work();

    ReadDatabase& database_;
    std::size_t waiting_max_;
    Deliver deliver_;
    std::atomic<std::int64_t> reads_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<ReadItem> waiting_;
    bool sleeping_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace backline::sqlite
