// At stake: money that adds up whatever comes, in whatever order, late, twice or never.
// Tested by thousands of random stories of one payment against the sandbox provider's own books.
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/sandbox_pay/core.hpp"
#include "adapters/sandbox_pay/memory_ledger.hpp"
#include "services/payments/payments/model/samples_test.hpp"
#include "services/payments/refunds/model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace backline::payments {

namespace {

using namespace samples;
namespace sandbox = sandbox_pay;

constexpr std::array tokens{
    sandbox::token::ok,
    sandbox::token::ok,
    sandbox::token::declined,
    sandbox::token::processing,
    sandbox::token::timeout_after_charge
};

/// One payment, orders that asks for whatever it likes, staff that refunds, and a network that loses, keeps and repeats
/// the provider's answers.
class Story final {
public:
    explicit Story(std::uint64_t seed) : random_(seed) {
        token_ = tokens[random_.below(tokens.size())];
    }

    void tell() {
        for (int turn = 0; turn < 40; ++turn) {
            now_ += Duration{static_cast<std::int64_t>(random_.below(1'500))};
            something_happens();
            check_bounds();
        }
        heal();
        check_bounds();
        check_books();
        check_end();
    }

    /// How often each event was raised, by name.
    [[nodiscard]] const std::map<std::string, int>& events() const { return events_; }

private:
    void something_happens() {
        const std::uint64_t what = random_.below(8);
        if (what == 0) {
            take(authorise(current(), payment_asked(order(), attempt(), token_), time()));
        } else if (what == 1) {
            take(capture(current(), capture_asked(order(), attempt()), time()));
        } else if (what == 2 && random_.chance(150)) {
            closed_ = true;
            take(close(current(), close_asked(order(), attempt()), time()));
        } else if (what == 3) {
            refund();
        } else if (what == 4) {
            hear(random_.below(answers_.size() + 1));
        } else {
            work();
        }
    }

    /// Asks the provider for what is next; the answer arrives, arrives later too, or is lost.
    void work() {
        if (!payment_) return;
        const Step step = next_step(*payment_, nullptr);
        if (step.kind != Step::Kind::call) return;
        follow(*step.call);
    }

    void follow(const ProviderCall& call) {
        const sandbox::Outcome outcome = sandbox::perform(ledger_, call, now_);
        answers_.push_back(*outcome.payment);
        const bool lost = random_.chance(300);
        if (lost) return take(put_off(*payment_, nullptr, now_ + Duration{1'000}));
        take(learn(*payment_, *outcome.payment, time()));
        const Step next = next_step(*payment_, &answers_.back());
        if (next.kind == Step::Kind::call && random_.chance(700)) follow(*next.call);
    }

    /// An answer of any time in the past comes again.
    void hear(std::size_t which) {
        if (which < answers_.size()) take(learn(*payment_, answers_[which], time()));
    }

    void refund() {
        if (!payment_) return;
        const auto cents = static_cast<std::int64_t>(1 + random_.below(6'000));
        Result<Change<Payment>> asked =
            ask_refund(&*payment_, refund_asked(*payment_, cents, random_.next()));
        if (asked) take(std::move(*asked));
    }

    /// The network is well again, and time passes.
    void heal() {
        for (int turn = 0; turn < 50 && payment_; ++turn) {
            now_ += Duration{5'000};
            const Step step = next_step(*payment_, nullptr);
            if (step.kind != Step::Kind::call) return;
            ProviderPayment seen = *sandbox::perform(ledger_, *step.call, now_).payment;
            take(learn(*payment_, seen, time()));
            const Step next = next_step(*payment_, &seen);
            if (next.kind != Step::Kind::call) continue;
            seen = *sandbox::perform(ledger_, *next.call, now_).payment;
            take(learn(*payment_, seen, time()));
        }
    }

    void take(Change<Payment> change) {
        const std::vector<Transaction> entries = transactions_of(change);
        books_.insert(books_.end(), entries.begin(), entries.end());
        for (const std::string& event : events_of(change)) ++events_[event];
        if (change.next) payment_ = std::move(change.next);
    }

    void check_bounds() const {
        if (!payment_) return;
        EXPECT_LE(promised_back(*payment_).amount, payment_->captured.amount);
        EXPECT_LE(payment_->captured.amount, payment_->authorised.amount);
        EXPECT_LE(payment_->authorised.amount, price.amount);
    }

    /// Our transactions are the provider's rows, one for one; debits are credits.
    void check_books() const {
        std::multiset<std::string> theirs;
        for (const sandbox::LedgerRow& row : ledger_.rows()) {
            if (took_place(row)) theirs.insert(row.key.text());
        }
        std::multiset<std::string> ours;
        std::map<Account, std::int64_t> balance;
        for (const Transaction& transaction : books_) {
            ours.insert(transaction.key.text());
            if (!transaction.posting) continue;
            balance[transaction.posting->debit] += transaction.amount.amount;
            balance[transaction.posting->credit] -= transaction.amount.amount;
        }
        EXPECT_EQ(ours, theirs);
        if (!payment_) return;
        const std::int64_t kept = payment_->captured.amount - refunded(*payment_).amount;
        EXPECT_EQ(balance[Account::provider_receivable], kept);
        EXPECT_EQ(balance[Account::sales_clearing], -payment_->captured.amount);
    }

    /// Creating moves nothing, and what was voided while the provider was at work on it was never authorised.
    [[nodiscard]] bool took_place(const sandbox::LedgerRow& row) const {
        if (row.operation == ProviderOperation::create) return false;
        return std::ranges::none_of(ledger_.rows(), [&](const sandbox::LedgerRow& other) {
            return other.operation == ProviderOperation::void_ && other.at < row.settles_at;
        });
    }

    void check_end() {
        if (!payment_) return;
        EXPECT_FALSE(payment_->attention.has_value());
        EXPECT_EQ(next_step(*payment_, nullptr).kind, Step::Kind::nothing);
        EXPECT_FALSE(payment_->due_at.has_value());
        if (!closed_) return;
        EXPECT_EQ(payment_->status, PaymentStatus::closed);
        EXPECT_EQ(payment_->captured.amount, refunded(*payment_).amount);
        EXPECT_GE(events_["payment_closed"], 1);
    }

    [[nodiscard]] const Payment* current() const { return payment_ ? &*payment_ : nullptr; }

    [[nodiscard]] When time() const { return {now_, now_ + Duration{30'000}}; }

    /// Mostly a new one, sometimes one that was used before.
    int attempt() {
        return static_cast<int>(1 + random_.below(static_cast<std::uint64_t>(++asked_)));
    }

    memory::SeededRandom random_;
    std::string_view token_;
    Instant now_ = noon;
    int asked_ = 0;
    bool closed_ = false;
    std::optional<Payment> payment_;
    sandbox::MemoryLedger ledger_;
    std::vector<ProviderPayment> answers_;
    std::vector<Transaction> books_;
    std::map<std::string, int> events_;
};

} // namespace

TEST(PaymentStories, add_up_whatever_comes) {
    std::map<std::string, int> told;
    for (std::uint64_t seed = 1; seed <= 3'000; ++seed) {
        SCOPED_TRACE(seed);
        Story story(seed);
        story.tell();
        if (testing::Test::HasFailure()) return;
        for (const auto& [event, count] : story.events()) told[event] += count;
    }
    for (const auto& [event, count] : told) EXPECT_GT(count, 100) << event;
    EXPECT_EQ(told.size(), 6U) << "every event of the service was raised";
}

} // namespace backline::payments
