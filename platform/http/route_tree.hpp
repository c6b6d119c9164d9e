#pragma once

#include "platform/http/message.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backline::http {

/// Finds the route for a path, segment by segment. A literal segment wins over a `{parameter}`.
class RouteTree final {
public:
    /// `route` is the caller's number for it. Breaks an invariant when method and pattern are taken.
    void add(Method method, std::string_view pattern, std::size_t route);

    struct Match {
        const std::map<Method, std::size_t>* routes = nullptr; ///< Null: nothing is at that path.
        std::vector<std::string> values{}; ///< Of the parameters, decoded, in order.
    };

    /// `path` as it was sent, percent-encoded. Empty segments match nothing.
    [[nodiscard]] Match find(std::string_view path) const;

private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> parameter;
        std::map<Method, std::size_t> routes;
    };

    static bool descend(const Node& node, std::string_view rest, Match& match);
    static bool descend_parameter(
        const Node& node, std::string_view segment, std::string_view rest, Match& match
    );

    Node root_;
};

} // namespace backline::http
