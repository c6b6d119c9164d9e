#include "tests/simulation/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace backline::simulation {

namespace {

constexpr std::array kinds{
    FaultKind{&Faults::store_conflict, "store conflict", 100},
    FaultKind{&Faults::store_refused, "store refused", 50},
    FaultKind{&Faults::store_reply_lost, "store reply lost", 50},
    FaultKind{&Faults::store_slow, "store slow", 50},
    FaultKind{&Faults::publish_lost, "publish lost", 150},
    FaultKind{&Faults::confirm_lost, "confirm lost", 150},
    FaultKind{&Faults::delivered_twice, "delivered twice", 200},
    FaultKind{&Faults::delivered_late, "delivered late", 100},
    FaultKind{&Faults::ack_lost, "ack lost", 100},
    FaultKind{&Faults::request_lost, "request lost", 50},
    FaultKind{&Faults::response_lost, "response lost", 100},
    FaultKind{&Faults::provider_away, "provider away", 100},
    FaultKind{&Faults::provider_deaf, "provider request lost", 100},
    FaultKind{&Faults::provider_mute, "provider answer lost", 100},
    FaultKind{&Faults::provider_late, "provider late", 100},
    FaultKind{&Faults::provider_twice, "provider notices twice", 100},
    FaultKind{&Faults::provider_lapsed, "provider reservation lapsed", 400},
    FaultKind{&Faults::mail_away, "mail server away", 150},
    FaultKind{&Faults::mail_deaf, "mail request lost", 150},
    FaultKind{&Faults::mail_mute, "mail answer lost", 150},
    FaultKind{&Faults::mail_late, "mail answer late", 300},
};

constexpr std::array<std::string_view, 9> may_be_away{
    "users",
    "catalog",
    "inventory",
    "payments",
    "orders",
    "notifications",
    "provider",
    "mail server",
    "bus"
};

/// A little longer than each patience of the saga: half a minute, five minutes, a quarter of an hour.
constexpr std::array<std::int64_t, 3> absence_minutes{1, 6, 16};

/// Off in half of the seeds, otherwise up to `most`.
std::uint64_t drawn(memory::SeededRandom& random, std::uint64_t most) {
    return random.chance(500) ? 0 : 1 + random.below(most);
}

Absence draw_absence(memory::SeededRandom& random) {
    if (!random.chance(250)) return {};
    const std::string_view who = may_be_away[random.below(may_be_away.size())];
    const auto begins_after = static_cast<std::int64_t>(random.below(60'000));
    const auto seconds = static_cast<std::int64_t>(random.below(60));
    const std::chrono::minutes minutes{absence_minutes[random.below(absence_minutes.size())]};
    return {who, Duration{begins_after}, minutes + std::chrono::seconds{seconds}};
}

} // namespace

std::span<const FaultKind> fault_kinds() {
    return kinds;
}

std::span<const std::string_view> absentees() {
    return may_be_away;
}

Faults Faults::draw(memory::SeededRandom& random) {
    Faults faults;
    for (const FaultKind& kind : kinds) faults.*kind.chance = drawn(random, kind.most);
    faults.crash_every_s = random.chance(500) ? 0 : 5 + random.below(40);
    faults.absence = draw_absence(random);
    faults.exclusive_store = random.chance(500);
    return faults;
}

std::string Faults::text() const {
    std::string text;
    for (const FaultKind& kind : kinds) {
        text += fmt::format("{} {}, ", kind.name, this->*kind.chance);
    }
    if (!absence.who.empty()) {
        text += fmt::format(
            "{} away after {} ms for {} ms, ",
            absence.who,
            absence.begins_after.count(),
            absence.lasts.count()
        );
    }
    text += fmt::format(
        "crash every {} s, {} store", crash_every_s, exclusive_store ? "exclusive" : "shared"
    );
    return text;
}

bool Fate::strikes(std::uint64_t Faults::* kind) {
    const bool hit = !healed_ && faults_.*kind > 0 && loop_.random().chance(faults_.*kind);
    if (hit) tally_.count(std::ranges::find(kinds, kind, &FaultKind::chance)->name);
    return hit;
}

} // namespace backline::simulation
