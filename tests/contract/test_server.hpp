#pragma once

#include <optional>
#include <string>

namespace backline::contract {

/// The address of a real server to test against: the value of an environment variable, such as
/// BACKLINE_TEST_MONGO_URL, which tests/servers/servers.py sets. Where there is none, the running test is skipped with
/// one line that says what would help, or with BACKLINE_SERVERS=required fails.
///
/// Call it in a fixture's constructor or SetUp, or in the function that makes the setup of a contract (which then
/// answers null): the test's body does not run. A test that calls it in its body must return.
[[nodiscard]] std::optional<std::string> test_server(const std::string& variable);

/// The same for what a test starts itself: skips it, or fails it, with a line that says what is missing.
void leave_out(const std::string& missing);

} // namespace backline::contract
