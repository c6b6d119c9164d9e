#pragma once

#include "platform/base/secret.hpp"

#include <string>

namespace backline::app {

/// The password in a file that holds nothing else and that only its owner may read; `what` names it in the sentence
/// that is thrown (`std::runtime_error`) if it cannot be used.
[[nodiscard]] Secret<std::string> password_in(const std::string& path, const std::string& what);

} // namespace backline::app
