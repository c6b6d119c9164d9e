#include "platform/base/kinds.hpp"

#include "platform/base/invariant.hpp"

#include <algorithm>

namespace backline {

std::string_view enum_name(const EnumOps& ops, const void* value) {
    const auto entry = std::ranges::find(ops.entries, ops.get(value), &EnumEntry::value);
    INVARIANT(entry != ops.entries.end(), "an enum has one of its described values");
    return entry->name;
}

namespace detail {

bool parse_string(const TextOps& ops, void* value, std::string_view raw) {
    if (!keeps(*ops.rules, raw)) return false;
    if (ops.accepts != nullptr && !ops.accepts(raw)) return false;
    return force_string(ops, value, raw);
}

bool force_string(const TextOps&, void* value, std::string_view raw) {
    static_cast<std::string*>(value)->assign(raw);
    return true;
}

std::string_view view_string(const void* value) {
    return *static_cast<const std::string*>(value);
}

std::string print_string(const void* value) {
    return *static_cast<const std::string*>(value);
}

} // namespace detail
} // namespace backline
