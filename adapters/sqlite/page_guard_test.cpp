// At stake: a disk that returns other bytes than it was given must be found out, never believed (F7).
// How: bits flipped anywhere in the file of a small shop; whatever can be read afterwards is what was written.
#include "adapters/sqlite/page_guard.hpp"
#include "adapters/sqlite/store_fixture.hpp"
#include "adapters/sqlite/unusable.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace backline::sqlite {
namespace {

class PageGuardTest : public testing::Test, protected StoreFixture {
protected:
    PageGuardTest() {
        start();
        for (int i = 0; i < documents; ++i) commit(commit_of(id_of(i), 1, body_of(i), i % 3));
    }

    static std::string id_of(int i) { return "thing" + std::to_string(i * 7919 % documents); }

    static std::string body_of(int i) {
        return std::string(static_cast<std::size_t>(200 + i), 'x');
    }

    /// Everything that the store says, as one text.
    std::string everything() {
        std::string text;
        for (int i = 0; i < documents; ++i) text += describe(find(id_of(i)));
        for (const std::size_t index : {0U, 1U}) {
            const auto page = loop_.run(store_->page(things, {.index = index, .limit = 1000}));
            for (const store::Found& found : page) text += describe(found.document);
        }
        for (const std::string& event : pending()) text += event;
        return text;
    }

    static std::string describe(const std::optional<store::Stored>& document) {
        if (!document) return "nothing";
        return document->id + std::to_string(document->version) + document->body;
    }

    std::string read_file() {
        std::ifstream file(directory_.database(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void write_file(const std::string& bytes) {
        std::ofstream(directory_.database(), std::ios::binary | std::ios::trunc) << bytes;
    }

    static constexpr int documents = 100;
};

TEST_F(PageGuardTest, no_flipped_bit_is_believed) {
    const std::string written = everything();
    stop();
    const std::string sound = read_file();
    int refused = 0;
    constexpr std::size_t tries = 150;
    for (std::size_t i = 0; i < tries; ++i) {
        std::string flipped = sound;
        char& byte = flipped[i * (sound.size() - 1) / (tries - 1)];
        byte = static_cast<char>(byte ^ (1 << i % 8));
        write_file(flipped);
        try {
            start();
            EXPECT_EQ(everything(), written) << "flip " << i;
        } catch (const Unusable&) {
            ++refused;
        } catch (const Unavailable&) {
            ++refused;
        }
        stop();
    }
    EXPECT_GT(refused, 100);
}

TEST_F(PageGuardTest, a_page_in_the_place_of_another_is_not_believed) {
    stop();
    std::string bytes = read_file();
    constexpr std::size_t page = PageGuard::page_bytes;
    bytes.replace(5 * page, page, bytes, 6 * page, page);
    write_file(bytes);
    EXPECT_THROW(start(), Unusable);
}

TEST_F(PageGuardTest, counts_what_is_written) {
    const Counters before = store_->counters();
    commit(commit_of("another", 1));
    const Counters after = store_->counters();
    EXPECT_EQ(after.fsyncs - before.fsyncs, 1);
    EXPECT_GE(after.wal_bytes - before.wal_bytes, 4120);
}

} // namespace
} // namespace backline::sqlite
