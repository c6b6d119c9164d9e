#include "adapters/asio_runtime/randomness.hpp"

#include "platform/base/invariant.hpp"

#include <sys/random.h>

namespace backline::asio_runtime {

std::uint64_t Randomness::next() {
    if (left_ == 0) refill();
    --left_;
    return std::exchange(numbers_[left_], 0);
}

void Randomness::refill() {
    // Up to 256 bytes come whole and uninterrupted (getrandom(2)).
    static_assert(sizeof numbers_ <= 256);
    const ssize_t filled = getrandom(numbers_.data(), sizeof numbers_, 0);
    INVARIANT(filled == ssize_t{sizeof numbers_}, "the kernel gives random numbers");
    left_ = numbers_.size();
}

} // namespace backline::asio_runtime
