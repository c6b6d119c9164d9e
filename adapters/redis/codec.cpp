#include "adapters/redis/codec.hpp"

#include "platform/base/invariant.hpp"

#include <hiredis/hiredis.h>

namespace backline::redis {

namespace {

/// hiredis hands over its pieces one by one: the first is the reply, the others go into the lists around them, whose
/// room is made before and never moves.
Reply* place(const redisReadTask* task, Reply piece) {
    if (task->parent == nullptr) return new Reply(std::move(piece));
    auto& items = static_cast<Reply*>(task->parent->obj)->items;
    Reply& item = items[static_cast<std::size_t>(task->idx)];
    item = std::move(piece);
    return &item;
}

void* take_text(const redisReadTask* task, char* text, std::size_t size) {
    const bool error = task->type == REDIS_REPLY_ERROR;
    const Reply::Kind kind = error ? Reply::Kind::error : Reply::Kind::text;
    return place(task, {.kind = kind, .text = std::string(text, size)});
}

void* take_integer(const redisReadTask* task, long long integer) {
    return place(task, {.kind = Reply::Kind::integer, .integer = integer});
}

void* take_nil(const redisReadTask* task) {
    return place(task, {});
}

/// Null is how hiredis is told that there is no room for so much.
void* take_array(const redisReadTask* task, int size) {
    auto& items_left = *static_cast<std::size_t*>(task->privdata);
    if (size < 0 || static_cast<std::size_t>(size) > items_left) return nullptr;
    items_left -= static_cast<std::size_t>(size);
    return place(
        task,
        {.kind = Reply::Kind::array, .items = std::vector<Reply>(static_cast<std::size_t>(size))}
    );
}

void drop(void* reply) {
    delete static_cast<Reply*>(reply);
}

} // namespace

struct ReplyReader::Hiredis {
    redisReplyObjectFunctions functions{take_text, take_array, take_integer, take_nil, drop};
    std::size_t items_left = reply_items_max;
    redisReader* reader = redisReaderCreateWithFunctions(&functions);

    Hiredis() {
        INVARIANT(reader != nullptr, "there is memory for a reader");
        reader->privdata = &items_left;
    }

    Hiredis(const Hiredis&) = delete;
    Hiredis& operator=(const Hiredis&) = delete;

    ~Hiredis() { redisReaderFree(reader); }
};

void append_command(const Command& command, std::string& out) {
    std::vector<const char*> words;
    std::vector<std::size_t> sizes;
    for (const std::string& word : command) {
        words.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* text = nullptr;
    const int size =
        redisFormatCommandArgv(&text, static_cast<int>(words.size()), words.data(), sizes.data());
    INVARIANT(size > 0, "there is memory for a command");
    out.append(text, static_cast<std::size_t>(size));
    redisFreeCommand(text);
}

ReplyReader::ReplyReader(std::size_t reply_bytes_max)
    : reply_bytes_max_(reply_bytes_max)
    , hiredis_(std::make_unique<Hiredis>()) {}

ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
    if (broken_) return;
    unanswered_bytes_ += bytes.size();
    broken_ = redisReaderFeed(hiredis_->reader, bytes.data(), bytes.size()) != REDIS_OK;
}

std::optional<Reply> ReplyReader::next() {
    if (broken_) return std::nullopt;
    void* whole = nullptr;
    broken_ = redisReaderGetReply(hiredis_->reader, &whole) != REDIS_OK;
    const std::unique_ptr<Reply> reply(static_cast<Reply*>(whole));
    if (reply) {
        hiredis_->items_left = reply_items_max;
        unanswered_bytes_ = hiredis_->reader->len - hiredis_->reader->pos;
        return std::move(*reply);
    }
    broken_ = broken_ || unanswered_bytes_ > reply_bytes_max_;
    return std::nullopt;
}

} // namespace backline::redis
