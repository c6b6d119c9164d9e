#pragma once

#include <array>
#include <cstdint>

namespace backline::asio_runtime {

/// The kernel's random numbers, fetched 256 bytes at a time: a system call per id would cost more than the id.
class Randomness final {
public:
    [[nodiscard]] std::uint64_t next();

private:
    void refill();

    std::array<std::uint64_t, 32> numbers_{};
    std::size_t left_ = 0;
};

} // namespace backline::asio_runtime
