#include "platform/http/reply.hpp"

#include "platform/schema/json.hpp"

namespace backline::http::detail {

namespace {

constexpr std::string_view json_type = "application/json";

} // namespace

Reply reply_with(int status, const Type& type, const void* value) {
    Reply reply{.status = status, .content_type = std::string(json_type)};
    schema::write_json(type, value, reply.body);
    return reply;
}

Reply page_of(
    const Type& item, const void* items, std::size_t count, std::optional<std::string> next
) {
    Reply reply{.content_type = std::string(json_type), .body = R"({"items":[)"};
    const auto* at = static_cast<const std::byte*>(items);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) reply.body.push_back(',');
        schema::write_json(item, at + i * item.size, reply.body);
    }
    reply.body.push_back(']');
    if (next) {
        reply.body.append(R"(,"next":)");
        schema::append_json_string(*next, reply.body);
    }
    reply.body.push_back('}');
    reply.next = std::move(next);
    return reply;
}

Reply reply_text(std::string content_type, std::string body) {
    return Reply{.content_type = std::move(content_type), .body = std::move(body)};
}

} // namespace backline::http::detail
