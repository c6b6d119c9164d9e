#include "adapters/mongo/layout.hpp"

#include "platform/base/invariant.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace backline::mongo {

namespace {

bool is_plain(std::string_view name, std::string_view also) {
    const auto allowed = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
               also.find(c) != std::string_view::npos;
    };
    return !name.empty() && std::ranges::all_of(name, allowed);
}

void check_names(const store::CollectionSpec& spec) {
    INVARIANT(
        is_plain(spec.service, "") && is_plain(spec.name, ""), "collections have plain names"
    );
    for (const store::Index& index : spec.indexes) {
        INVARIANT(is_plain(index.name, ""), "indexes have plain names");
        for (const std::string& field : index.fields) {
            INVARIANT(is_plain(field, "."), "an indexed field is a path of snake_case names");
        }
    }
}

std::string field_key(std::size_t field) {
    return fmt::format("f{}", field);
}

Bson exists() {
    Bson condition;
    condition.flag("$exists", true);
    return condition;
}

/// Holds those documents only in whose array `list` there is something, by their id.
Bson filled_index(std::string_view name, std::string_view list) {
    Bson key;
    key.number("_id", 1).number(list, 1);
    Bson filled;
    filled.document(list, exists());
    Bson definition;
    definition.text("name", name).document("key", key).document("partialFilterExpression", filled);
    return definition;
}

} // namespace

Layout::Layout(const store::CollectionSpec& spec, const std::string& prefix)
    : spec_(spec)
    , database_(prefix + spec.service) {
    check_names(spec);
}

std::string Layout::path(std::size_t index, std::size_t field) const {
    return fmt::format("keys.{}.{}", spec_.indexes.at(index).name, field_key(field));
}

std::string Layout::declared_name(std::size_t index) const {
    const store::Index& declared = spec_.indexes.at(index);
    return fmt::format("{}({})", declared.name, fmt::join(declared.fields, ","));
}

std::string Layout::unique_index(std::size_t index) const {
    return declared_name(index);
}

std::string Layout::paging_index(std::size_t index) const {
    return declared_name(index) + (spec_.indexes.at(index).unique ? "+id" : "");
}

Bson Layout::order(std::size_t index, bool descending) const {
    const std::int64_t direction = descending ? -1 : 1;
    Bson order;
    for (std::size_t field = 0; field < spec_.indexes.at(index).fields.size(); ++field) {
        order.number(path(index, field), direction);
    }
    order.number("_id", direction);
    return order;
}

Bson Layout::paging_definition(std::size_t index) const {
    Bson definition;
    definition.text("name", paging_index(index)).document("key", order(index, false));
    return definition;
}

Bson Layout::unique_definition(std::size_t index) const {
    Bson key;
    Bson complete;
    for (std::size_t field = 0; field < spec_.indexes.at(index).fields.size(); ++field) {
        key.number(path(index, field), 1);
        complete.document(path(index, field), exists());
    }
    Bson definition;
    definition.text("name", unique_index(index))
        .document("key", key)
        .flag("unique", true)
        .document("partialFilterExpression", complete);
    return definition;
}

Bson Layout::create_indexes() const {
    List definitions;
    definitions.document(filled_index(outbox_index, "outbox.id"));
    definitions.document(filled_index(log_index, "log.number"));
    for (std::size_t index = 0; index < spec_.indexes.size(); ++index) {
        const bool unique = spec_.indexes[index].unique;
        definitions.document(unique ? unique_definition(index) : paging_definition(index));
    }
    Bson command;
    command.text("createIndexes", collection()).list("indexes", definitions);
    return command;
}

Bson Layout::create_paging_index(std::size_t index) const {
    List definitions;
    definitions.document(paging_definition(index));
    Bson command;
    command.text("createIndexes", collection()).list("indexes", definitions);
    return command;
}

bool Layout::is_unique_look_up(const store::Query& query) const {
    const store::Index& index = spec_.indexes.at(query.index);
    return index.unique && query.equals.size() == index.fields.size() &&
           std::ranges::find(query.equals, store::Value{}) == query.equals.end();
}

Bson Layout::unique_filter(const store::Query& query) const {
    Bson filter;
    for (std::size_t field = 0; field < query.equals.size(); ++field) {
        append_value(filter, path(query.index, field), query.equals[field]);
    }
    return filter;
}

Bson Layout::point(std::size_t index, const Point& point) const {
    Bson fields;
    for (std::size_t field = 0; field < point.size(); ++field) {
        const bool is_id = field + 1 == point.size();
        const std::string key = is_id ? "_id" : path(index, field);
        const Edge& edge = point[field];
        if (edge.side == 0) append_value(fields, key, edge.value);
        if (edge.side < 0) fields.least(key);
        if (edge.side > 0) fields.most(key);
    }
    return fields;
}

Bson Layout::keys(const std::vector<store::Key>& keys) const {
    INVARIANT(keys.size() == spec_.indexes.size(), "a key for every index");
    Bson all;
    for (std::size_t index = 0; index < keys.size(); ++index) {
        Bson fields;
        for (std::size_t field = 0; field < keys[index].size(); ++field) {
            const store::Value& value = keys[index][field];
            if (value.index() != 0) append_value(fields, field_key(field), value);
        }
        all.document(spec_.indexes[index].name, fields);
    }
    return all;
}

store::Key Layout::key(const View& keys, std::size_t index) const {
    const store::Index& declared = spec_.indexes.at(index);
    const View fields = keys.inside(declared.name);
    store::Key key(declared.fields.size());
    for (std::size_t field = 0; field < key.size(); ++field) {
        const auto element = fields.find(field_key(field));
        if (!element) continue;
        if (element->type() == BSON_TYPE_UTF8) {
            key[field] = std::string(element->text());
        } else {
            key[field] = element->number();
        }
    }
    return key;
}

std::optional<std::string> Layout::index_of_pattern(const View& pattern) {
    std::optional<std::string> name;
    pattern.each([&](const Element& element) {
        const std::string_view path = element.key();
        if (name || !path.starts_with("keys.")) return;
        const std::string_view rest = path.substr(5);
        name = std::string(rest.substr(0, rest.find('.')));
    });
    return name;
}

} // namespace backline::mongo
