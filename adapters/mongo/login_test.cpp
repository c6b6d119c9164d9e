// At stake: everything a shop knows crosses this wire; who listens, or poses as the server, must get nothing.
// How: a server with TLS and users, met with the right and the wrong authority and password.
#include "adapters/mongo/opening.hpp"
#include "adapters/mongo/process_test.hpp"
#include "tests/contract/test_server.hpp"

#include <gtest/gtest.h>

namespace backline::mongo {
namespace {

/// `open` of a server, as an application's log would tell it.
std::string meet(const Settings& settings) {
    try {
        Server server(settings);
        Session session(server);
        check_server(session);
    } catch (const Failed& failed) {
        const bool refused = failed.stage() == Failed::Stage::refused;
        EXPECT_TRUE(refused || failed.stage() == Failed::Stage::not_sent);
        return (refused ? "refused: " : "") + std::string(failed.what());
    }
    return "met";
}

class MongoLogin : public testing::Test {
protected:
    void SetUp() override {
        const auto url = contract::test_server("BACKLINE_TEST_MONGO_TLS_URL");
        const auto authority = contract::test_server("BACKLINE_TEST_TLS_CA");
        if (!url || !authority) return;
        settings_ = test_settings(*url);
        settings_.selects_server_within = Duration{500};
        settings_.ca_file = *authority;
    }

    /// Takes the password out of the URL, as in production, where it comes from a file.
    std::string take_password() {
        std::string url = settings_.url.reveal();
        const std::size_t colon = url.find(':', url.find("://") + 3);
        const std::size_t at = url.find('@');
        std::string password = url.substr(colon + 1, at - colon - 1);
        settings_.url = Secret<std::string>(url.erase(colon, at - colon));
        return password;
    }

    Settings settings_;
};

TEST_F(MongoLogin, is_met_under_an_authority_that_is_trusted) {
    EXPECT_EQ(meet(settings_), "met");
}

TEST_F(MongoLogin, is_not_met_under_an_authority_that_is_not) {
    settings_.ca_file.clear();
    EXPECT_NE(meet(settings_), "met");
}

TEST_F(MongoLogin, takes_a_password_from_beside_the_url) {
    settings_.password = Secret<std::string>(take_password());
    EXPECT_EQ(meet(settings_), "met");
}

TEST_F(MongoLogin, refuses_a_wrong_password_without_telling_it) {
    take_password();
    settings_.password = Secret<std::string>("hunter2");
    const std::string told = meet(settings_);
    EXPECT_TRUE(told.starts_with("refused: ")) << told << ": and is not tried again";
    EXPECT_EQ(told.find("hunter2"), std::string::npos) << told;
}

} // namespace
} // namespace backline::mongo
