#include "adapters/mongo/bson.hpp"

#include "platform/base/invariant.hpp"

namespace backline::mongo {

namespace {

int length(std::string_view text) {
    return static_cast<int>(text.size());
}

void check(bool appended) {
    INVARIANT(appended, "what is written into one document fits into memory");
}

} // namespace

Bson& Bson::text(std::string_view key, std::string_view value) {
    check(bson_append_utf8(get(), key.data(), length(key), value.data(), length(value)));
    return *this;
}

Bson& Bson::number(std::string_view key, std::int64_t value) {
    check(bson_append_int64(get(), key.data(), length(key), value));
    return *this;
}

Bson& Bson::flag(std::string_view key, bool value) {
    check(bson_append_bool(get(), key.data(), length(key), value));
    return *this;
}

Bson& Bson::null(std::string_view key) {
    check(bson_append_null(get(), key.data(), length(key)));
    return *this;
}

Bson& Bson::time(std::string_view key, std::int64_t milliseconds) {
    check(bson_append_date_time(get(), key.data(), length(key), milliseconds));
    return *this;
}

Bson& Bson::least(std::string_view key) {
    check(bson_append_minkey(get(), key.data(), length(key)));
    return *this;
}

Bson& Bson::most(std::string_view key) {
    check(bson_append_maxkey(get(), key.data(), length(key)));
    return *this;
}

Bson& Bson::document(std::string_view key, const Bson& value) {
    check(bson_append_document(get(), key.data(), length(key), value.get()));
    return *this;
}

Bson& Bson::list(std::string_view key, const List& value) {
    check(bson_append_array(get(), key.data(), length(key), value.elements().get()));
    return *this;
}

List& List::text(std::string_view value) {
    elements_.text(next(), value);
    return *this;
}

List& List::number(std::int64_t value) {
    elements_.number(next(), value);
    return *this;
}

List& List::document(const Bson& value) {
    elements_.document(next(), value);
    return *this;
}

List& List::list(const List& value) {
    elements_.list(next(), value);
    return *this;
}

std::string_view List::next() {
    const char* key = nullptr;
    const std::size_t size = bson_uint32_to_string(size_++, &key, key_, sizeof key_);
    return {key, size};
}

std::optional<Element> View::find(std::string_view key) const {
    bson_iter_t at;
    const bool found = data_ != nullptr && bson_iter_init_from_data(&at, data_, size_) &&
                       bson_iter_find_w_len(&at, key.data(), length(key));
    if (!found) return std::nullopt;
    return Element(at);
}

bool View::has(std::string_view key) const {
    return find(key).has_value();
}

std::string_view View::text(std::string_view key) const {
    const auto element = find(key);
    return element ? element->text() : std::string_view();
}

std::int64_t View::number(std::string_view key) const {
    const auto element = find(key);
    return element ? element->number() : 0;
}

bool View::flag(std::string_view key) const {
    const auto element = find(key);
    return element && element->flag();
}

View View::inside(std::string_view key) const {
    const auto element = find(key);
    return element ? element->inside() : View();
}

std::string_view Element::text() const {
    if (!BSON_ITER_HOLDS_UTF8(&at_)) return {};
    std::uint32_t size = 0;
    const char* data = bson_iter_utf8(&at_, &size);
    return {data, size};
}

std::int64_t Element::number() const {
    if (BSON_ITER_HOLDS_DATE_TIME(&at_)) return bson_iter_date_time(&at_);
    return bson_iter_as_int64(&at_);
}

bool Element::flag() const {
    return bson_iter_as_bool(&at_);
}

View Element::inside() const {
    const std::uint8_t* data = nullptr;
    std::uint32_t size = 0;
    if (BSON_ITER_HOLDS_DOCUMENT(&at_)) bson_iter_document(&at_, &size, &data);
    if (BSON_ITER_HOLDS_ARRAY(&at_)) bson_iter_array(&at_, &size, &data);
    return {data, size};
}

} // namespace backline::mongo
