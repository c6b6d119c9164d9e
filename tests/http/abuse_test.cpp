// At stake: whatever a stranger sends to the port, nobody else may notice, and no two readers of the bytes may disagree
// about where a request ends. How: bytes that no client library would send, against a real server; each case is refused
// or cut, nothing hidden behind it is answered, and then the server goes on.
#include "adapters/memory/virtual_loop.hpp"
#include "tests/http/server_fixture.hpp"

namespace backline::http_tests {
namespace {

const std::string get_page = get_request("/page");

/// On a busy machine this client, too, may be slower than shortened limits allow; then it tries again.
void expect_goes_on(RunningServer& server) {
    constexpr int tries_max = 20;
    int status = 0;
    for (int i = 0; i < tries_max && status != 200; ++i) {
        RawClient client(server.port());
        status = status_of(client.ask(get_request("/livez")));
    }
    EXPECT_EQ(status, 200);
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

/// Sends the bytes and a good request behind them; expects one answer with this status, and the end.
void expect_refused(
    RunningServer& server, std::string_view name, std::string_view bytes, int status
) {
    RawClient client(server.port());
    client.send(bytes);
    client.send(get_page);
    client.half_close();
    const std::string all = client.read_to_end();
    EXPECT_EQ(status_of(all), status) << name << "\n" << all;
    EXPECT_EQ(count(all, "HTTP/1.1 "), 1U) << name << "\n" << all;
    EXPECT_EQ(header_of(all, "content-type"), "application/problem+json") << name;
    EXPECT_EQ(header_of(all, "connection"), "close") << name;
}

struct Vector {
    std::string_view name;
    std::string_view bytes;
    int status = 400;
};

using namespace std::string_view_literals;

// --- where a request ends ------------------------------------------------------------------------

constexpr Vector lengths[] = {
    {"length and coding",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n"},
    {"coding and length",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: "
     "5\r\n\r\n0\r\n\r\n"},
    {"two equal lengths",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}"},
    {"two lengths",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 0\r\n\r\n{}"},
    {"a list of lengths", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n\r\n{}"},
    {"a signed length", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: +2\r\n\r\n{}"},
    {"a negative length", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: -2\r\n\r\n{}"},
    {"a hexadecimal length", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 0x2\r\n\r\n{}"},
    {"a length with a tail", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 2 2\r\n\r\n{}"},
    {"an empty length", "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n{}"},
    {"a length beyond 64 bits",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551618\r\n\r\n{}"},
    {"identity",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"},
    {"gzip, chunked",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
    {"chunked twice",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"},
    {"chunked in two fields",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "chunked\r\n\r\n0\r\n\r\n"},
    {"chunked and nonsense",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
     "x\r\n\r\n0\r\n\r\n"},
    {"a coding nobody knows",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"},
    {"a quoted coding",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"},
    {"a coding behind a vertical tab",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\x0b"
     "chunked\r\n\r\n0\r\n\r\n"},
    {"a coding in HTTP/1.0",
     "POST /v1/items HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
    {"a blank before the colon",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n"},
    {"a folded coding",
     "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"},
    {"a hidden length", "POST /v1/items HTTP/1.1\r\nHost: a\r\nX: y\rContent-Length: 2\r\n\r\n{}"},
};

// --- lines and fields ----------------------------------------------------------------------------

constexpr Vector lines[] = {
    {"bare line feeds", "GET /page HTTP/1.1\nHost: a\n\n"},
    {"one bare line feed", "GET /page HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"},
    {"a bare line feed at the end", "GET /page HTTP/1.1\r\nHost: a\r\n\n"},
    {"a bare carriage return", "GET /page HTTP/1.1\r\nHost: a\rX: y\r\n\r\n"},
    {"two carriage returns", "GET /page HTTP/1.1\r\r\nHost: a\r\n\r\n"},
    {"NUL in a value", "GET /page HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n"sv},
    {"NUL in a name", "GET /page HTTP/1.1\r\nHost: a\r\nX\0Y: b\r\n\r\n"sv},
    {"NUL in the target", "GET /page\0 HTTP/1.1\r\nHost: a\r\n\r\n"sv},
    {"NUL at the start", "\0GET /page HTTP/1.1\r\nHost: a\r\n\r\n"sv},
    {"a control character in a value",
     "GET /page HTTP/1.1\r\nHost: a\r\nX: a\x01"
     "b\r\n\r\n"},
    {"a folded field", "GET /page HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"},
    {"a field folded with a tab", "GET /page HTTP/1.1\r\nHost: a\r\nX: a\r\n\tb\r\n\r\n"},
    {"a folded first line", "GET /page HTTP/1.1\r\n Host: a\r\n\r\n"},
    {"no colon", "GET /page HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n"},
    {"no name", "GET /page HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"},
    {"a blank in a name", "GET /page HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n"},
    {"a letter that names have not", "GET /page HTTP/1.1\r\nHost: a\r\nX@Y: b\r\n\r\n"},
    {"no host", "GET /page HTTP/1.1\r\nX: y\r\n\r\n"},
    {"two hosts", "GET /page HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
    {"an expectation nobody meets", "GET /page HTTP/1.1\r\nHost: a\r\nExpect: wonders\r\n\r\n"},
};

// --- the first line ------------------------------------------------------------------------------

constexpr Vector first_lines[] = {
    {"absolute form", "GET http://elsewhere/page HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"authority form", "CONNECT elsewhere:443 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"no slash", "GET page HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a fragment", "GET /page#x HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a blank in the target", "GET /pa ge HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a broken escape", "GET /p%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an escaped NUL", "GET /page?x=%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"escaped bytes that are no text", "GET /page?x=%ff HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an escaped overlong slash", "GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"an empty line first", "\r\nGET /page HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"two blanks", "GET  /page HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"a tab", "GET\t/page HTTP/1.1\r\nHost: a\r\n\r\n"},
    {"no version", "GET /page\r\nHost: a\r\n\r\n"},
    {"another version", "GET /page HTTP/1.2\r\nHost: a\r\n\r\n"},
    {"a version in small letters", "GET /page http/1.1\r\nHost: a\r\n\r\n"},
    {"something behind the version", "GET /page HTTP/1.1 x\r\nHost: a\r\n\r\n"},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
    {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"sv},
    {"a method that is no token", "G(T /page HTTP/1.1\r\nHost: a\r\n\r\n"},
};

// --- chunks --------------------------------------------------------------------------------------

constexpr Vector chunks[] = {
    {"no size", "\r\nhello\r\n0\r\n\r\n"},
    {"a size that is no number", "g\r\nhello\r\n0\r\n\r\n"},
    {"a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"},
    {"a negative size", "-5\r\nhello\r\n0\r\n\r\n"},
    {"a signed size", "+5\r\nhello\r\n0\r\n\r\n"},
    {"a blank before the size", " 5\r\nhello\r\n0\r\n\r\n"},
    {"a blank behind the size", "5 \r\nhello\r\n0\r\n\r\n"},
    {"a size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"},
    {"an extension", "5;a=b\r\nhello\r\n0\r\n\r\n"},
    {"an extension with a line feed", "5;a\nb\r\nhello\r\n0\r\n\r\n"},
    {"an extension of the last chunk", "5\r\nhello\r\n0;a=b\r\n\r\n"},
    {"a line feed behind the size", "5\nhello\r\n0\r\n\r\n"},
    {"more than the size", "5\r\nhelloX\r\n0\r\n\r\n"},
    {"less than the size", "6\r\nhello\r\n0\r\n\r\n"},
    {"a line feed behind the data", "5\r\nhello\n0\r\n\r\n"},
    {"a trailer", "5\r\nhello\r\n0\r\nX: y\r\n\r\n"},
    {"a length as a trailer", "5\r\nhello\r\n0\r\nContent-Length: 9\r\n\r\n"},
    {"a bare line feed at the end", "5\r\nhello\r\n0\r\n\n"},
};

TEST(Abuse, refuses_every_doubt_about_where_a_request_ends) {
    RunningServer server(http::ServerLimits{});
    for (const Vector& vector : lengths) {
        expect_refused(server, vector.name, vector.bytes, vector.status);
    }
    expect_goes_on(server);
}

TEST(Abuse, refuses_lines_and_fields_that_others_might_read_otherwise) {
    RunningServer server(http::ServerLimits{});
    for (const Vector& vector : lines) {
        expect_refused(server, vector.name, vector.bytes, vector.status);
    }
    expect_goes_on(server);
}

TEST(Abuse, refuses_targets_and_versions_that_are_not_plain) {
    RunningServer server(http::ServerLimits{});
    for (const Vector& vector : first_lines) {
        expect_refused(server, vector.name, vector.bytes, vector.status);
    }
    expect_goes_on(server);
}

TEST(Abuse, refuses_bad_chunks) {
    RunningServer server(http::ServerLimits{});
    const std::string head =
        "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const Vector& vector : chunks) {
        expect_refused(server, vector.name, head + std::string(vector.bytes), vector.status);
    }
    expect_goes_on(server);
}

// --- too much ------------------------------------------------------------------------------------

TEST(Abuse, refuses_heads_without_measure) {
    RunningServer server(http::ServerLimits{});
    const std::string start = "GET /page HTTP/1.1\r\nHost: a\r\n";
    std::string fields;
    for (int i = 0; i < 101; ++i) fields += "X: y\r\n";
    expect_refused(server, "a target of 9 KiB", get_request("/" + std::string(9000, 'a')), 414);
    expect_refused(server, "a line that never ends", "GET /" + std::string(9000, 'a'), 414);
    expect_refused(
        server, "a field of 17 KiB", start + "X: " + std::string(17'000, 'a') + "\r\n\r\n", 431
    );
    expect_refused(
        server, "a field that never ends", start + "X: " + std::string(20'000, 'a'), 431
    );
    expect_refused(server, "102 fields", start + fields + "\r\n", 431);
    RawClient endless(server.port());
    endless.send(start);
    std::string more;
    while (more.size() < 1'000'000) more += "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n";
    int sent = 0;
    while (sent < 64 && endless.send(more)) ++sent;
    EXPECT_LT(sent, 64) << "somebody reads a head for ever";
    expect_goes_on(server);
}

TEST(Abuse, refuses_bodies_without_measure) {
    RunningServer server(http::ServerLimits{});
    const std::string start = "POST /v1/items HTTP/1.1\r\nHost: a\r\n";
    expect_refused(server, "announced", start + "Content-Length: 4097\r\n\r\n", 413);
    expect_refused(
        server, "announced as 2^63", start + "Content-Length: 9223372036854775808\r\n\r\n", 413
    );
    const std::string chunked = start + "Transfer-Encoding: chunked\r\n\r\n";
    expect_refused(server, "one large chunk", chunked + "1001\r\n", 413);
    expect_refused(server, "a chunk of 2^63", chunked + "8000000000000000\r\n", 413);
    std::string many = chunked;
    for (int i = 0; i < 5'000; ++i) many += "1\r\n[\r\n";
    expect_refused(server, "many small chunks", many, 413);
    expect_refused(
        server, "a size line that never ends", chunked + "5" + std::string(40'000, ' '), 400
    );
    expect_goes_on(server);
}

TEST(Abuse, refuses_a_hundred_thousand_brackets) {
    RunningServer server(http::ServerLimits{});
    for (const std::string_view bracket : {"[", "{\"a\":"}) {
        std::string body;
        for (int i = 0; i < 100'000; ++i) body += bracket;
        RawClient client(server.port());
        const std::string response = client.ask(
            "PATCH /v1/items/itm_01jd8xw9b2f0aqv1e4m7k3t5nz HTTP/1.1\r\nHost: a\r\nAuthorization: "
            "Bearer staff\r\n"
            "Content-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body
        );
        EXPECT_EQ(status_of(response), 400) << response;
        EXPECT_NE(response.find("malformed_json"), std::string::npos);
    }
    expect_goes_on(server);
}

// --- too slow ------------------------------------------------------------------------------------

TEST(Abuse, cuts_who_is_too_slow) {
    RunningServer server(short_limits());
    RawClient slow_head(server.port());
    slow_head.send("GET /page HTTP/1.1\r\nHost:");
    RawClient slow_body(server.port());
    slow_body.send("POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n{");
    RawClient slow_chunk(server.port());
    slow_chunk.send(
        "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"
    );
    RawClient silent(server.port());
    EXPECT_EQ(status_of(slow_head.read_to_end()), 408);
    EXPECT_EQ(status_of(slow_body.read_to_end()), 408);
    EXPECT_EQ(status_of(slow_chunk.read_to_end()), 408);
    EXPECT_EQ(silent.read_to_end(), "");
    expect_goes_on(server);
}

TEST(Abuse, cuts_who_keeps_dripping) {
    RunningServer server(short_limits());
    RawClient client(server.port());
    client.send("GET /page HTTP/1.1\r\nHost: a\r\n");
    int sent = 0;
    while (client.send("X") && sent < 2'000) {
        ++sent;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_LT(sent, 2'000);
    expect_goes_on(server);
}

TEST(Abuse, cuts_who_does_not_read) {
    RunningServer server(short_limits());
    RawClient deaf(server.port());
    for (int i = 0; i < 4; ++i) deaf.send(get_request("/big"));
    EXPECT_EQ(status_of(deaf.read_response(false)), 200);
    while (server.connections() > 0) {
    }
    expect_goes_on(server);
}

TEST(Abuse, does_not_let_a_slow_answer_hold_up_the_one_before) {
    RunningServer server(short_limits());
    RawClient client(server.port());
    client.send(get_page + get_request("/slow"));
    EXPECT_EQ(status_of(client.read_response()), 200);
    EXPECT_EQ(status_of(client.read_response()), 503);
    expect_goes_on(server);
}

TEST(Abuse, answers_for_a_handler_that_takes_too_long) {
    RunningServer server(short_limits());
    RawClient client(server.port());
    const std::string response = client.ask(get_request("/slow"));
    EXPECT_EQ(status_of(response), 503);
    EXPECT_EQ(header_of(response, "connection"), "close");
    EXPECT_TRUE(client.ended());
    expect_goes_on(server);
}

// --- gone ----------------------------------------------------------------------------------------

TEST(Abuse, answers_who_has_ended_only_one_direction) {
    RunningServer server(http::ServerLimits{});
    RawClient client(server.port());
    client.send(get_page);
    client.half_close();
    EXPECT_EQ(status_of(client.read_to_end()), 200);
    expect_goes_on(server);
}

TEST(Abuse, survives_who_goes_at_any_byte) {
    RunningServer server(http::ServerLimits{});
    const std::string whole = "POST /v1/items HTTP/1.1\r\nHost: a\r\nContent-Length: "
                              "5\r\nContent-Type: application/json\r\n\r\nhello";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        RawClient client(server.port());
        if (size % 2 == 0) client.reset_on_close();
        client.send(std::string_view(whole).substr(0, size));
    }
    RawClient away(server.port());
    away.send(get_request("/big"));
    away.reset_on_close();
    while (server.connections() > 1) {
    }
    expect_goes_on(server);
}

TEST(Abuse, survives_whatever_comes) {
    RunningServer server(short_limits());
    const std::string good = "POST /v1/items HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    memory::SeededRandom random(7);
    for (int i = 0; i < 1'500; ++i) {
        std::string bytes = good;
        for (std::uint64_t edits = 1 + random.below(4); edits > 0; --edits) {
            const std::size_t at = random.below(bytes.size());
            if (random.chance(300)) {
                bytes.erase(at, 1 + random.below(5));
            } else if (random.chance(500)) {
                bytes.insert(at, 1, static_cast<char>(random.below(256)));
            } else {
                bytes[at] = static_cast<char>(random.below(256));
            }
            if (bytes.empty()) bytes = good;
        }
        RawClient client(server.port());
        client.send(bytes);
        client.half_close();
        const int status = status_of(client.read_to_end());
        EXPECT_TRUE(status == 0 || (status >= 400 && status < 500)) << status << '\n' << bytes;
    }
    expect_goes_on(server);
}

} // namespace
} // namespace backline::http_tests
