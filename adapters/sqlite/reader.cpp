#include "adapters/sqlite/reader.hpp"

#include <pthread.h>

#include <utility>

namespace backline::sqlite {

Reader::Reader(ReadDatabase& database, std::size_t waiting_max, Deliver deliver)
    : database_(database)
    , waiting_max_(waiting_max)
    , deliver_(std::move(deliver)) {
    thread_ = std::thread([this] { work(); });
    pthread_setname_np(thread_.native_handle(), "sqlite-reader");
}

Reader::~Reader() {
    stop();
}

bool Reader::submit(Ticket ticket, Read read) {
    const std::scoped_lock lock(mutex_);
    if (waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(ReadItem{ticket, std::move(read)});
    if (sleeping_) changed_.notify_one();
    return true;
}

void Reader::stop() {
    if (!thread_.joinable()) return;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    thread_.join();
}

void Reader::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        sleeping_ = true;
        changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        sleeping_ = false;
        if (waiting_.empty()) return;
        std::vector<ReadItem> items = std::exchange(waiting_, {});
        lock.unlock();
        for (ReadItem& item : items) item.answer = database_.answer(item.read);
        reads_ += static_cast<std::int64_t>(items.size());
        deliver_(std::move(items));
        lock.lock();
    }
}

} // namespace backline::sqlite
