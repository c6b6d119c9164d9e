#pragma once

#include "apps/backline/config.hpp"

/// The mail server, as the configuration has it.
namespace backline::app {

/// Reads the password. Throws `std::runtime_error` with one sentence if its file cannot be used.
[[nodiscard]] smtp::Settings smtp_settings(const Smtp& configured);

} // namespace backline::app
