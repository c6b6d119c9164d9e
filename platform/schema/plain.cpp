#include "platform/schema/plain.hpp"

#include "platform/base/invariant.hpp"
#include "platform/base/rfc3339.hpp"
#include "platform/schema/pointer.hpp"
#include "platform/schema/scalar.hpp"

#include <algorithm>
#include <charconv>

namespace backline::schema {
namespace {

struct Place {
    const Type* type;
    void* target;
};

Place unwrap(const Type& type, void* target) {
    Place place{&type, target};
    while (place.type->wrap != nullptr) {
        place = {&place.type->wrap->inner(), place.type->wrap->emplace(place.target)};
    }
    return place;
}

std::optional<Fault> put_digits(const Type& type, void* target, std::string_view text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (read.ec == std::errc::result_out_of_range) return range_fault(*type.integer);
    if (read.ec != std::errc{} || read.ptr != end)
        return Fault{"wrong_type", "must be a whole number"};
    return put_integer(type, target, number, true);
}

std::optional<Fault> put_plain(const Type& type, void* target, std::string_view text) {
    if (type.kind == Kind::integer) return put_digits(type, target, text);
    if (type.kind != Kind::boolean) return put_text(type, target, text, true);
    if (text != "true" && text != "false") return Fault{"wrong_type", "must be true or false"};
    return put_boolean(type, target, text == "true");
}

/// One query string on its way into one object.
class QueryReader final {
public:
    QueryReader(const Type& type, void* out)
        : type_(type)
        , out_(out)
        , seen_(type.object->fields.size()) {}

    void pair(const PlainPair& pair);
    std::vector<FieldError> finish();

private:
    void value(const Field& field, bool again, const PlainPair& pair);

    void* place_for(const Field& field) { return static_cast<std::byte*>(out_) + field.offset; }

    void fault(std::string_view name, Fault fault);

    const Type& type_;
    void* out_;
    std::vector<bool> seen_;
    std::vector<FieldError> errors_;
};

void QueryReader::pair(const PlainPair& pair) {
    const std::span<const Field> fields = type_.object->fields;
    const auto field = std::ranges::find(fields, pair.name, &Field::name);
    if (field == fields.end()) return fault(pair.name, unknown_field_fault(*type_.object));
    const auto index = static_cast<std::size_t>(field - fields.begin());
    value(*field, seen_[index], pair);
    seen_[index] = true;
}

void QueryReader::value(const Field& field, bool again, const PlainPair& pair) {
    const Place place = unwrap(field.type(), place_for(field));
    const ListOps* const list = place.type->list;
    if (list == nullptr) {
        if (again) return fault(pair.name, {"duplicate_key", "is there twice"});
        if (auto wrong = put_plain(*place.type, place.target, pair.text))
            fault(pair.name, *std::move(wrong));
        return;
    }
    if (!again) list->clear(place.target);
    if (list->size(place.target) >= list->max_items)
        return fault(pair.name, too_many_fault(list->max_items));
    if (auto wrong = put_plain(list->element(), list->append(place.target), pair.text)) {
        fault(pair.name, *std::move(wrong));
    }
}

std::vector<FieldError> QueryReader::finish() {
    if (!errors_.empty() || type_.object->check == nullptr) return std::move(errors_);
    std::vector<FieldError> broken = type_.object->check(out_);
    for (FieldError& error : broken) {
        if (error.pointer.starts_with("#/")) error.pointer.replace(0, 2, "?");
    }
    return broken;
}

void QueryReader::fault(std::string_view name, Fault fault) {
    if (errors_.size() >= errors_max) return;
    std::string step;
    append_step(step, name);
    step.front() = '?';
    errors_.push_back({std::move(step), std::string(fault.code), std::move(fault.detail)});
}

} // namespace

std::optional<FieldError> read_plain(
    const Type& type, void* target, std::string_view text, std::string_view pointer
) {
    const Place place = unwrap(type, target);
    std::optional<Fault> wrong = put_plain(*place.type, place.target, text);
    if (!wrong) return std::nullopt;
    return FieldError{std::string(pointer), std::string(wrong->code), std::move(wrong->detail)};
}

Result<void> read_query(const Type& type, void* out, std::span<const PlainPair> pairs) {
    INVARIANT(type.object != nullptr, "a query is read into a described struct");
    QueryReader reader(type, out);
    for (const PlainPair& pair : pairs) reader.pair(pair);
    std::vector<FieldError> errors = reader.finish();
    if (!errors.empty()) return refuse_invalid(std::move(errors));
    return {};
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
        if (const void* inside = type.wrap->get(value))
            return plain_text(type.wrap->inner(), inside);
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
