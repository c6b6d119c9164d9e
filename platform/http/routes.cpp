#include "platform/http/routes.hpp"

#include "platform/base/invariant.hpp"

namespace backline::http {

namespace {

const Type* type_from(const Route& route, Slot::Source source) {
    for (const Slot& slot : route.slots) {
        if (slot.source == source) return slot.type;
    }
    return nullptr;
}

std::ptrdiff_t count_from(const Route& route, Slot::Source source) {
    return std::ranges::count(route.slots, source, &Slot::source);
}

} // namespace

Route Route::idempotent() && {
    needs_idempotency_key = true;
    return std::move(*this);
}

Route Route::versioned() && {
    versioning = Versioning::optional;
    return std::move(*this);
}

Route Route::versioned_always() && {
    versioning = Versioning::required;
    return std::move(*this);
}

Route Route::kept_until(std::vector<const std::uint64_t*> counters) && {
    INVARIANT(method == Method::get, "only answers to GET are kept");
    INVARIANT(access.kind() == security::Access::Kind::anyone, "only answers for anyone are kept");
    generations = std::move(counters);
    return std::move(*this);
}

Route Route::showing_more() && {
    shows_more = true;
    return std::move(*this);
}

Route Route::limit(std::size_t bytes) && {
    body_bytes_max = bytes;
    return std::move(*this);
}

std::string Route::operation_id() const {
    std::string id(name_of(method));
    std::ranges::transform(id, id.begin(), [](char c) { return static_cast<char>(c | 0x20); });
    for (const char c : pattern.starts_with("/v1/") ? pattern.substr(3) : pattern) {
        if (c == '/' || c == '.' || c == '-') id.push_back('_');
        if (c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) id.push_back(c);
    }
    return id;
}

std::vector<std::string> Route::path_names() const {
    std::vector<std::string> names;
    for (std::size_t open = pattern.find('{'); open != std::string::npos;
         open = pattern.find('{', open + 1)) {
        const std::size_t close = pattern.find('}', open);
        INVARIANT(close != std::string::npos, "braces in a pattern come in pairs");
        names.push_back(pattern.substr(open + 1, close - open - 1));
    }
    return names;
}

const Type* Route::query() const {
    return type_from(*this, Slot::Source::query);
}

const Type* Route::body() const {
    return type_from(*this, Slot::Source::body);
}

int Route::status() const {
    switch (reply_kind) {
    case ReplyKind::created:
        return 201;
    case ReplyKind::accepted:
        return 202;
    case ReplyKind::no_content:
        return 204;
    case ReplyKind::value:
    case ReplyKind::page:
    case ReplyKind::html:
    case ReplyKind::text:
        return 200;
    }
    return 200;
}

Routes joined(std::vector<Routes> tables) {
    Routes all;
    for (Routes& table : tables) {
        for (Route& route : table) all.push_back(std::move(route));
    }
    return all;
}

namespace detail {

Route checked(Route route, Call* call) {
    const std::unique_ptr<Call> owned(call);
    route.slots = owned->slots();
    for (Slot& slot : route.slots) slot.value = nullptr;
    route.call.reset(owned->fresh());
    INVARIANT(route.pattern.starts_with('/'), "a pattern starts with a slash");
    INVARIANT(
        std::ranges::is_sorted(route.slots, {}, &Slot::source),
        "a handler takes path parameters, then the query, then the body"
    );
    INVARIANT(
        std::cmp_equal(count_from(route, Slot::Source::path), route.path_names().size()),
        "a handler takes one parameter per pair of braces in its pattern"
    );
    INVARIANT(count_from(route, Slot::Source::query) <= 1, "a handler takes one query");
    INVARIANT(count_from(route, Slot::Source::body) <= 1, "a handler takes one body");
    return route;
}

} // namespace detail
} // namespace backline::http
