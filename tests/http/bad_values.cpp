#include "tests/http/bad_values.hpp"

#include "platform/schema/json.hpp"

#include <limits>

namespace backline::http_tests {

namespace {

constexpr int depth_max = 5;
constexpr std::string_view number_beyond_64_bits = "99999999999999999999";

std::string quoted(std::string_view text) {
    std::string json;
    schema::append_json_string(text, json);
    return json;
}

std::int64_t good_integer(const IntegerOps& ops) {
    return std::clamp<std::int64_t>(1, ops.min, ops.max);
}

std::string good_string(const TextRules& rules) {
    if (!rules.example.empty()) return std::string(rules.example);
    return std::string(std::max<std::size_t>(rules.min, 1), 'a');
}

std::string good_object(const ObjectOps& object, std::string_view replaced, std::string_view by) {
    std::string json = "{";
    for (const Field& field : object.fields) {
        const bool is_replaced = field.name == replaced;
        if (!is_replaced && !field.required) continue;
        if (is_replaced && by.empty()) continue;
        if (json.size() > 1) json += ',';
        json +=
            quoted(field.name) + ':' + (is_replaced ? std::string(by) : good_json(field.type()));
    }
    return json + '}';
}

void add_numbers(const IntegerOps& ops, std::vector<BadJson>& bad) {
    for (const std::string_view wrong : {"\"x\"", "true", "null", "[]", "1.5"}) {
        bad.push_back({std::string(wrong), ""});
    }
    bad.push_back({std::string(number_beyond_64_bits), ""});
    if (ops.min > std::numeric_limits<std::int64_t>::min()) {
        bad.push_back({std::to_string(ops.min - 1), ""});
    }
    if (ops.max < std::numeric_limits<std::int64_t>::max()) {
        bad.push_back({std::to_string(ops.max + 1), ""});
    }
}

void add_texts(const TextRules& rules, std::vector<BadJson>& bad) {
    for (const std::string_view wrong : {"7", "true", "null", "{}", R"("\u0001")"}) {
        bad.push_back({std::string(wrong), ""});
    }
    if (rules.min > 0) bad.push_back({"\"\"", ""});
    if (rules.max > 0) bad.push_back({quoted(std::string(rules.max + 1, 'a')), ""});
}

void add_all(std::initializer_list<std::string_view> wrong, std::vector<BadJson>& bad) {
    for (const std::string_view json : wrong) bad.push_back({std::string(json), ""});
}

std::vector<BadJson> bad_json_within(const Type& type, int depth);

void add_elements(const ListOps& list, int depth, std::vector<BadJson>& bad) {
    add_all({"7", "\"x\"", "{}"}, bad);
    for (const BadJson& element : bad_json_within(list.element(), depth)) {
        bad.push_back({"[" + element.json + "]", "/0" + element.pointer});
    }
    if (list.min_items > 0) bad.push_back({"[]", ""});
}

void add_fields(const ObjectOps& object, int depth, std::vector<BadJson>& bad) {
    add_all({"7", "\"x\"", "[]"}, bad);
    const std::string good = good_object(object, "", "");
    const std::string comma = good == "{}" ? "" : ",";
    bad.push_back({R"({"zz_unknown":1)" + comma + good.substr(1), "/zz_unknown"});
    for (const Field& field : object.fields) {
        const std::string at = "/" + std::string(field.name);
        if (field.required) bad.push_back({good_object(object, field.name, ""), at});
        for (const BadJson& value : bad_json_within(field.type(), depth)) {
            bad.push_back({good_object(object, field.name, value.json), at + value.pointer});
        }
    }
}

/// A field that may be null has one wrong value fewer.
std::vector<BadJson> without_null(std::vector<BadJson> bad) {
    std::erase_if(bad, [](const BadJson& each) { return each.json == "null"; });
    return bad;
}

std::vector<BadJson> bad_json_within(const Type& type, int depth) {
    std::vector<BadJson> bad;
    if (depth == 0) return bad;
    switch (type.kind) {
    case Kind::boolean:
        add_all({"7", "\"true\"", "null"}, bad);
        break;
    case Kind::integer:
        add_numbers(*type.integer, bad);
        break;
    case Kind::text:
        add_texts(*type.text->rules, bad);
        break;
    case Kind::instant:
        add_all({"7", "\"yesterday\"", "\"2026-02-30T00:00:00Z\"", "null"}, bad);
        break;
    case Kind::enumeration:
        add_all({"7", "\"zz_unknown\"", "null"}, bad);
        break;
    case Kind::list:
        add_elements(*type.list, depth - 1, bad);
        break;
    case Kind::map:
        add_all({"7", "[]"}, bad);
        break;
    case Kind::optional:
    case Kind::patch:
        return without_null(bad_json_within(type.wrap->inner(), depth));
    case Kind::secret:
        return bad_json_within(type.wrap->inner(), depth);
    case Kind::object:
        add_fields(*type.object, depth - 1, bad);
        break;
    case Kind::json:
        break;
    }
    return bad;
}

} // namespace

std::string good_text(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
        return "true";
    case Kind::integer:
        return std::to_string(good_integer(*type.integer));
    case Kind::text:
        return good_string(*type.text->rules);
    case Kind::instant:
        return "2026-01-02T03:04:05Z";
    case Kind::enumeration:
        return std::string(type.enumeration->entries.front().name);
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return good_text(type.wrap->inner());
    case Kind::list:
        return good_text(type.list->element());
    case Kind::map:
    case Kind::object:
    case Kind::json:
        return "";
    }
    return "";
}

std::string good_json(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
    case Kind::integer:
        return good_text(type);
    case Kind::text:
    case Kind::instant:
    case Kind::enumeration:
        return quoted(good_text(type));
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return good_json(type.wrap->inner());
    case Kind::list:
        return type.list->min_items == 0 ? "[]" : "[" + good_json(type.list->element()) + "]";
    case Kind::map:
        return "{}";
    case Kind::object:
        return good_object(*type.object, "", "");
    case Kind::json:
        return "1";
    }
    return "null";
}

std::vector<BadJson> bad_json(const Type& type) {
    return bad_json_within(type, depth_max);
}

std::vector<std::string> bad_texts(const Type& type) {
    switch (type.kind) {
    case Kind::boolean:
        return {"maybe", ""};
    case Kind::integer: {
        std::vector<std::string> bad{
            "x", "", "1.5", "1e3", " 1", std::string(number_beyond_64_bits)
        };
        const IntegerOps& ops = *type.integer;
        if (ops.min > std::numeric_limits<std::int64_t>::min()) {
            bad.push_back(std::to_string(ops.min - 1));
        }
        if (ops.max < std::numeric_limits<std::int64_t>::max()) {
            bad.push_back(std::to_string(ops.max + 1));
        }
        return bad;
    }
    case Kind::text: {
        const TextRules& rules = *type.text->rules;
        std::vector<std::string> bad;
        if (rules.min > 0) bad.emplace_back("");
        if (rules.max > 0) bad.emplace_back(rules.max + 1, 'a');
        return bad;
    }
    case Kind::instant:
        return {"yesterday", "2026-02-30T00:00:00Z", ""};
    case Kind::enumeration:
        return {"zz_unknown", ""};
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return bad_texts(type.wrap->inner());
    case Kind::list:
        return bad_texts(type.list->element());
    case Kind::map:
    case Kind::object:
    case Kind::json:
        return {};
    }
    return {};
}

} // namespace backline::http_tests
