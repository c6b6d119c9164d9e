// At stake: an outbox that fills its document while nobody hears of it, or a log that is filled with it.
// How: counts as a store gives them, one after the other.
#include "apps/backline/outbox_watch.hpp"
#include "tests/http/fakes.hpp"

#include <gtest/gtest.h>

namespace backline::system_tests {
namespace {

using app::OutboxWatch;

class OutboxWatchTest : public testing::Test {
protected:
    http_tests::LinesLog log;
    observe::Metrics metrics;
    OutboxWatch watch{log, metrics};
};

TEST_F(OutboxWatchTest, says_once_that_an_outbox_is_crowded_and_once_that_it_no_longer_is) {
    watch.counted("orders.orders", OutboxWatch::events_max - 1, 1);
    EXPECT_TRUE(log.lines.empty());
    watch.counted("orders.orders", OutboxWatch::events_max, 1);
    watch.counted("orders.orders", OutboxWatch::events_max + 1, 1);
    watch.counted("orders.orders", OutboxWatch::events_max - 1, 1);
    watch.counted("orders.orders", OutboxWatch::events_max, 1);
    ASSERT_EQ(log.lines.size(), 1U);
    EXPECT_NE(log.lines[0].find("outbox_crowded"), std::string::npos) << log.lines[0];
    EXPECT_NE(log.lines[0].find(R"("collection":"orders.orders")"), std::string::npos);
    watch.counted("orders.orders", 0, 0);
    watch.counted("orders.orders", 0, 0);
    ASSERT_EQ(log.lines.size(), 2U);
    EXPECT_NE(log.lines[1].find("outbox_relieved"), std::string::npos) << log.lines[1];
}

TEST_F(OutboxWatchTest, counts_bytes_too_and_each_collection_for_itself) {
    watch.counted("orders.orders", 1, OutboxWatch::bytes_max);
    watch.counted("inventory.stock", 1, OutboxWatch::bytes_max);
    EXPECT_EQ(log.lines.size(), 2U);
    const std::string text = metrics.text();
    const std::string line =
        R"(backline_outbox_fullest_bytes{collection="inventory.stock"} 262144)";
    EXPECT_NE(text.find(line), std::string::npos) << text;
}

} // namespace
} // namespace backline::system_tests
