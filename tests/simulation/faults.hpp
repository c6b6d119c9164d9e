#pragma once

#include "adapters/memory/virtual_loop.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace backline::simulation {

/// How often each kind of bad luck strikes, per mille of its occasions. Each seed draws its own mixture, many with most
/// kinds off ("swarm testing", Groce and others 2012), so that one fault does not hide another. `heal` ends them all.
struct Faults {
    // the store
    std::uint64_t store_conflict = 0;   ///< says that another writer was faster
    std::uint64_t store_refused = 0;    ///< certainly did nothing, and says so
    std::uint64_t store_reply_lost = 0; ///< committed, and says that it does not know
    std::uint64_t store_slow = 0;
    // the bus
    std::uint64_t publish_lost = 0; ///< never arrived
    std::uint64_t confirm_lost = 0; ///< arrived, and is said not to have
    std::uint64_t delivered_twice = 0;
    std::uint64_t delivered_late = 0; ///< up to a minute
    std::uint64_t ack_lost = 0;       ///< handled, and delivered again
    // the network between shoppers and services
    std::uint64_t request_lost = 0;
    std::uint64_t response_lost = 0;
    // the payment provider
    std::uint64_t provider_away = 0; ///< not taken, and says so
    std::uint64_t provider_deaf = 0; ///< not taken; no answer comes
    std::uint64_t provider_mute = 0; ///< done; no answer comes
    std::uint64_t provider_late = 0;
    std::uint64_t provider_twice = 0; ///< done, and notices come twice
    // processes
    std::uint64_t crash_every_s = 0; ///< mean time between crashes of one of the processes; 0: none
    bool exclusive_store = true;     ///< false: services trust no copy in memory

    static Faults draw(memory::SeededRandom& random);

    /// One line with every probability, for the head of a run.
    [[nodiscard]] std::string text() const;
};

/// How often what really happened: injected faults, and whatever else a run wants to be sure of.
class Tally final {
public:
    void count(std::string_view what) { ++counts_[std::string(what)]; }

    void add(const Tally& other) {
        for (const auto& [what, count] : other.counts_) counts_[what] += count;
    }

    [[nodiscard]] std::uint64_t of(const std::string& what) const {
        const auto found = counts_.find(what);
        return found == counts_.end() ? 0 : found->second;
    }

    [[nodiscard]] const std::map<std::string, std::uint64_t>& all() const { return counts_; }

private:
    std::map<std::string, std::uint64_t> counts_;
};

/// Rolls the dice and keeps the tally.
class Fate final {
public:
    Fate(memory::VirtualLoop& loop, Faults faults, Tally& tally)
        : loop_(loop)
        , faults_(faults)
        , tally_(tally) {}

    /// True if this kind of fault strikes now; counted under `what` if so.
    bool strikes(std::uint64_t Faults::* kind, std::string_view what) {
        const bool hit = !healed_ && faults_.*kind > 0 && loop_.random().chance(faults_.*kind);
        if (hit) tally_.count(what);
        return hit;
    }

    /// From `low` to `high` milliseconds.
    Duration between(std::uint64_t low, std::uint64_t high) {
        return Duration{static_cast<std::int64_t>(low + loop_.random().below(high - low + 1))};
    }

    void heal() { healed_ = true; }

    [[nodiscard]] bool healed() const { return healed_; }

    [[nodiscard]] const Faults& faults() const { return faults_; }

    [[nodiscard]] Tally& tally() { return tally_; }

    [[nodiscard]] memory::VirtualLoop& loop() { return loop_; }

private:
    memory::VirtualLoop& loop_;
    Faults faults_;
    Tally& tally_;
    bool healed_ = false;
};

} // namespace backline::simulation
