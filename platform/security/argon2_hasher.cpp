#include "platform/security/argon2_hasher.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/invariant.hpp"
#include "platform/base/problem.hpp"

#include <sodium.h>

#include <array>

namespace backline::security {

namespace {

constexpr std::size_t password_bytes_max = 1024;

std::string blake2b(std::string_view text, std::string_view key) {
    std::string digest(crypto_generichash_BYTES_MAX, '\0');
    crypto_generichash(
        reinterpret_cast<unsigned char*>(digest.data()),
        digest.size(),
        reinterpret_cast<const unsigned char*>(text.data()),
        text.size(),
        key.empty() ? nullptr : reinterpret_cast<const unsigned char*>(key.data()),
        key.size()
    );
    return digest;
}

std::string argon2id(const std::string& password, std::uint64_t passes, std::size_t memory_bytes) {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    const int failed = crypto_pwhash_str_alg(
        text.data(),
        password.data(),
        password.size(),
        passes,
        memory_bytes,
        crypto_pwhash_ALG_ARGON2ID13
    );
    if (failed != 0) {
        throw Unavailable(Unavailable::Outcome::not_done, "no memory to hash a password");
    }
    return text.data();
}

bool fits(const std::string& hash) {
    return hash.size() < crypto_pwhash_STRBYTES;
}

} // namespace

Argon2Hasher::Place::Place(Argon2Hasher& hasher) : hasher_(hasher) {
    if (hasher.waiting_ >= hasher.settings_.waiting_max) {
        throw Unavailable(
            Unavailable::Outcome::not_done,
            "too many passwords wait to be hashed",
            std::chrono::seconds(1)
        );
    }
    ++hasher.waiting_;
}

Argon2Hasher::Argon2Hasher(Runtime& lane, Argon2Settings settings)
    : lane_(lane)
    , settings_(std::move(settings)) {
    INVARIANT(sodium_init() >= 0, "libsodium starts");
    INVARIANT(settings_.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN, "Argon2 has memory to work in");
    INVARIANT(settings_.passes >= 1, "Argon2 makes one pass at least");
    INVARIANT(settings_.waiting_max >= 1, "one password at least may be hashed");
}

std::string Argon2Hasher::peppered(const std::string& password) const {
    const std::string& pepper = settings_.pepper.reveal();
    return pepper.empty() ? password : blake2b(password, blake2b(pepper, ""));
}

Task<std::string> Argon2Hasher::hash(Secret<std::string> password) {
    INVARIANT(
        password.reveal().size() <= password_bytes_max, "the policy has bounded a password's length"
    );
    const Place place(*this);
    auto work = [bytes = peppered(password.reveal()),
                 passes = settings_.passes,
                 memory = settings_.memory_bytes] { return argon2id(bytes, passes, memory); };
    co_return co_await offloaded(lane_, std::move(work));
}

Task<bool> Argon2Hasher::verify(std::string hash, Secret<std::string> password) {
    if (!fits(hash) || password.reveal().size() > password_bytes_max) co_return false;
    const Place place(*this);
    auto work = [bytes = peppered(password.reveal()), hash = std::move(hash)] {
        return crypto_pwhash_str_verify(hash.c_str(), bytes.data(), bytes.size()) == 0;
    };
    co_return co_await offloaded(lane_, std::move(work));
}

bool Argon2Hasher::needs_rehash(const std::string& hash) const {
    return !fits(hash) ||
           crypto_pwhash_str_needs_rehash(hash.c_str(), settings_.passes, settings_.memory_bytes) !=
               0;
}

std::string Argon2Hasher::decoy() const {
    // A salt and a tag of zeroes: finding a password for it is a preimage of the tag.
    return "$argon2id$v=19$m=" + std::to_string(settings_.memory_bytes / 1024) +
           ",t=" + std::to_string(settings_.passes) + ",p=1$" + std::string(22, 'A') + "$" +
           std::string(43, 'A');
}

} // namespace backline::security
