// At stake: a password in a log, or the wrong broker. How: URLs and password files, good and bad.
#include "adapters/rabbitmq/settings.hpp"
#include "adapters/rabbitmq/trouble.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace backline::rabbitmq {
namespace {

TEST(RabbitEndpoint, is_read_from_a_url) {
    const Endpoint endpoint = parse_endpoint("amqps://shop:p%40ss@broker.example:5671/the%2Fshop");
    EXPECT_EQ(endpoint.host, "broker.example");
    EXPECT_EQ(endpoint.port, 5671);
    EXPECT_EQ(endpoint.virtual_host, "the/shop");
    EXPECT_EQ(endpoint.user, "shop");
    EXPECT_EQ(endpoint.password.reveal(), "p@ss");
    EXPECT_TRUE(endpoint.tls);
}

TEST(RabbitEndpoint, has_the_usual_values_where_the_url_says_nothing) {
    const Endpoint endpoint = parse_endpoint("amqp://localhost");
    EXPECT_EQ(endpoint.port, 5672);
    EXPECT_EQ(endpoint.virtual_host, "/");
    EXPECT_FALSE(endpoint.tls);
}

TEST(RabbitEndpoint, does_not_repeat_a_url_that_cannot_be_read) {
    try {
        const Endpoint endpoint = parse_endpoint("http://shop:secret@broker");
        FAIL() << endpoint.host;
    } catch (const std::invalid_argument& refused) {
        EXPECT_EQ(std::string(refused.what()).find("secret"), std::string::npos);
    }
}

TEST(RabbitEndpoint, takes_the_password_from_its_file_each_time) {
    std::string directory = (std::filesystem::temp_directory_path() / "backline-XXXXXX").string();
    ASSERT_NE(mkdtemp(directory.data()), nullptr);
    Endpoint endpoint;
    endpoint.password = Secret<std::string>("not this one");
    endpoint.password_file = directory + "/password";
    EXPECT_THROW(std::ignore = password_of(endpoint), Trouble);
    std::ofstream(endpoint.password_file) << "first\n";
    EXPECT_EQ(password_of(endpoint), "first");
    std::ofstream(endpoint.password_file) << "second";
    EXPECT_EQ(password_of(endpoint), "second");
    std::filesystem::remove_all(directory);
}

} // namespace
} // namespace backline::rabbitmq
