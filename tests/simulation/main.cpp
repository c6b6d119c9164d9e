#include "tests/simulation/coverage.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Runs the whole shop on virtual time:
//   simulation --seeds N [--from S]   N seeds from S (1); a summary; exit 1 if any broke an invariant
//              [--until WORDS]        stops after the first seed with a violation that begins with WORDS
//   simulation --seed S               one seed, with its faults, its tally and its trace hash
//   ... --regressions FILE            also the seeds of that file
//   ... --coverage yes                exit 1 also if the seeds together left out a row of the saga or a kind of fault

namespace backline::simulation {

namespace {

struct Options {
    std::uint64_t first = 1;
    std::uint64_t count = 1;
    std::string_view until; ///< Empty: to the last seed.
    bool verbose = false;
    std::string regressions;
    bool coverage = false; ///< Ask it of a thousand seeds or more.
};

bool awaited(std::string_view until, const std::vector<std::string>& violations) {
    return !until.empty() && std::ranges::any_of(violations, [&](const std::string& violation) {
        return violation.starts_with(until);
    });
}

void print_violations(std::uint64_t seed, const std::vector<std::string>& violations) {
    for (const std::string& violation : violations) {
        fmt::print("seed {}: {}\n", seed, violation);
    }
    if (!violations.empty()) fmt::print("replay with: ./dev sim --seed {}\n", seed);
}

void print_tally(const Tally& tally) {
    for (const auto& [what, count] : tally.all()) fmt::print("{:>10}  {}\n", count, what);
}

/// True if nothing was missed.
bool print_missed(const Tally& total) {
    const std::vector<std::string> missed = check_coverage(total);
    for (const std::string& sentence : missed) fmt::print("not covered: {}\n", sentence);
    return missed.empty();
}

/// A seed and what it taught on every line; lines of `#` are for people.
std::vector<std::uint64_t> read_regressions(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::vector<std::uint64_t> seeds;
    for (std::string line; std::getline(file, line);) {
        if (!line.empty() && line.front() != '#') seeds.push_back(std::stoull(line));
    }
    return seeds;
}

std::vector<std::uint64_t> seeds_of(const Options& options) {
    std::vector<std::uint64_t> seeds;
    if (!options.regressions.empty()) seeds = read_regressions(options.regressions);
    for (std::uint64_t i = 0; i < options.count; ++i) seeds.push_back(options.first + i);
    return seeds;
}

int run(const Options& options) {
    Tally total;
    std::uint64_t passed = 0;
    std::uint64_t broken = 0;
    std::uint64_t hash = 0;
    const std::vector<std::uint64_t> seeds = seeds_of(options);
    for (const std::uint64_t seed : seeds) {
        World world(seed);
        if (options.verbose) fmt::print("seed {}: {}\n", seed, world.fate().faults().text());
        const std::vector<std::string> violations = world.run();
        print_violations(seed, violations);
        std::fflush(stdout);
        ++(violations.empty() ? passed : broken);
        total.add(world.tally());
        hash = world.loop().trace_hash();
        if (awaited(options.until, violations)) break;
    }
    print_tally(total);
    if (seeds.size() == 1) fmt::print("trace hash {:016x}\n", hash);
    fmt::print("{} passed, {} failed\n", passed, broken);
    const bool covered = !options.coverage || print_missed(total);
    return broken == 0 && covered ? 0 : 1;
}

bool read_number(std::string_view text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

int usage() {
    fmt::print(
        stderr,
        "usage: simulation --seeds N [--from S] [--until WORDS] [--regressions FILE]\n"
        "                  [--coverage yes] | --seed S\n"
    );
    return 2;
}

} // namespace
} // namespace backline::simulation

int main(int argc, char** argv) {
    using namespace backline::simulation;
    Options options;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string_view value = i + 1 < argc ? argv[i + 1] : "";
        bool known = false;
        if (name == "--seeds") known = read_number(value, options.count);
        if (name == "--from") known = read_number(value, options.first);
        if (name == "--until") {
            options.until = value;
            known = !value.empty();
        }
        if (name == "--seed") known = options.verbose = read_number(value, options.first);
        if (name == "--regressions") known = !(options.regressions = value).empty();
        if (name == "--coverage") known = options.coverage = value == "yes";
        if (!known) return usage();
    }
    return run(options);
}
