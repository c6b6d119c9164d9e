#pragma once

#include "adapters/redis/connection.hpp"
#include "platform/security/ended_session_feed.hpp"

#include <optional>
#include <string>
#include <vector>

namespace backline::redis {

/// The list of ended sessions as one sorted set: sessions by the time until which they matter, and a mark that stands
/// behind all of them while the list is whole. Whatever takes the set away takes the mark, too.
class RedisEndedSessions final : public security::EndedSessionFeed {
public:
    /// Reads and restores in steps of `page`, so that none takes long.
    RedisEndedSessions(Runtime& runtime, Connection& connection, std::size_t page = 1'000)
        : runtime_(runtime)
        , connection_(connection)
        , key_(connection.prefix() + "ended_sessions")
        , page_(page) {}

    Task<bool> publish(security::EndedSession ended) override;
    Task<bool> restore(std::vector<security::EndedSession> all) override;
    Task<bool> whole() override;
    Task<std::optional<std::vector<security::EndedSession>>> all() override;

private:
    using Items = std::vector<Reply>;

    Task<bool> stage(std::string key, std::vector<security::EndedSession> some);
    Task<std::optional<Items>> read_page(std::size_t offset);
    Task<bool> still_marked(std::string mark);
    [[nodiscard]] std::string now() const;

    Runtime& runtime_;
    Connection& connection_;
    std::string key_;
    std::size_t page_;
};

} // namespace backline::redis
