// At stake: a provider that forgets what it charged makes every check against its books worthless.
// Method: books are closed and opened again, torn in the middle of a group, and replaced by garbage.
#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/sandbox_pay/file_ledger.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "platform/async/task_group.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace backline::sandbox_pay {
namespace {

struct FileLedgers : testing::Test {
    std::filesystem::path folder;
    std::filesystem::path path;

    FileLedgers() {
        std::string made = testing::TempDir() + "backline-ledger-XXXXXX";
        folder = ::mkdtemp(made.data());
        path = folder / "provider.db";
    }

    ~FileLedgers() override { std::filesystem::remove_all(folder); }

    [[nodiscard]] static LedgerRow row(std::int64_t number) {
        return {
            .number = number,
            .key = ProviderKey::of("key ü'\" " + std::to_string(number)),
            .operation = ProviderOperation::refund,
            .id = ProviderRef::of("sbx_1"),
            .payment = PaymentId::from_parts({}, 1, 2),
            .amount = {9'007'199'254'740'993, Currency("JPY")},
            .ok = false,
            .decline = payments::DeclineReason::insufficient_funds,
            .refund = payments::RefundId::from_parts({}, 3, 4),
            .token = orders::PaymentToken::of("tok_insufficient_funds"),
            .at = Instant(Duration(1'700'000'000'123)),
            .settles_at = Instant(Duration(1'700'000'000'456)),
        };
    }
};

TEST_F(FileLedgers, keep_every_field) {
    FileLedger(path).append(row(1));
    FileLedger ledger(path);
    const std::optional<LedgerRow> read = ledger.find(row(1).key);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(*read, row(1));
    LedgerRow bare = row(2);
    bare.refund.reset();
    bare.decline.reset();
    ledger.append(bare);
    EXPECT_EQ(ledger.list(1, 10), std::vector{bare});
}

TEST_F(FileLedgers, keep_nothing_of_a_group_that_failed) {
    FileLedger ledger(path);
    ledger.append(row(1));
    const auto torn = [&] {
        ledger.append(row(2));
        throw std::runtime_error("torn");
    };
    EXPECT_THROW(ledger.atomically(torn), std::runtime_error);
    const auto doubled = [&] {
        ledger.append(row(2));
        ledger.append(row(2));
    };
    EXPECT_THROW(ledger.atomically(doubled), std::runtime_error);
    EXPECT_EQ(ledger.newest(), 1);
    ledger.atomically([&] { ledger.append(row(2)); });
    EXPECT_EQ(ledger.newest(), 2);
}

TEST_F(FileLedgers, count_failures_across_restarts) {
    const ProviderRef id = ProviderRef::of("sbx_1");
    EXPECT_EQ(FileLedger(path).count_failure(id), 1);
    EXPECT_EQ(FileLedger(path).count_failure(id), 2);
    EXPECT_EQ(FileLedger(path).count_failure(ProviderRef::of("sbx_2")), 1);
}

TEST_F(FileLedgers, that_cannot_be_used_say_so) {
    EXPECT_THROW(FileLedger(folder / "missing" / "provider.db"), std::runtime_error);
    std::ofstream(path) << std::string(10'000, 'x');
    try {
        const FileLedger broken(path);
        FAIL() << "opened garbage";
    } catch (const std::runtime_error& failure) {
        EXPECT_NE(std::string(failure.what()).find("cannot be used"), std::string::npos)
            << failure.what();
    }
}

Task<> buy(SandboxPay& provider, std::uint64_t number) {
    const PaymentId payment = PaymentId::from_parts({}, 1, number);
    ProviderCall call{
        .key = ProviderKey::of(payment.text() + "/1"),
        .payment = payment,
        .amount = {100, Currency("EUR")},
        .token = orders::PaymentToken::of(token::ok),
    };
    for (const auto each :
         {ProviderOperation::create, ProviderOperation::authorise, ProviderOperation::capture}) {
        call.operation = each;
        call.key = ProviderKey::of(payment.text() + std::to_string(static_cast<int>(each)));
        const ProviderPayment answer = co_await provider.call(call);
        call.id = answer.id;
    }
}

Task<> buy_all(SandboxPay& provider, std::uint64_t first) {
    TaskGroup group([](const std::exception_ptr&) { ADD_FAILURE() << "a buyer broke"; });
    for (std::uint64_t each = 0; each < 100; ++each) group.spawn(buy(provider, first + each));
    co_await group.join();
}

TEST_F(FileLedgers, serve_real_threads_and_survive_a_restart) {
    for (std::uint64_t start = 0; start < 2; ++start) {
        asio_runtime::AsioRuntime runtime;
        FileLedger ledger(path);
        SandboxPay provider(runtime, ledger, {});
        runtime.run(buy_all(provider, start * 100));
        EXPECT_EQ(ledger.newest(), 300 * (start + 1));
    }
}

} // namespace
} // namespace backline::sandbox_pay
