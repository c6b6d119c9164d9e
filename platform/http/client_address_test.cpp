// At stake: somebody who passes for another address, and so escapes a limit or uses up somebody else's.
// Tested by tables: what a header may say, through which proxies.
#include "platform/http/client_address.hpp"

#include <gtest/gtest.h>

namespace backline::http {

namespace {

std::string client(const std::string& peer, const Headers& headers, const char* proxy = nullptr) {
    std::vector<IpBlock> proxies;
    if (proxy != nullptr) proxies.push_back(*IpBlock::parse(proxy));
    return client_of(peer, headers, proxies);
}

} // namespace

TEST(ClientAddress, is_the_peer_whatever_a_header_says) {
    const Headers lie{{"X-Forwarded-For", "1.2.3.4"}};
    EXPECT_EQ(client("9.9.9.9", lie), "9.9.9.9");
    EXPECT_EQ(client("9.9.9.9", lie, "10.0.0.0/8"), "9.9.9.9");
    EXPECT_EQ(client("", lie, "10.0.0.0/8"), "");
}

TEST(ClientAddress, is_what_the_nearest_proxy_of_ours_saw) {
    struct Row {
        const char* header;
        const char* client;
    };

    for (const Row& row : {
             Row{"1.2.3.4", "1.2.3.4"},
             Row{"6.6.6.6, 1.2.3.4", "1.2.3.4"},
             Row{"6.6.6.6,1.2.3.4 , 10.0.0.2", "1.2.3.4"},
             Row{"10.0.0.7, 1.2.3.4", "1.2.3.4"},
             Row{"10.0.0.3, 10.0.0.2", "10.0.0.3"},
             Row{"1.2.3.4, unknown", "10.0.0.1"},
             Row{"1.2.3.4, unknown, 10.0.0.2", "10.0.0.2"},
             Row{"", "10.0.0.1"},
             Row{"1.2.3.4:80", "10.0.0.1"},
         }) {
        EXPECT_EQ(client("10.0.0.1", {{"x-forwarded-for", row.header}}, "10.0.0.0/8"), row.client)
            << row.header;
    }
    EXPECT_EQ(client("10.0.0.1", {}, "10.0.0.0/8"), "10.0.0.1");
}

TEST(ClientAddress, reads_several_headers_as_one) {
    const Headers headers{{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4"}};
    EXPECT_EQ(client("10.0.0.1", headers, "10.0.0.1"), "1.2.3.4");
}

TEST(ClientAddress, takes_a_network_of_ipv6_for_one_client) {
    EXPECT_EQ(client("2001:db8:1:2:3:4:5:6", {}), client("2001:db8:1:2::9", {}));
    EXPECT_NE(client("2001:db8:1:2::9", {}), client("2001:db8:1:3::9", {}));
    EXPECT_EQ(client("::ffff:9.9.9.9", {}), "9.9.9.9");
}

TEST(IpBlock, holds_what_begins_with_its_bits) {
    struct Row {
        const char* block;
        const char* address;
        bool holds;
    };

    for (const Row& row : {
             Row{"10.0.0.0/8", "10.255.1.2", true},
             Row{"10.0.0.0/8", "11.0.0.0", false},
             Row{"10.1.2.128/25", "10.1.2.200", true},
             Row{"10.1.2.128/25", "10.1.2.100", false},
             Row{"10.1.2.3", "10.1.2.3", true},
             Row{"10.1.2.3", "10.1.2.4", false},
             Row{"0.0.0.0/0", "8.8.8.8", true},
             Row{"0.0.0.0/0", "2001:db8::1", false},
             Row{"2001:db8::/32", "2001:db8:9::1", true},
             Row{"2001:db8::/32", "2001:db9::1", false},
             Row{"::1", "::1", true},
             Row{"10.0.0.0/8", "::ffff:10.1.1.1", true},
         }) {
        EXPECT_EQ(IpBlock::parse(row.block)->holds(*IpBlock::parse(row.address)), row.holds)
            << row.block << ' ' << row.address;
    }
}

TEST(IpBlock, is_nothing_else) {
    for (const char* text :
         {"", "localhost", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "::/x"}) {
        EXPECT_FALSE(IpBlock::parse(text).has_value()) << text;
    }
}

} // namespace backline::http
