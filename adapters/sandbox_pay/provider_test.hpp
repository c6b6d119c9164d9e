#pragma once

#include "adapters/memory/virtual_loop.hpp"
#include "adapters/sandbox_pay/file_ledger.hpp"
#include "adapters/sandbox_pay/memory_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "platform/base/problem.hpp"
#include "tests/support/folder.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <gtest/gtest.h>

#include <filesystem>

namespace backline::sandbox_pay {

using namespace std::chrono_literals;
using payments::ProviderRefund;
using payments::ProviderRefundStatus;
using payments::RefundId;

constexpr Money euros(std::int64_t cents) {
    return {cents, Currency("EUR")};
}

inline const PaymentId first = PaymentId::from_parts({}, 1, 1);
inline const PaymentId second = PaymentId::from_parts({}, 2, 2);
inline const RefundId one = RefundId::from_parts({}, 1, 1);
inline const RefundId two = RefundId::from_parts({}, 2, 2);

inline ProviderCall new_payment(
    std::string_view token, PaymentId payment, Money amount = euros(5000)
) {
    return {
        .operation = ProviderOperation::create,
        .key = ProviderKey::of(payment.text() + "/create"),
        .payment = payment,
        .amount = amount,
        .token = orders::PaymentToken::of(token),
    };
}

using tests::Folder;

struct InFile {
    Folder folder;
    FileLedger ledger{folder.path / "provider.db"};
};

struct InMemory {
    MemoryLedger ledger;
};

/// The sandbox on virtual time, with words for what a shop does with it.
template <class Books> struct Provider : testing::Test {
    Books books;
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    SandboxPay provider{runtime, books.ledger, Settings{}};

    ProviderPayment ask(ProviderCall call) {
        return memory::run(loop, provider.call(std::move(call)));
    }

    ProviderCall about(
        const ProviderPayment& payment, ProviderOperation operation, std::string_view key
    ) {
        return {
            .operation = operation,
            .key = ProviderKey::of(key),
            .payment = owner(payment),
            .id = payment.id,
            .amount = payment.amount,
        };
    }

    ProviderPayment create(std::string_view token, PaymentId payment = first) {
        return ask(new_payment(token, payment));
    }

    ProviderPayment authorise(const ProviderPayment& payment, std::string_view key) {
        return ask(about(payment, ProviderOperation::authorise, key));
    }

    ProviderPayment capture(const ProviderPayment& payment, std::string_view key) {
        return ask(about(payment, ProviderOperation::capture, key));
    }

    ProviderPayment void_payment(const ProviderPayment& payment, std::string_view key) {
        return ask(about(payment, ProviderOperation::void_, key));
    }

    ProviderPayment query(const ProviderPayment& payment) {
        return ask(about(payment, ProviderOperation::query, "-"));
    }

    ProviderPayment refund(
        const ProviderPayment& payment, Money amount, RefundId name, std::string_view key
    ) {
        ProviderCall call = about(payment, ProviderOperation::refund, key);
        call.amount = amount;
        call.refund = name;
        return ask(std::move(call));
    }

    ProviderPayment captured(PaymentId payment = first) {
        const std::string name = payment.text();
        return capture(authorise(create(token::ok, payment), name + "/a"), name + "/c");
    }

    /// `not_done`, `unknown` or `answered`.
    std::string fate(ProviderCall call) {
        try {
            std::ignore = ask(std::move(call));
        } catch (const Unavailable& broken) {
            return broken.outcome() == Unavailable::Outcome::unknown ? "unknown" : "not_done";
        }
        return "answered";
    }

    std::vector<LedgerRow> rows() { return memory::run(loop, provider.ledger(0, 100'000)); }

    /// The operations in the books, and which of them were turned down.
    std::string story() {
        std::string told;
        for (const LedgerRow& row : rows()) {
            if (!told.empty()) told += ' ';
            told += boost::describe::enum_to_string(row.operation, "?");
            if (!row.ok) told += '!';
        }
        return told;
    }

private:
    PaymentId owner(const ProviderPayment& payment) {
        const std::vector<LedgerRow> known = books.ledger.of(payment.id);
        return known.empty() ? first : known.front().payment;
    }
};

using AllBooks = testing::Types<InMemory, InFile>;

struct Names {
    // NOLINTNEXTLINE(readability-identifier-naming): GoogleTest calls it so.
    template <class Books> static std::string GetName(int) {
        return std::is_same_v<Books, InFile> ? "file" : "memory";
    }
};

} // namespace backline::sandbox_pay
