#pragma once

#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace backline {

/// A bug was found at run time: something that the code promised is not so. One request fails with 500 and the alarm
/// counter rises; tests and the simulator stop. Never thrown for anything that a caller or the environment did.
class InvariantBroken final : public std::logic_error {
public:
    InvariantBroken(
        std::string_view condition, std::string_view meaning, std::source_location where
    )
        : std::logic_error(
              std::string(meaning) + " [" + std::string(condition) + " at " + where.file_name() +
              ":" + std::to_string(where.line()) + "]"
          ) {}
};

[[noreturn]] inline void invariant_broken(
    std::string_view condition,
    std::string_view meaning,
    std::source_location where = std::source_location::current()
) {
    throw InvariantBroken(condition, meaning, where);
}

} // namespace backline

/// Always on, in release builds too. `meaning` is a sentence that says what must hold.
#define INVARIANT(condition, meaning)                                                              \
    do {                                                                                           \
        if (!(condition)) ::backline::invariant_broken(#condition, (meaning));                     \
    } while (false)
