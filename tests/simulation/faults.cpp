#include "tests/simulation/faults.hpp"

#include <fmt/format.h>

namespace backline::simulation {

namespace {

/// Off in half of the seeds, otherwise up to `most`.
std::uint64_t drawn(memory::SeededRandom& random, std::uint64_t most) {
    return random.chance(500) ? 0 : 1 + random.below(most);
}

} // namespace

Faults Faults::draw(memory::SeededRandom& random) {
    Faults faults;
    faults.store_conflict = drawn(random, 100);
    faults.store_refused = drawn(random, 50);
    faults.store_reply_lost = drawn(random, 50);
    faults.store_slow = drawn(random, 50);
    faults.publish_lost = drawn(random, 150);
    faults.confirm_lost = drawn(random, 150);
    faults.delivered_twice = drawn(random, 200);
    faults.delivered_late = drawn(random, 100);
    faults.ack_lost = drawn(random, 100);
    faults.request_lost = drawn(random, 50);
    faults.response_lost = drawn(random, 100);
    faults.provider_away = drawn(random, 100);
    faults.provider_deaf = drawn(random, 100);
    faults.provider_mute = drawn(random, 100);
    faults.provider_late = drawn(random, 100);
    faults.provider_twice = drawn(random, 100);
    faults.crash_every_s = random.chance(500) ? 0 : 5 + random.below(40);
    faults.exclusive_store = random.chance(500);
    return faults;
}

std::string Faults::text() const {
    return fmt::format(
        "store: conflict {} refused {} reply_lost {} slow {}; bus: lost {} confirm_lost {} twice "
        "{} "
        "late {} ack_lost {}; network: request_lost {} response_lost {}; "
        "provider: away {} deaf {} mute {} late {} twice {}; crash every {} s; {} store",
        store_conflict,
        store_refused,
        store_reply_lost,
        store_slow,
        publish_lost,
        confirm_lost,
        delivered_twice,
        delivered_late,
        ack_lost,
        request_lost,
        response_lost,
        provider_away,
        provider_deaf,
        provider_mute,
        provider_late,
        provider_twice,
        crash_every_s,
        exclusive_store ? "exclusive" : "shared"
    );
}

} // namespace backline::simulation
