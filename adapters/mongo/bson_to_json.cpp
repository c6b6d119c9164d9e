#include "adapters/mongo/json.hpp"
#include "adapters/mongo/number.hpp"
#include "platform/base/invariant.hpp"
#include "platform/schema/json.hpp"

namespace backline::mongo {

namespace {

void write_members(const View& document, bool named, std::string& out) {
    out += named ? '{' : '[';
    bool first = true;
    document.each([&](const Element& element) {
        if (!std::exchange(first, false)) out += ',';
        if (named) {
            schema::append_json_string(element.key(), out);
            out += ':';
        }
        write_json(element, out);
    });
    out += named ? '}' : ']';
}

} // namespace

void write_json(const Element& element, std::string& out) {
    const bson_type_t type = element.type();
    if (type == BSON_TYPE_DOCUMENT || type == BSON_TYPE_ARRAY) {
        write_members(element.inside(), type == BSON_TYPE_DOCUMENT, out);
    } else if (type == BSON_TYPE_UTF8) {
        schema::append_json_string(element.text(), out);
    } else if (type == BSON_TYPE_BOOL) {
        out += element.flag() ? "true" : "false";
    } else if (type == BSON_TYPE_NULL) {
        out += "null";
    } else {
        INVARIANT(write_number(element, out), "a stored body holds only what JSON can say");
    }
}

std::string json_at(const View& document, std::string_view key) {
    std::string out;
    const auto element = document.find(key);
    if (element) write_json(*element, out);
    return out;
}

} // namespace backline::mongo
