#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Redis' protocol (RESP2) without a connection: hiredis writes the commands and reads the replies.
namespace backline::redis {

/// A command's words: its name, then its arguments, which may hold any bytes.
using Command = std::vector<std::string>;

/// What the server answered to one command.
struct Reply {
    enum class Kind { nil, integer, text, error, array } kind = Kind::nil;
    std::int64_t integer = 0;
    std::string text{}; ///< Of an error, its message: a word in capitals first.
    std::vector<Reply> items{};

    [[nodiscard]] bool is_error(std::string_view word) const {
        return kind == Kind::error && text.starts_with(word);
    }

    bool operator==(const Reply&) const = default;
};

/// Appends the command as bytes for the server.
void append_command(const Command& command, std::string& out);

inline constexpr std::size_t reply_items_max = 65'536;

/// Cuts what comes from the server into replies, wherever it is torn apart on its way.
class ReplyReader final {
public:
    /// A reply of more bytes than that is refused, and one of more than `reply_items_max` items.
    explicit ReplyReader(std::size_t reply_bytes_max);
    ReplyReader(const ReplyReader&) = delete;
    ReplyReader& operator=(const ReplyReader&) = delete;
    ~ReplyReader();

    void feed(std::string_view bytes);

    /// The next whole reply, if there is one.
    [[nodiscard]] std::optional<Reply> next();

    /// What came is no answer of a Redis server, or too much. Nothing follows any more: the connection is of no use.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    struct Hiredis;

    std::size_t reply_bytes_max_;
    std::size_t unanswered_bytes_ = 0; ///< Came since the last whole reply.
    bool broken_ = false;
    std::unique_ptr<Hiredis> hiredis_;
};

} // namespace backline::redis
