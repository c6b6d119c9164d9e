#include "apps/backline/access_keys.hpp"

#include "adapters/key_file/key_file.hpp"
#include "platform/async/wait.hpp"

#include <filesystem>

namespace backline::app {

namespace {

constexpr Duration between_fetches{60'000};
constexpr Duration between_tries{1'000};

/// A process that does not sign gets a key that nobody else has ever seen.
security::KeyRing keys_of(Runtime& runtime, const Config& config, bool signs) {
    if (!signs) return security::KeyRing(security::SigningKey::generate(runtime));
    const std::string file = config.signing_keys.file.text();
    if (file.empty()) {
        const std::filesystem::path data = config.data.text();
        key_file::KeyFile own((data / "signing-keys.json").string());
        return security::load_or_make_keys(own, runtime);
    }
    // Two replicas must not make two keys.
    key_file::KeyFile shared(file);
    if (std::optional<security::KeyRing> saved = shared.load()) return *std::move(saved);
    throw std::runtime_error(
        "there are no signing keys in " + file + "; make them once with `backline keys " + file +
        "`"
    );
}

} // namespace

AccessKeys::AccessKeys(
    Runtime& runtime, const Config& config, bool signs, http::Client& client, observe::Log& log
)
    : AccessKeys(runtime, config, signs, client, log, keys_of(runtime, config, signs)) {}

AccessKeys::AccessKeys(
    Runtime& runtime,
    const Config& config,
    bool signs,
    http::Client& client,
    observe::Log& log,
    const security::KeyRing& keys
)
    : runtime_(runtime)
    , client_(client)
    , log_(log)
    , url_(signs ? "" : config.signing_keys.url.text())
    , public_(signs ? keys.public_keys() : std::vector<security::PublicKey>{})
    , signer_(keys.current(), {})
    , verifier_(public_, {}) {}

Task<> AccessKeys::wait_until_ready(Duration at_most) {
    const Monotonic end = runtime_.now().monotonic + at_most;
    while (!ready() && runtime_.now().monotonic < end) co_await sleep_for(runtime_, Duration{10});
}

Task<> AccessKeys::fetch_until(const bool& stopping) {
    if (url_.empty()) co_return;
    while (!stopping) {
        const bool fetched = co_await fetch();
        const Duration pause = fetched ? between_fetches : between_tries;
        const Monotonic next = runtime_.now().monotonic + pause;
        while (!stopping && runtime_.now().monotonic < next) {
            co_await sleep_for(runtime_, Duration{100});
        }
    }
}

/// Keys that cannot be had now are no reason to forget those that there are.
Task<bool> AccessKeys::fetch() {
    std::string cause;
    try {
        const http::ClientAnswer answer = co_await client_.send({.url = url_});
        if (auto keys = security::from_jwks(answer.body); answer.status == 200 && keys) {
            public_ = *std::move(keys);
            verifier_.replace_keys(public_);
            co_return true;
        }
        cause = "the answer is no key set";
    } catch (const Unavailable& failure) {
        cause = failure.what();
    }
    log_.warning("signing_keys_away", {{"url", url_}, {"cause", cause}});
    co_return false;
}

} // namespace backline::app
