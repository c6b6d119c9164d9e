#include "platform/base/money.hpp"

namespace backline {
namespace {

void need_same_currency(const Money& left, const Money& right) {
    INVARIANT(left.currency == right.currency, "amounts of different currencies do not mix");
}

} // namespace

Money operator+(const Money& left, const Money& right) {
    need_same_currency(left, right);
    Money sum{0, left.currency};
    INVARIANT(
        !__builtin_add_overflow(left.amount, right.amount, &sum.amount),
        "a sum of money fits 64 bits"
    );
    return sum;
}

Money operator-(const Money& left, const Money& right) {
    need_same_currency(left, right);
    Money rest{0, left.currency};
    INVARIANT(
        !__builtin_sub_overflow(left.amount, right.amount, &rest.amount),
        "a difference of money fits 64 bits"
    );
    return rest;
}

Money operator-(const Money& money) {
    return Money{0, money.currency} - money;
}

Money operator*(const Money& money, std::int64_t quantity) {
    Money product{0, money.currency};
    INVARIANT(
        !__builtin_mul_overflow(money.amount, quantity, &product.amount),
        "a product of money fits 64 bits"
    );
    return product;
}

Money& operator+=(Money& left, const Money& right) {
    return left = left + right;
}

Money& operator-=(Money& left, const Money& right) {
    return left = left - right;
}

bool operator<(const Money& left, const Money& right) {
    need_same_currency(left, right);
    return left.amount < right.amount;
}

} // namespace backline
