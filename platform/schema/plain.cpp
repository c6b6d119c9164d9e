#include "platform/schema/plain.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/rfc3339.hpp"
#include "platform/schema/scalar.hpp"

#include <charconv>

namespace backline::schema {
namespace {

std::optional<Fault> put_digits(const Type& type, void* target, std::string_view text) {
    std::int64_t number = 0;
    const auto read = std::from_chars(text.begin(), text.end(), number);
    if (read.ec == std::errc::result_out_of_range) return range_fault(*type.integer);
    if (read.ec != std::errc{} || read.ptr != text.end()) {
        return Fault{"wrong_type", "must be a whole number"};
    }
    return put_integer(type, target, number, true);
}

std::optional<Fault> put_word(const Type& type, void* target, std::string_view text) {
    if (text != "true" && text != "false") return Fault{"wrong_type", "must be true or false"};
    return put_boolean(type, target, text == "true");
}

} // namespace

std::optional<Fault> put_plain(const Type& type, void* target, std::string_view text) {
    switch (type.kind) {
    case Kind::boolean:
        return put_word(type, target, text);
    case Kind::integer:
        return put_digits(type, target, text);
    case Kind::text:
    case Kind::instant:
    case Kind::enumeration:
        return put_text(type, target, text, true);
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return put_plain(type.wrap->inner(), type.wrap->emplace(target), text);
    case Kind::list:
    case Kind::map:
    case Kind::object:
    case Kind::json:
        break;
    }
    invariant_broken("kind", "only a scalar can be read from plain text");
}

std::string plain_text(const Type& type, const void* value) {
    switch (type.kind) {
    case Kind::boolean:
        return *static_cast<const bool*>(value) ? "true" : "false";
    case Kind::integer:
        return std::to_string(type.integer->get(value));
    case Kind::text:
        return type.text->print(value);
    case Kind::instant:
        return to_rfc3339(*static_cast<const Instant*>(value));
    case Kind::enumeration:
        return std::string(enum_name(*type.enumeration, value));
    case Kind::optional:
    case Kind::patch:
        if (const void* inside = type.wrap->get(value)) {
            return plain_text(type.wrap->inner(), inside);
        }
        return {};
    case Kind::list:
    case Kind::map:
    case Kind::secret:
    case Kind::object:
    case Kind::json:
        break;
    }
    invariant_broken("kind", "only a scalar that is no secret has a plain text");
}

} // namespace backline::schema
