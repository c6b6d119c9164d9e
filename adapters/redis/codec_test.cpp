// At stake: an answer that is taken apart wrongly is somebody else's data; one that is made to hurt must not.
// How: replies that rapidcheck makes up, written by an encoder of the test's own and torn apart at every place; then
// nonsense, sizes that lie, and floods.
#include "adapters/redis/codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

namespace backline::redis {
namespace {

constexpr std::size_t plenty = 1U << 20U;
using Kind = Reply::Kind;

std::string encoded(const Reply& reply) {
    switch (reply.kind) {
    case Kind::nil:
        return "$-1\r\n";
    case Kind::integer:
        return ":" + std::to_string(reply.integer) + "\r\n";
    case Kind::error:
        return "-" + reply.text + "\r\n";
    case Kind::text:
        return "$" + std::to_string(reply.text.size()) + "\r\n" + reply.text + "\r\n";
    case Kind::array:
        break;
    }
    std::string bytes = "*" + std::to_string(reply.items.size()) + "\r\n";
    for (const Reply& item : reply.items) bytes += encoded(item);
    return bytes;
}

} // namespace

/// For rapidcheck, which shows what it found.
// NOLINTNEXTLINE(readability-identifier-naming): rapidcheck's name.
void showValue(const Reply& reply, std::ostream& out) {
    rc::show(encoded(reply), out);
}

namespace {

rc::Gen<Reply> any_reply(int depth) {
    return rc::gen::exec([depth] {
        Reply reply;
        reply.kind = static_cast<Kind>(*rc::gen::inRange(0, depth > 0 ? 5 : 4));
        if (reply.kind == Kind::integer) reply.integer = *rc::gen::arbitrary<std::int64_t>();
        if (reply.kind == Kind::text) reply.text = *rc::gen::arbitrary<std::string>();
        if (reply.kind == Kind::error) {
            reply.text = *rc::gen::container<std::string>(rc::gen::inRange('A', 'Z'));
        }
        if (reply.kind == Kind::array) {
            reply.items =
                *rc::gen::scale(0.2, rc::gen::container<std::vector<Reply>>(any_reply(depth - 1)));
        }
        return reply;
    });
}

/// All that comes of the bytes, fed in pieces of these sizes, over and over.
std::vector<Reply> read(
    ReplyReader& reader, std::string_view bytes, const std::vector<std::size_t>& pieces
) {
    std::vector<Reply> replies;
    for (std::size_t i = 0; !bytes.empty(); ++i) {
        const std::size_t size = std::min(bytes.size(), pieces[i % pieces.size()]);
        reader.feed(bytes.substr(0, size));
        bytes.remove_prefix(size);
        while (auto reply = reader.next()) replies.push_back(*reply);
    }
    return replies;
}

RC_GTEST_PROP(ReplyReader, reads_what_was_written_wherever_it_is_torn, ()) {
    const auto replies = *rc::gen::container<std::vector<Reply>>(any_reply(3));
    const auto pieces =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange(1, 40)));
    std::string bytes;
    for (const Reply& reply : replies) bytes += encoded(reply);
    ReplyReader reader(plenty);
    RC_ASSERT(read(reader, bytes, pieces) == replies);
    RC_ASSERT(!reader.broken());
}

RC_GTEST_PROP(ReplyReader, survives_anything, (const std::string& bytes)) {
    ReplyReader reader(plenty);
    read(reader, bytes, {3});
    read(reader, "+PONG\r\n", {7});
}

RC_GTEST_PROP(ReplyReader, survives_an_answer_with_a_flipped_byte, ()) {
    std::string bytes = encoded(*any_reply(3));
    char& byte = bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())];
    const int flips = *rc::gen::inRange(1, 256);
    byte = static_cast<char>(byte ^ flips);
    ReplyReader reader(plenty);
    read(reader, bytes, {*rc::gen::inRange<std::size_t>(1, 40)});
}

RC_GTEST_PROP(AppendCommand, writes_what_the_server_reads, ()) {
    const auto words = *rc::gen::nonEmpty(rc::gen::arbitrary<std::vector<std::string>>());
    Reply expected{.kind = Kind::array};
    for (const std::string& word : words) {
        expected.items.push_back({.kind = Kind::text, .text = word});
    }
    std::string bytes = "before";
    append_command(words, bytes);
    RC_ASSERT(bytes == "before" + encoded(expected));
}

TEST(ReplyReader, knows_a_status_from_an_error) {
    ReplyReader reader(plenty);
    reader.feed("+OK\r\n-WRONGTYPE Operation against a key\r\n");
    const auto status = reader.next();
    const auto error = reader.next();
    ASSERT_TRUE(status && error);
    EXPECT_EQ(status->kind, Kind::text);
    EXPECT_EQ(status->text, "OK");
    EXPECT_TRUE(error->is_error("WRONGTYPE"));
    EXPECT_FALSE(error->is_error("LOADING"));
}

std::string times(int count, const std::string& text) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
}

TEST(ReplyReader, refuses_what_lies_or_is_too_large) {
    for (const std::string& bytes : {
             std::string("HTTP/1.1 400 Bad Request\r\n"),
             std::string("*2000000000\r\n"),
             std::string("*100000\r\n"),
             "*2\r\n*40000\r\n" + times(40'000, ":1\r\n") + "*40000\r\n",
             std::string("$99999999999999999999\r\n"),
             times(100, "*1\r\n"),
         }) {
        ReplyReader reader(plenty);
        reader.feed(bytes);
        const std::string begins = bytes.substr(0, 40);
        EXPECT_FALSE(reader.next().has_value()) << begins;
        EXPECT_TRUE(reader.broken()) << begins;
        reader.feed("+PONG\r\n");
        EXPECT_FALSE(reader.next().has_value()) << begins;
    }
}

TEST(ReplyReader, refuses_a_reply_beyond_its_bound_before_it_is_whole) {
    ReplyReader reader(1'000);
    reader.feed("$900\r\n" + std::string(900, 'x') + "\r\n");
    EXPECT_TRUE(reader.next().has_value());
    reader.feed("$100000\r\n" + std::string(900, 'x'));
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_FALSE(reader.broken());
    reader.feed(std::string(200, 'x'));
    EXPECT_FALSE(reader.next().has_value());
    EXPECT_TRUE(reader.broken());
}

TEST(ReplyReader, takes_any_number_of_replies_below_its_bound) {
    ReplyReader reader(1'000);
    std::string bytes;
    for (int i = 0; i < 1'000; ++i) bytes += ":12345678\r\n";
    EXPECT_EQ(read(reader, bytes, {bytes.size()}).size(), 1'000U);
    EXPECT_FALSE(reader.broken());
}

} // namespace
} // namespace backline::redis
