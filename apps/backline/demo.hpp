#pragma once

#include "services/users/service.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// What only a demo has.
namespace backline::app {

/// The accounts that `--demo` makes and prints: one of each role, all with the same password.
[[nodiscard]] std::vector<users::KnownAccount> demo_accounts();

/// Keeps demos and shops apart: everybody knows a demo's passwords. A demo marks its data directory. Throws, in one
/// sentence, if a demo would serve the data of a shop, or a shop those of a demo.
void keep_apart(const std::filesystem::path& data, bool demo);

inline constexpr const char* demo_password = "backline demo 2026";

} // namespace backline::app
