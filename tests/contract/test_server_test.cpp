// At stake: suites that look green because their server was missing. How: the front door's function under every
// environment, its verdict caught before GoogleTest takes it for this test's own.
#include "tests/contract/test_server.hpp"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace backline::contract {
namespace {

constexpr const char* variable = "BACKLINE_TEST_NO_SUCH_URL";

class TestServer : public testing::Test {
public:
    TestServer() {
        const char* asked = std::getenv("BACKLINE_SERVERS");
        asked_ = asked == nullptr ? "" : asked;
        ::setenv("BACKLINE_SERVERS", "", 1);
    }

    ~TestServer() override {
        ::unsetenv(variable);
        ::setenv("BACKLINE_SERVERS", asked_.c_str(), 1);
    }

    void ask() {
        const testing::ScopedFakeTestPartResultReporter catcher(&results_);
        server_ = test_server(variable);
    }

protected:
    std::optional<std::string> server_;
    testing::TestPartResultArray results_;

private:
    std::string asked_;
};

TEST_F(TestServer, is_what_the_variable_names) {
    ::setenv(variable, "redis://127.0.0.1:1", 1);
    ask();
    EXPECT_EQ(server_, "redis://127.0.0.1:1");
    EXPECT_EQ(results_.size(), 0);
}

TEST_F(TestServer, skips_loudly_without_the_variable) {
    ask();
    EXPECT_FALSE(server_);
    ASSERT_EQ(results_.size(), 1);
    EXPECT_TRUE(results_.GetTestPartResult(0).skipped());
    EXPECT_NE(
        std::string(results_.GetTestPartResult(0).message()).find(variable), std::string::npos
    );
}

TEST_F(TestServer, takes_an_empty_variable_for_none) {
    ::setenv(variable, "", 1);
    ask();
    EXPECT_FALSE(server_);
    EXPECT_EQ(results_.size(), 1);
}

TEST_F(TestServer, fails_where_servers_are_required) {
    ::setenv("BACKLINE_SERVERS", "required", 1);
    ask();
    EXPECT_FALSE(server_);
    ASSERT_EQ(results_.size(), 1);
    EXPECT_TRUE(results_.GetTestPartResult(0).fatally_failed());
}

} // namespace
} // namespace backline::contract
