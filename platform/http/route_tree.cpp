#include "platform/http/route_tree.hpp"

#include "platform/base/invariant.hpp"

namespace backline::http {

namespace {

/// Takes the first segment off `path`, which starts with a slash.
std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    return segment;
}

} // namespace

void RouteTree::add(Method method, std::string_view pattern, std::size_t route) {
    Node* node = &root_;
    while (!pattern.empty()) {
        const std::string_view segment = take_segment(pattern);
        const bool parameter = segment.starts_with('{');
        std::unique_ptr<Node>& child =
            parameter ? node->parameter : node->literals[std::string(segment)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
    }
    const bool is_new = node->routes.emplace(method, route).second;
    INVARIANT(is_new, "a method and a pattern belong to one route");
}

RouteTree::Match RouteTree::find(std::string_view path) const {
    Match match;
    if (!path.starts_with('/') || !descend(root_, path, match)) match.routes = nullptr;
    return match;
}

bool RouteTree::descend(const Node& node, std::string_view rest, Match& match) {
    if (rest.empty()) {
        match.routes = &node.routes;
        return !node.routes.empty();
    }
    const std::string_view segment = take_segment(rest);
    const auto literal = node.literals.find(segment);
    if (literal != node.literals.end() && descend(*literal->second, rest, match)) return true;
    return !segment.empty() && node.parameter && descend_parameter(node, segment, rest, match);
}

bool RouteTree::descend_parameter(
    const Node& node, std::string_view segment, std::string_view rest, Match& match
) {
    std::optional<std::string> value = percent_decoded(segment);
    if (!value) return false;
    match.values.push_back(std::move(*value));
    if (descend(*node.parameter, rest, match)) return true;
    match.values.pop_back();
    return false;
}

} // namespace backline::http
