#include "tests/contract/test_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string_view>

namespace backline::contract {
namespace {

std::string_view environment(const std::string& variable) {
    const char* value = std::getenv(variable.c_str());
    return value == nullptr ? "" : value;
}

// GoogleTest's macros return from the function that they stand in.
void fail(const std::string& reason) {
    FAIL() << reason;
}

void skip(const std::string& reason) {
    GTEST_SKIP() << reason;
}

} // namespace

std::optional<std::string> test_server(const std::string& variable) {
    const std::string_view address = environment(variable);
    if (!address.empty()) return std::string(address);
    leave_out(
        "a server: set " + variable +
        " or run the tests through ./dev test (tests/servers/README.md)"
    );
    return {};
}

void leave_out(const std::string& missing) {
    const std::string reason = "NOT SHOWN, for want of " + missing;
    if (environment("BACKLINE_SERVERS") == "required") {
        fail(reason);
    } else {
        skip(reason);
    }
}

} // namespace backline::contract
