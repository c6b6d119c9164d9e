#include "platform/http/context.hpp"

#include "platform/http/refusals.hpp"

namespace backline::http {

void require_permission(const security::Principal& who, std::string_view permission) {
    if (who.may(permission)) return;
    if (who.anonymous()) {
        throw Refused(Problem{&http_error("token_missing"), "Send an access token."});
    }
    throw Refused(Problem{
        &http_error("permission_missing"),
        "This needs the permission " + std::string(permission) + "."
    });
}

const std::string& Context::require_idempotency_key() const {
    if (!request.idempotency_key) {
        throw Refused(
            Problem{&http_error("idempotency_key_missing"), "Send an Idempotency-Key header."}
        );
    }
    return *request.idempotency_key;
}

void Context::require_version() const {
    if (request.if_match.version || request.if_match.any) return;
    throw Refused(Problem{&http_error("version_required"), "Send If-Match with the ETag you read."}
    );
}

void Context::etag(std::int64_t version) {
    headers_.set("ETag", '"' + std::to_string(version) + '"');
}

void Context::add_header(std::string name, std::string value) {
    headers_.append(std::move(name), std::move(value));
}

} // namespace backline::http
