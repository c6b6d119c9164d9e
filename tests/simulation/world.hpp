#pragma once

#include "adapters/memory/cheap_hasher.hpp"
#include "tests/simulation/bearers.hpp"
#include "tests/simulation/mail.hpp"
#include "tests/simulation/process.hpp"
#include "tests/simulation/provider.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace backline::simulation {

/// Every answer that a shopper got to one kind of request under one Idempotency-Key.
struct Attempted {
    std::string customer;
    std::string cart;
    Instant asked_at{}; ///< For the first time.
    std::vector<http::Response> answers{};
};

/// One use of a token, as who used it saw it.
struct TokenUse {
    std::string token;
    Instant asked_at{}; ///< For the first time.
    Instant answered_at{};
    int status = 0;
};

/// A session and all tokens that were ever handed out for it.
struct Family {
    std::vector<TokenUse> refreshes{};
    std::vector<TokenUse> visits{};
    std::vector<std::string> access_tokens{};
    std::optional<Instant> logged_out_at{}; ///< Acknowledged.
};

/// What the shoppers know of their own doing: the outside word that the oracles hold the shop to.
struct Journal {
    std::map<std::string, Attempted> placements; ///< By Idempotency-Key.
    std::map<std::string, Attempted> refunds;
    std::map<std::string, Email> addresses; ///< Of customers.
    std::map<std::string, Family> families; ///< By session.
    std::map<std::string, std::int64_t>
        adjusted; ///< Units per SKU that staff were told are booked.
};

/// The whole shop on virtual time: six services in processes of their own, the bus between them, the payment provider
/// and the people outside. One seed is one history.
class World final {
public:
    explicit World(std::uint64_t seed);
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// Lets people shop while faults rage, heals everything, and waits until the shop is quiet. Answers what broke an
    /// invariant; empty if nothing did.
    std::vector<std::string> run();

    /// Sends a request as `bearer` to whichever service has its path. Nothing if no answer came in time.
    Task<std::optional<http::Response>> send(
        http::Method method,
        std::string target,
        std::string body,
        std::string bearer,
        std::string key,
        std::optional<std::int64_t> if_match = {}
    );

    /// As `send`, again and again until there is an answer that is no 5xx.
    Task<http::Response> insist(
        http::Method method,
        std::string target,
        std::string body,
        std::string bearer,
        std::string key = {},
        std::optional<std::int64_t> if_match = {}
    );

    [[nodiscard]] Process& process(const std::string& service) { return *processes_.at(service); }

    [[nodiscard]] memory::VirtualLoop& loop() { return loop_; }

    [[nodiscard]] Runtime& outside() { return outside_; }

    [[nodiscard]] Fate& fate() { return fate_; }

    [[nodiscard]] Broker& broker() { return broker_; }

    [[nodiscard]] Journal& journal() { return journal_; }

    [[nodiscard]] const Journal& journal() const { return journal_; }

    [[nodiscard]] Tally& tally() { return tally_; }

    [[nodiscard]] const Provider& provider() const { return provider_; }

    [[nodiscard]] Bearers& bearers() { return bearers_; }

    [[nodiscard]] const MailServer& mail_server() const { return mail_server_; }

    [[nodiscard]] std::uint64_t seed() const { return seed_; }

    /// Keeps the first exception that leaves a simulated person: a bug, told at the end of the run.
    void fail(const std::exception_ptr& thrown) {
        if (!failure_) failure_ = thrown;
    }

private:
    void add_process(const std::string& service, MakeService make);
    void add_processes();
    Service make_users(Backends on);
    Task<> crash_now_and_then();
    Task<> restart_later(std::string service);
    Task<> be_away_once();
    void heal();
    [[nodiscard]] bool quiet();
    [[nodiscard]] std::vector<std::string> unrest();
    [[nodiscard]] std::vector<std::string> judged_by(std::vector<std::string> (*check)(World&));
    bool run_until_quiet(Duration patience);

    std::uint64_t seed_;
    memory::VirtualLoop loop_;
    Tally tally_;
    Fate fate_;
    memory::VirtualRuntime outside_;
    Bearers bearers_;
    std::unique_ptr<observe::Log> log_ = observe::make_silent_log();
    Provider provider_;
    MailServer mail_server_;
    std::vector<std::unique_ptr<memory::CheapHasher>> hashers_; ///< One for each life of users.
    Broker broker_;
    Journal journal_;
    std::exception_ptr failure_;
    std::map<std::string, std::unique_ptr<Process>> processes_;
    TaskGroup people_;
};

} // namespace backline::simulation
