#include "services/users/sessions/store.hpp"

#include "platform/schema/json.hpp"

#include <boost/describe/class.hpp>

namespace backline::users {

namespace {

/// Longer than the time between two refreshes of a session in use.
constexpr Duration copy_lives_for = std::chrono::hours{1};

/// How a copy is written.
struct CopiedSession {
    std::int64_t version = 0;
    std::int64_t events = 0;
    std::int64_t entries = 0;
    int schema = 1;
    std::string body{};
};
BOOST_DESCRIBE_STRUCT(CopiedSession, (), (version, events, entries, schema, body))

std::string key_of(const std::string& session) {
    return "session:" + session;
}

} // namespace

const store::CollectionSpec sessions_spec{
    .service = "users",
    .name = "sessions",
    .indexes =
        {
            {.name = "by_customer", .fields = {"customer", "started_at"}},
            {.name = "by_refusal", .fields = {"refuse_tokens_until"}},
        }
};

Task<std::optional<SessionCopy>> SessionCopies::find(SessionId id) {
    if (cache_ == nullptr) co_return std::nullopt;
    const std::optional<cache::Entry> entry = co_await cache_->get(key_of(id.text()));
    if (!entry) co_return std::nullopt;
    co_return read(id, *entry);
}

std::optional<SessionCopy> SessionCopies::read(const SessionId& id, const cache::Entry& entry)
    const {
    const auto text = signer_.open(key_of(id.text()), entry.bytes);
    if (!text) return std::nullopt;
    const auto copied = schema::read<CopiedSession>(*text, schema::Reading::tolerant);
    if (!copied) return std::nullopt;
    auto session = schema::read<Session>(copied->body, schema::Reading::tolerant);
    if (!session) return std::nullopt;
    return SessionCopy{
        std::move(*session),
        {id.text(), copied->version, copied->events, copied->entries, copied->schema, copied->body}
    };
}

Task<> SessionCopies::keep(std::optional<store::Stored> document) {
    if (cache_ == nullptr || !document) co_return;
    const CopiedSession copied{
        document->version, document->events, document->entries, document->schema, document->body
    };
    const std::string key = key_of(document->id);
    cache::Entry entry{document->version, signer_.seal(key, schema::write_json(copied))};
    co_await cache_->put(key, std::move(entry), copy_lives_for);
}

} // namespace backline::users
