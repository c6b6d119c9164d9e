// At stake: an address that is read wrongly sends a password to another host, or goes without TLS.
// How: addresses and what they mean, and some that mean nothing.
#include "adapters/redis/settings.hpp"

#include <gtest/gtest.h>

namespace backline::redis {
namespace {

/// `[tls ]user:password@host|port/database`.
std::string read(std::string_view url) {
    const auto settings = settings_of(url);
    if (!settings) return "nothing";
    return (settings->tls ? "tls " : "") + settings->user + ":" + settings->password.reveal() +
           "@" + settings->host + "|" + std::to_string(settings->port) + "/" +
           std::to_string(settings->database);
}

TEST(SettingsOf, reads_the_parts_that_are_there) {
    EXPECT_EQ(read("redis://cache"), ":@cache|6379/0");
    EXPECT_EQ(read("redis://cache/"), ":@cache|6379/0");
    EXPECT_EQ(read("redis://10.0.0.1:7000/3"), ":@10.0.0.1|7000/3");
    EXPECT_EQ(read("rediss://shop:secret@cache:7000"), "tls shop:secret@cache|7000/0");
    EXPECT_EQ(read("redis://:secret@cache"), ":secret@cache|6379/0");
    EXPECT_EQ(read("redis://shop@cache"), "shop:@cache|6379/0");
    EXPECT_EQ(read("redis://[::1]"), ":@::1|6379/0");
    EXPECT_EQ(read("redis://a:b@[::1]:7000/1"), "a:b@::1|7000/1");
    EXPECT_EQ(read("redis://sh%40p:p%2F%25%3a@cache"), "sh@p:p/%:@cache|6379/0");
    EXPECT_EQ(read("redis://shop:p@ss@cache"), "shop:p@ss@cache|6379/0");
}

TEST(SettingsOf, reads_nothing_else) {
    for (const char* url :
         {"",
          "cache",
          "http://cache",
          "redis:/cache",
          "redis://",
          "redis://:secret@",
          "redis://cache:",
          "redis://cache:port",
          "redis://cache:65536",
          "redis://cache:-1",
          "redis://cache/one",
          "redis://cache/1/2",
          "redis://[::1",
          "redis://[]",
          "redis://[::1]7000",
          "redis://:%4@cache",
          "redis://:%zz@cache"}) {
        EXPECT_EQ(read(url), "nothing") << url;
    }
}

} // namespace
} // namespace backline::redis
