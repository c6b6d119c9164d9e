#include "services/users/sessions/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace backline::simulation {

using users::Session;

namespace {

using Found = std::vector<std::string>;

/// By when the end of a session is known everywhere, whatever became of the event that tells of it: the service looks
/// for ended sessions once a minute.
constexpr Duration known_within{70'000};

/// When the family was seen to be over: a token was refused, or the log-out acknowledged.
std::optional<Instant> seen_over_at(const Family& family) {
    std::optional<Instant> over_at = family.logged_out_at;
    for (const TokenUse& use : family.refreshes) {
        if (use.status == 200) continue;
        if (!over_at || use.answered_at < *over_at) over_at = use.answered_at;
    }
    return over_at;
}

/// One use for each token, and none once the family is over.
void check_refreshes(const std::string& id, const Family& family, Found& found) {
    const std::optional<Instant> over_at = seen_over_at(family);
    std::set<std::string> used;
    for (const TokenUse& use : family.refreshes) {
        if (use.status != 200) continue;
        if (!used.insert(use.token).second) {
            found.push_back(fmt::format("inv 37: a refresh token of {} was taken twice", id));
        }
        if (over_at && use.asked_at > *over_at) {
            found.push_back(fmt::format("inv 37: {} was over and was refreshed", id));
        }
    }
}

/// Once the log-out is acknowledged, nobody gets in.
void check_visits(const std::string& id, const Family& family, Found& found) {
    for (const TokenUse& visit : family.visits) {
        const bool late = family.logged_out_at && visit.asked_at > *family.logged_out_at;
        if (late && visit.status == 200) {
            found.push_back(fmt::format("inv 37: {} was logged out and let in", id));
        }
    }
}

/// What was seen to be over is over in the store, and so it is known to who checks tokens.
void check_end(World& world, const Session& session, const Family& family, Found& found) {
    const Instant now = world.loop().now().utc;
    const std::string id = session.id.text();
    const bool over = users::over(session, now);
    if (seen_over_at(family) && !over) {
        found.push_back(fmt::format("inv 37: {} lives on after its end", id));
    }
    if (!over) return;
    const Instant ended_at =
        *session.refuse_tokens_until - security::access_lifetime_max - security::leeway_max;
    if (ended_at + known_within > now) return;
    for (const std::string& token : family.access_tokens) {
        const auto principal = world.bearers().authenticate(token, now);
        if (principal) found.push_back(fmt::format("inv 37: {} is over and is let in", id));
    }
}

} // namespace

std::vector<std::string> check_sessions(World& world) {
    Found found;
    const auto sessions = documents<Session>(world.process("users").disk(), "users.sessions");
    for (const auto& [id, family] : world.journal().families) {
        check_refreshes(id, family, found);
        check_visits(id, family, found);
        check_end(world, sessions.at(id), family, found);
    }
    return found;
}

} // namespace backline::simulation
