// At stake: whoever can stand between the shop and its Redis server reads and writes sessions.
// How: a server with a certificate of the test's own making, and clients that trust it, another one, or another name.
#include "adapters/redis/bench_test.hpp"

#include <cstdlib>

namespace backline::redis {
namespace {

/// A certificate that signs for itself, made by the openssl program, in a folder of its own.
class Certificate final {
public:
    explicit Certificate(const std::string& names) {
        std::string made = testing::TempDir() + "backline-cert-XXXXXX";
        folder_ = ::mkdtemp(made.data());
        const std::string command =
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
            "-subj /CN=localhost -addext 'subjectAltName=" +
            names + "' -keyout " + key() + " -out " + path() + " 2>/dev/null";
        // NOLINTNEXTLINE(cert-env33-c): the command is the test's own.
        EXPECT_EQ(std::system(command.c_str()), 0);
    }

    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;

    ~Certificate() { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path() const { return folder_ / "cert.pem"; }

    [[nodiscard]] std::string key() const { return folder_ / "key.pem"; }

private:
    std::filesystem::path folder_;
};

class TlsTest : public RedisTest {
protected:
    void start_with(const Certificate& certificate) {
        start_server(
            {"--tls-cert-file",
             certificate.path(),
             "--tls-key-file",
             certificate.key(),
             "--tls-ca-cert-file",
             certificate.path(),
             "--tls-auth-clients",
             "no"}
        );
    }

    /// Why the server is not talked to, after it was tried; nothing if it is.
    std::string refusal(const std::string& host, const std::string& trusted) {
        Settings secure = settings();
        secure.tls = true;
        secure.host = host;
        secure.ca_file = trusted;
        secure.connects_within = Duration{2'000};
        bench.told.clear();
        bench.begin(secure);
        EXPECT_TRUE(bench.eventually([this] { return !bench.told.empty(); }));
        return bench.told.front();
    }
};

TEST_F(TlsTest, talks_to_the_server_of_that_name_that_it_trusts) {
    const Certificate certificate("DNS:localhost");
    start_with(certificate);
    EXPECT_EQ(refusal("localhost", certificate.path()), "");
    const auto reply = bench.call({"ECHO", "secret"});
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(reply->text, "secret");
}

TEST_F(TlsTest, talks_to_an_address_that_the_certificate_names) {
    const Certificate certificate("IP:127.0.0.1");
    start_with(certificate);
    EXPECT_EQ(refusal("127.0.0.1", certificate.path()), "");
}

TEST_F(TlsTest, does_not_talk_to_anybody_else) {
    const Certificate certificate("DNS:redis.example");
    const Certificate other("DNS:localhost");
    start_with(certificate);
    EXPECT_NE(refusal("localhost", certificate.path()), "") << "another name";
    EXPECT_NE(refusal("127.0.0.1", certificate.path()), "") << "no name";
    start_with(other);
    EXPECT_NE(refusal("localhost", certificate.path()), "") << "nobody whom we trust";
    EXPECT_NE(refusal("localhost", ""), "") << "nobody whom the machine trusts";
    EXPECT_NE(refusal("localhost", "/nowhere/authority.pem"), "") << "nobody at all";
    EXPECT_EQ(refusal("localhost", other.path()), "");
}

TEST_F(TlsTest, does_not_talk_in_the_clear_instead) {
    EXPECT_NE(refusal("127.0.0.1", ""), "") << "a server without TLS";
}

} // namespace
} // namespace backline::redis
