#pragma once

#include "platform/http/routes.hpp"

#include <string>
#include <vector>

namespace backline::http {

struct ApiInfo {
    std::string title = "Backline";
    std::string version = "0.1.0";
    std::string description = "Audio systems and event-management equipment: the shop's API.";
};

/// The OpenAPI 3.1 document of a route table: what the router checks is what it says, since both read the same rows and
/// the same descriptions. The same table gives the same bytes.
[[nodiscard]] std::string openapi_document(
    const ApiInfo& info, const std::vector<const Route*>& routes
);

} // namespace backline::http
