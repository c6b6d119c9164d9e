#include "platform/http/binding.hpp"

#include "platform/http/refusals.hpp"
#include "platform/schema/faults.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/plain.hpp"

namespace backline::http {

namespace {

using schema::Fault;

/// The list that a query field is or holds; null for a field that may come once.
const Type* list_in(const Type& type) {
    if (type.kind == Kind::optional) return list_in(type.wrap->inner());
    return type.kind == Kind::list ? &type : nullptr;
}

void* list_at(const Type& type, void* target, bool first) {
    if (type.kind != Kind::optional) return target;
    if (first) return type.wrap->emplace(target);
    // What `emplace` made a moment ago; only the table's getter is const.
    return const_cast<void*>(type.wrap->get(target));
}

/// Reads one query struct, field by field, and gathers all that is wrong.
class QueryReader final {
public:
    QueryReader(const Type& type, void* value, std::vector<FieldError>& errors)
        : object_(*type.object)
        , value_(static_cast<std::byte*>(value))
        , errors_(errors)
        , times_seen_(object_.fields.size()) {}

    void read(const QueryPairs& pairs) {
        const std::size_t errors_before = errors_.size();
        for (const auto& [name, text] : pairs) read_pair(name, text);
        for (std::size_t i = 0; i < times_seen_.size(); ++i) require(i);
        if (errors_.size() == errors_before) check_rules();
    }

private:
    void read_pair(const std::string& name, const std::string& text) {
        const auto field = std::ranges::find(object_.fields, name, &Field::name);
        if (field == object_.fields.end()) {
            add(name, schema::unknown_field_fault(object_));
            return;
        }
        const auto index = static_cast<std::size_t>(field - object_.fields.begin());
        const std::size_t seen_before = times_seen_[index]++;
        const Type& type = field->type();
        if (const Type* list = list_in(type)) {
            read_element(
                *field, *list, list_at(type, value_ + field->offset, seen_before == 0), text
            );
        } else if (seen_before > 0) {
            add(name, Fault{"duplicate_key", "This parameter may come once."});
        } else {
            add(name, schema::put_plain(type, value_ + field->offset, text));
        }
    }

    void read_element(const Field& field, const Type& list, void* target, const std::string& text) {
        const ListOps& ops = *list.list;
        if (ops.size(target) >= ops.max_items) {
            add(field.name, schema::too_many_fault(ops.max_items));
            return;
        }
        add(field.name, schema::put_plain(ops.element(), ops.append(target), text));
    }

    void require(std::size_t index) {
        const Field& field = object_.fields[index];
        if (!field.required || times_seen_[index] > 0 || list_in(field.type()) != nullptr) return;
        add(field.name, Fault{"missing", "This parameter is required."});
    }

    void check_rules() {
        if (object_.check == nullptr) return;
        for (FieldError& error : object_.check(value_)) {
            if (error.pointer.starts_with("#/")) error.pointer.replace(0, 2, "?");
            errors_.push_back(std::move(error));
        }
    }

    void add(std::string_view name, std::optional<Fault> fault) {
        if (!fault || errors_.size() >= schema::errors_max) return;
        errors_.push_back(
            {"?" + std::string(name), std::string(fault->code), std::move(fault->detail)}
        );
    }

    const ObjectOps& object_;
    std::byte* value_;
    std::vector<FieldError>& errors_;
    std::vector<std::size_t> times_seen_;
};

/// Queries of routes that take none: every parameter is one too many.
void refuse_all(const QueryPairs& pairs, std::vector<FieldError>& errors) {
    for (const auto& [name, text] : pairs) {
        if (errors.size() >= schema::errors_max) return;
        errors.push_back({"?" + name, "unknown_field", "This route takes no query parameters."});
    }
}

bool is_json(std::string_view content_type) {
    const std::string_view media = content_type.substr(0, content_type.find(';'));
    if (!same_name(media.substr(0, media.find_last_not_of(" \t") + 1), "application/json")) {
        return false;
    }
    const std::size_t charset = content_type.find("charset=");
    if (charset == std::string_view::npos) return true;
    const std::string_view name = content_type.substr(charset + 8);
    return same_name(name, "utf-8") || same_name(name, "\"utf-8\"");
}

void read_body(const Slot& slot, const Request& request, Findings& findings) {
    if (!is_json(request.headers.find("content-type")) || request.headers.has("content-encoding")) {
        findings.malformed = Problem{
            &http_error("content_type_unsupported"), "Send JSON: Content-Type: application/json"
        };
        return;
    }
    Result<void> done = schema::read(*slot.type, slot.value, request.body, schema::Reading::strict);
    if (done) return;
    if (done.error().refusal->status == 400) {
        findings.malformed = std::move(done.error());
    } else {
        std::ranges::move(done.error().errors, std::back_inserter(findings.invalid));
    }
}

void read_path(const Slot& slot, const std::string& text, Findings& findings) {
    if (schema::put_plain(*slot.type, slot.value, text)) findings.names_nothing = text;
}

} // namespace

Findings fill_slots(
    const std::vector<Slot>& slots,
    const std::vector<std::string>& path_values,
    const Request& request
) {
    Findings findings;
    std::size_t next_in_path = 0;
    bool takes_query = false;
    bool takes_body = false;
    for (const Slot& slot : slots) {
        switch (slot.source) {
        case Slot::Source::path:
            read_path(slot, path_values.at(next_in_path++), findings);
            break;
        case Slot::Source::query:
            takes_query = true;
            QueryReader(*slot.type, slot.value, findings.invalid).read(request.query);
            break;
        case Slot::Source::body:
            takes_body = true;
            read_body(slot, request, findings);
            break;
        }
    }
    if (!takes_query) refuse_all(request.query, findings.invalid);
    if (!takes_body && !request.body.empty()) {
        findings.malformed = Problem{&http_error("malformed_request"), "This route takes no body."};
    }
    return findings;
}

} // namespace backline::http
