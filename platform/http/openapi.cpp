#include "platform/http/openapi.hpp"

#include "platform/base/refusals.hpp"
#include "platform/http/json_text.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/http/refusals.hpp"
#include "platform/schema/openapi.hpp"

#include <map>

namespace backline::http {

namespace {

using security::Access;

/// Every refusal that this route may give, the router's own among them.
std::vector<const Refusal*> refusals_of(const Route& route) {
    std::vector<const Refusal*> all;
    if (route.needs_idempotency_key) all.push_back(&http_error("idempotency_key_missing"));
    if (route.versioning != Versioning::none) {
        all.push_back(&http_error("if_match_invalid"));
        all.push_back(&platform_error("version_stale"));
    }
    if (route.versioning == Versioning::required) all.push_back(&http_error("version_required"));
    if (route.body() != nullptr) {
        all.push_back(&platform_error("malformed_json"));
        all.push_back(&http_error("body_too_large"));
        all.push_back(&http_error("content_type_unsupported"));
    }
    if (route.access.kind() != Access::Kind::anyone) all.push_back(&http_error("token_missing"));
    if (route.access.kind() == Access::Kind::permission) {
        all.push_back(&http_error("permission_missing"));
    }
    if (!route.path_names().empty()) all.push_back(&http_error("route_not_found"));
    if (route.body() != nullptr || route.query() != nullptr) {
        all.push_back(&platform_error("invalid"));
    }
    all.insert(all.end(), route.refusals.begin(), route.refusals.end());
    all.push_back(&internal_failure);
    all.push_back(&unavailable_failure);
    return all;
}

/// `/v1/orders/{order_id}` belongs to `orders`; what is not under a version belongs to the system.
std::string tag_of(const Route& route) {
    constexpr std::string_view version = "/v1/";
    if (!route.pattern.starts_with(version)) return "system";
    const std::string rest = route.pattern.substr(version.size());
    return rest.substr(0, rest.find('/'));
}

const Type& without_optional(const Type& type) {
    return type.kind == Kind::optional ? without_optional(type.wrap->inner()) : type;
}

std::string_view doc_of(const ObjectOps& object, std::string_view field) {
    const auto doc = std::ranges::find(object.docs, field, &FieldDoc::field);
    return doc == object.docs.end() ? std::string_view() : doc->text;
}

/// Writes one document. The order of calls is the order of the text.
class DocumentWriter final {
public:
    std::string write(const ApiInfo& info, const std::vector<const Route*>& routes) {
        json_.begin('{').key("openapi").text("3.1.0");
        json_.key("info")
            .begin('{')
            .key("title")
            .text(info.title)
            .key("version")
            .text(info.version);
        json_.key("description").text(info.description).end('}');
        json_.key("paths").begin('{');
        for (const auto& [pattern, here] : by_pattern(routes)) {
            json_.key(pattern).begin('{');
            for (const Route* route : here) operation(*route);
            json_.end('}');
        }
        json_.end('}').key("components").begin('{');
        json_.key("securitySchemes")
            .raw(R"({"token":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}})");
        json_.key("schemas").raw(components_.json()).end('}').end('}');
        return json_.take();
    }

private:
    using Patterns = std::map<std::string, std::vector<const Route*>>;

    static Patterns by_pattern(const std::vector<const Route*>& routes) {
        Patterns patterns;
        for (const Route* route : routes) patterns[route->pattern].push_back(route);
        return patterns;
    }

    void operation(const Route& route) {
        std::string method(name_of(route.method));
        for (char& c : method) c = static_cast<char>(c | 0x20);
        json_.key(method).begin('{').key("operationId").text(route.operation_id());
        json_.key("summary").text(route.summary);
        json_.key("tags").begin('[').text(tag_of(route)).end(']');
        access(route);
        parameters(route);
        request_body(route);
        responses(route);
        json_.end('}');
    }

    void access(const Route& route) {
        switch (route.access.kind()) {
        case Access::Kind::anyone:
            json_.key("security").raw(R"([{},{"token":[]}])");
            return;
        case Access::Kind::signed_in:
            json_.key("security").raw(R"([{"token":[]}])");
            return;
        case Access::Kind::permission:
            json_.key("security").raw(R"([{"token":[]}])");
            json_.key("x-permission").text(route.access.permission());
            return;
        }
    }

    void parameters(const Route& route) {
        json_.key("parameters").begin('[');
        const std::vector<std::string> names = route.path_names();
        std::size_t next = 0;
        for (const Slot& slot : route.slots) {
            if (slot.source == Slot::Source::path) {
                parameter("path", names[next++], *slot.type, true, {});
            }
            if (slot.source == Slot::Source::query) query(*slot.type->object);
        }
        if (route.needs_idempotency_key) {
            json_.raw(
                R"({"name":"Idempotency-Key","in":"header","required":true,"description":"A fresh UUID for each )"
                R"(operation, the same one for its retries.","schema":{"type":"string","minLength":8,)"
                R"("maxLength":128}})"
            );
        }
        if (route.versioning != Versioning::none) if_match(route.versioning);
        json_.end(']');
    }

    void if_match(Versioning versioning) {
        const bool required = versioning == Versioning::required;
        json_.begin('{').key("name").text("If-Match").key("in").text("header");
        json_.key("required").raw(required ? "true" : "false");
        json_.key("description").text("The ETag of the version that you read, or `*` for any.");
        json_.key("schema").raw(R"({"type":"string"})").end('}');
    }

    void query(const ObjectOps& object) {
        for (const Field& field : object.fields) {
            parameter(
                "query", field.name, field.type(), field.required, doc_of(object, field.name)
            );
        }
    }

    void parameter(
        std::string_view in,
        std::string_view name,
        const Type& type,
        bool required,
        std::string_view doc
    ) {
        json_.begin('{').key("name").text(name).key("in").text(in);
        json_.key("required").raw(required ? "true" : "false");
        if (!doc.empty()) json_.key("description").text(doc);
        json_.key("schema").raw(components_.use(without_optional(type))).end('}');
    }

    void request_body(const Route& route) {
        if (route.body() == nullptr) return;
        json_.key("requestBody").begin('{').key("required").raw("true");
        json_.key("content").begin('{');
        content("application/json", components_.use(*route.body()));
        json_.end('}').end('}');
    }

    void content(std::string_view type, std::string_view schema) {
        json_.key(type).begin('{').key("schema").raw(schema).end('}');
    }

    void responses(const Route& route) {
        json_.key("responses").begin('{');
        success(route);
        std::map<int, std::vector<const Refusal*>> by_status;
        for (const Refusal* refusal : refusals_of(route)) {
            by_status[refusal->status].push_back(refusal);
        }
        for (const auto& [status, refusals] : by_status) problem(status, refusals);
        json_.end('}');
    }

    void success(const Route& route) {
        json_.key(std::to_string(route.status())).begin('{');
        json_.key("description").text(reason_of(route.status()));
        success_headers(route.reply_kind);
        switch (route.reply_kind) {
        case ReplyKind::no_content:
            break;
        case ReplyKind::html:
            body_of("text/html", R"({"type":"string"})");
            break;
        case ReplyKind::text:
            body_of("text/plain", R"({"type":"string"})");
            break;
        case ReplyKind::page:
            body_of("application/json", page_schema(*route.reply));
            break;
        case ReplyKind::value:
        case ReplyKind::created:
        case ReplyKind::accepted:
            body_of("application/json", components_.use(*route.reply));
            break;
        }
        json_.end('}');
    }

    void success_headers(ReplyKind kind) {
        constexpr std::string_view text = R"({"schema":{"type":"string"}})";
        if (kind == ReplyKind::created) {
            json_.key("headers").begin('{').key("Location").raw(text).end('}');
        }
        if (kind == ReplyKind::page) json_.key("headers").begin('{').key("Link").raw(text).end('}');
    }

    void body_of(std::string_view type, const std::string& schema) {
        json_.key("content").begin('{');
        content(type, schema);
        json_.end('}');
    }

    std::string page_schema(const Type& item) {
        return R"({"type":"object","required":["items"],"additionalProperties":false,"properties":{"items":)"
               R"({"type":"array","items":)" +
               components_.use(item) + R"(},"next":{"type":"string"}}})";
    }

    void problem(int status, const std::vector<const Refusal*>& refusals) {
        std::string codes;
        for (const Refusal* refusal : refusals) {
            codes += (codes.empty() ? "`" : ", `") + std::string(refusal->code) + "`";
        }
        json_.key(std::to_string(status)).begin('{').key("description").text(codes);
        body_of("application/problem+json", components_.use(type_of<ProblemView>()));
        json_.end('}');
    }

    JsonText json_;
    schema::Components components_;
};

} // namespace

std::string openapi_document(const ApiInfo& info, const std::vector<const Route*>& routes) {
    return DocumentWriter().write(info, routes);
}

} // namespace backline::http
