// At stake: a commit that is made twice, or told to have failed although it took place.
// How: everything that a document can show of a commit whose reply was lost, as a table.
#include "adapters/mongo/outbox.hpp"
#include "adapters/mongo/unknown.hpp"
#include "platform/base/invariant.hpp"

#include <gtest/gtest.h>

namespace backline::mongo {
namespace {

struct Row {
    Trace trace;
    std::int64_t base_version;
    Verdict verdict;
};

TEST(MongoUnknown, judges_by_what_the_document_shows) {
    const Row rows[] = {
        // Its own operation is there, however many came after it.
        {{.version = 1, .remembered = 1, .ours = true}, 0, Verdict::committed},
        {{.version = 9, .remembered = 5, .ours = true}, 4, Verdict::committed},
        // Its base is still what is there.
        {{}, 0, Verdict::still_open},
        {{.version = 4, .remembered = 1}, 4, Verdict::still_open},
        {{.version = 4, .remembered = 0}, 4, Verdict::still_open},
        // Another took its place, and nothing has been forgotten since.
        {{.version = 1, .remembered = 1}, 0, Verdict::conflict},
        {{.version = 5, .remembered = 1}, 4, Verdict::conflict},
        {{.version = 9, .remembered = 5}, 4, Verdict::conflict},
        // The operation that made the next version is forgotten: it may have been ours.
        {{.version = 5, .remembered = 0}, 4, Verdict::lost},
        {{.version = 9, .remembered = 4}, 4, Verdict::lost},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(judge(row.trace, row.base_version), row.verdict)
            << row.trace.version << " " << row.trace.remembered << " " << row.base_version;
    }
}

TEST(MongoOutbox, finds_the_document_that_raised_an_event) {
    const Origin plain = origin_of("orders.carts/crt_1/12");
    EXPECT_EQ(plain.collection, "orders.carts");
    EXPECT_EQ(plain.document, "crt_1");
    const Origin odd = origin_of("orders.carts/a/b/c/1");
    EXPECT_EQ(odd.document, "a/b/c");
    EXPECT_EQ(origin_of("nothing").collection, "");
    EXPECT_EQ(origin_of("orders.carts/1").collection, "");
    EXPECT_EQ(origin_of("").collection, "");
}

TEST(MongoOutbox, reads_the_places_that_it_gave_out) {
    for (const char* id : {"crt_1", "a/b", "/", "", " 7/"}) {
        const Place place = place_of(place_text({"orders.carts", 12, id}));
        EXPECT_EQ(place.collection, "orders.carts");
        EXPECT_EQ(place.sequence, 12);
        EXPECT_EQ(place.document, id);
    }
    for (const char* text : {"x", "x/y", "x/y/z", "x/1y/z"}) {
        EXPECT_THROW(std::ignore = place_of(text), InvariantBroken) << text;
    }
}

} // namespace
} // namespace backline::mongo
