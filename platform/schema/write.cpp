#include "platform/base/invariant.hpp"
#include "platform/base/rfc3339.hpp"
#include "platform/base/utf8.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/pointer.hpp"

#include <array>
#include <charconv>

namespace backline::schema {
namespace {

enum class Secrets { refused, written, masked };

const void* at(const void* base, std::size_t bytes) {
    return static_cast<const std::byte*>(base) + bytes;
}

/// One walk over one value. `pointer_` is only kept while there are unknown members to put back.
class Writer final {
public:
    Writer(std::string& out, Secrets secrets, std::string_view unknown)
        : out_(out)
        , secrets_(secrets)
        , unknown_(unknown) {}

    void value(const Type& type, const void* source);

private:
    void integer(std::int64_t number);
    void text(const TextOps& ops, const void* source);
    void instant(Instant value);
    void enumeration(const EnumOps& ops, const void* source);
    void list(const ListOps& ops, const void* source);
    void map(const MapOps& ops, const void* source);
    void wrapped(const Type& type, const void* source);
    void object(const ObjectOps& ops, const void* source);
    void member(const Field& field, const void* source, bool& first);
    void unknown_members(bool first);

    template <class Step> void below(Step step, const Type& type, const void* source) {
        if (unknown_.empty()) return value(type, source);
        const std::size_t length = pointer_.size();
        append_step(pointer_, step);
        value(type, source);
        pointer_.resize(length);
    }

    std::string& out_;
    Secrets secrets_;
    std::string_view unknown_;
    std::string pointer_ = "#";
};

void Writer::value(const Type& type, const void* source) {
    switch (type.kind) {
    case Kind::boolean:
        out_ += *static_cast<const bool*>(source) ? "true" : "false";
        return;
    case Kind::integer:
        return integer(type.integer->get(source));
    case Kind::text:
        return text(*type.text, source);
    case Kind::instant:
        return instant(*static_cast<const Instant*>(source));
    case Kind::enumeration:
        return enumeration(*type.enumeration, source);
    case Kind::list:
        return list(*type.list, source);
    case Kind::map:
        return map(*type.map, source);
    case Kind::optional:
    case Kind::patch:
    case Kind::secret:
        return wrapped(type, source);
    case Kind::object:
        return object(*type.object, source);
    case Kind::json: {
        const std::string& raw = static_cast<const Json*>(source)->text;
        out_ += raw.empty() ? "null" : raw;
        return;
    }
    }
}

void Writer::integer(std::int64_t number) {
    std::array<char, 20> digits{};
    const auto done = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    out_.append(digits.data(), done.ptr);
}

void Writer::text(const TextOps& ops, const void* source) {
    if (ops.view != nullptr) {
        append_json_string(ops.view(source), out_);
    } else {
        append_json_string(ops.print(source), out_);
    }
}

void Writer::instant(Instant value) {
    out_ += '"';
    append_rfc3339(value, out_);
    out_ += '"';
}

void Writer::enumeration(const EnumOps& ops, const void* source) {
    out_.append("\"").append(enum_name(ops, source)).append("\"");
}

void Writer::list(const ListOps& ops, const void* source) {
    const Type& element = ops.element();
    const std::size_t count = ops.size(source);
    const void* data = ops.data(source);
    out_ += '[';
    for (std::size_t index = 0; index < count; ++index) {
        if (index > 0) out_ += ',';
        below(index, element, at(data, index * element.size));
    }
    out_ += ']';
}

void Writer::map(const MapOps& ops, const void* source) {
    struct Visit {
        Writer& writer;
        const Type& element;
        bool first = true;
    };

    Visit visit{*this, ops.element()};
    out_ += '{';
    ops.each(source, &visit, [](void* context, const std::string& key, const void* element) {
        Visit& self = *static_cast<Visit*>(context);
        if (!std::exchange(self.first, false)) self.writer.out_ += ',';
        append_json_string(key, self.writer.out_);
        self.writer.out_ += ':';
        self.writer.below(std::string_view(key), self.element, element);
    });
    out_ += '}';
}

void Writer::wrapped(const Type& type, const void* source) {
    const void* inside = type.wrap->get(source);
    if (inside == nullptr) {
        out_ += "null";
        return;
    }
    if (type.kind == Kind::secret && secrets_ != Secrets::written) {
        INVARIANT(
            secrets_ == Secrets::masked, "a secret is never written into an answer or an event"
        );
        out_ += "\"***\"";
        return;
    }
    value(type.wrap->inner(), inside);
}

void Writer::object(const ObjectOps& ops, const void* source) {
    out_ += '{';
    bool first = true;
    for (const Field& field : ops.fields) member(field, at(source, field.offset), first);
    if (!unknown_.empty()) unknown_members(first);
    out_ += '}';
}

void Writer::member(const Field& field, const void* source, bool& first) {
    const Type& type = field.type();
    if (!field.required && type.wrap->get(source) == nullptr) {
        const bool clears = type.kind == Kind::patch && type.wrap->is_null(source);
        if (!clears) return;
    }
    out_ += std::exchange(first, false) ? "\"" : ",\"";
    out_.append(field.name).append("\":");
    below(field.name, type, source);
}

void Writer::unknown_members(bool first) {
    const std::string_view members = find_unknown(unknown_, pointer_);
    if (members.empty()) return;
    if (!first) out_ += ',';
    out_ += members;
}

/// What a byte becomes inside a JSON string: 0 as it is, `u` an escape by number, `x` not ASCII, else the letter after
/// the backslash.
consteval std::array<char, 256> make_escapes() {
    std::array<char, 256> escapes{};
    for (std::size_t byte = 0; byte < 0x20; ++byte) escapes[byte] = 'u';
    for (std::size_t byte = 0x80; byte < 0x100; ++byte) escapes[byte] = 'x';
    escapes['"'] = '"';
    escapes['\\'] = '\\';
    escapes['\b'] = 'b';
    escapes['\f'] = 'f';
    escapes['\n'] = 'n';
    escapes['\r'] = 'r';
    escapes['\t'] = 't';
    return escapes;
}

constexpr std::array<char, 256> escapes = make_escapes();

char escape_of(char each) {
    return escapes[static_cast<unsigned char>(each)];
}

/// Appends the escaped form of what `text` begins with and answers how many bytes that was.
std::size_t append_escaped(std::string_view text, std::string& out) {
    constexpr std::string_view digits = "0123456789abcdef";
    const char escape = escape_of(text.front());
    if (escape == 'x') {
        const std::size_t length = utf8_sequence(text);
        out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
        return length == 0 ? 1 : length;
    }
    out += '\\';
    out += escape;
    if (escape == 'u') {
        const auto byte = static_cast<unsigned char>(text.front());
        out.append("00").append(1, digits[byte >> 4]).append(1, digits[byte & 15]);
    }
    return 1;
}

} // namespace

void append_json_string(std::string_view text, std::string& out) {
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && escape_of(text[plain]) == 0) ++plain;
        out.append(text.substr(0, plain));
        text.remove_prefix(plain);
        if (!text.empty()) text.remove_prefix(append_escaped(text, out));
    }
    out += '"';
}

void write_json(const Type& type, const void* value, std::string& out) {
    Writer(out, Secrets::refused, {}).value(type, value);
}

void write_stored(const Type& type, const void* value, std::string_view unknown, std::string& out) {
    Writer(out, Secrets::written, unknown).value(type, value);
}

void write_masked(const Type& type, const void* value, std::string& out) {
    Writer(out, Secrets::masked, {}).value(type, value);
}

} // namespace backline::schema
