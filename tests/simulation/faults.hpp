#pragma once

#include "adapters/memory/virtual_loop.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace backline::simulation {

/// A long absence of one whom the others wait for: longer than they are patient.
struct Absence {
    std::string_view who; ///< A service, `provider` or `bus`; empty: nobody is away.
    Duration begins_after{0};
    Duration lasts{0};
};

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
    std::uint64_t provider_lapsed =
        0; ///< what was reserved is not there any more when it is to be taken
    // the mail server
    std::uint64_t mail_away = 0; ///< not taken, and says so
    std::uint64_t mail_deaf = 0; ///< not taken; no answer comes
    std::uint64_t mail_mute = 0; ///< taken; no answer comes
    std::uint64_t mail_late = 0; ///< taken; the answer takes its time
    // processes
    std::uint64_t crash_every_s = 0; ///< mean time between crashes of one of the processes; 0: none
    Absence absence{};
    bool exclusive_store = true; ///< false: services trust no copy in memory

    static Faults draw(memory::SeededRandom& random);

    /// One line with every probability, for the head of a run.
    [[nodiscard]] std::string text() const;
};

/// A kind of bad luck that has a probability.
struct FaultKind {
    std::uint64_t Faults::* chance;
    std::string_view name; ///< In the tally.
    std::uint64_t most;    ///< Per mille, in the worst of seeds.
};

[[nodiscard]] std::span<const FaultKind> fault_kinds();

/// Everybody who may be away for long.
[[nodiscard]] std::span<const std::string_view> absentees();

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

    /// True if this kind of fault strikes now; counted if so.
    bool strikes(std::uint64_t Faults::* kind);

    /// From `low` to `high` milliseconds.
    Duration between(std::uint64_t low, std::uint64_t high) {
        return Duration{static_cast<std::int64_t>(low + loop_.random().below(high - low + 1))};
    }

    void heal() { healed_ = true; }

    /// From now on `who` is away; nobody, if empty.
    void send_away(std::string_view who) { absent_ = who; }

    [[nodiscard]] bool is_away(std::string_view who) const { return absent_ == who; }

    /// A commit of this document, or a step towards it, failed or was not answered for.
    void fail_commit(const std::string& document) { ++failed_commits_[document]; }

    [[nodiscard]] std::uint64_t failed_commits(const std::string& document) const {
        const auto found = failed_commits_.find(document);
        return found == failed_commits_.end() ? 0 : found->second;
    }

    [[nodiscard]] bool healed() const { return healed_; }

    [[nodiscard]] const Faults& faults() const { return faults_; }

    [[nodiscard]] Tally& tally() { return tally_; }

    [[nodiscard]] memory::VirtualLoop& loop() { return loop_; }

private:
    memory::VirtualLoop& loop_;
    Faults faults_;
    Tally& tally_;
    std::map<std::string, std::uint64_t> failed_commits_;
    std::string_view absent_;
    bool healed_ = false;
};

} // namespace backline::simulation
