#include "tests/simulation/coverage.hpp"

#include <fmt/format.h>

#include <array>

namespace backline::simulation {

namespace {

constexpr std::uint64_t times_min = 10;

/// What people and processes do beside that, and the seeds must have seen.
constexpr std::array deeds{
    std::string_view("crash while busy"),
    std::string_view("price changes answered 200"),
    std::string_view("price changes answered 412"),
    std::string_view("refreshes in several tabs"),
    std::string_view("refreshes with a used token"),
    std::string_view("log-outs"),
};

void expect(const Tally& total, const std::string& what, std::vector<std::string>& missed) {
    const std::uint64_t times = total.of(what);
    if (times < times_min) {
        missed.push_back(fmt::format("{}: {} times, not {}", what, times, times_min));
    }
}

} // namespace

std::string row_name(const orders::Row& row) {
    return fmt::format("row {} {}", name_of(row.in), name_of(row.incoming));
}

std::vector<std::string> check_coverage(const Tally& total) {
    std::vector<std::string> missed;
    for (const orders::Row& row : orders::saga_rows()) {
        if (row.act != orders::Act::unreachable) expect(total, row_name(row), missed);
    }
    for (const FaultKind& kind : fault_kinds()) expect(total, std::string(kind.name), missed);
    for (const std::string_view who : absentees()) {
        expect(total, fmt::format("long absence of {}", who), missed);
    }
    for (const std::string_view what : deeds) expect(total, std::string(what), missed);
    return missed;
}

} // namespace backline::simulation
