#include "adapters/mongo/json.hpp"
#include "adapters/mongo/number.hpp"
#include "platform/base/invariant.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <deque>

namespace backline::mongo {

namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 64;

/// Turns what Boost.JSON's parser reports into elements, the outermost under the key that was asked for.
class Handler final {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Handler(bson_t* document, std::string_view key) : key_(key) { open_.push_back(Open{document}); }

    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;

    ~Handler() = default;

    bool on_document_begin(json::error_code&) { return true; }

    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) { return begin(false); }

    bool on_object_end(std::size_t, json::error_code&) { return end(); }

    bool on_array_begin(json::error_code&) { return begin(true); }

    bool on_array_end(std::size_t, json::error_code&) { return end(); }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }

    bool on_key(json::string_view last, std::size_t, json::error_code&) {
        key_ = take(last);
        INVARIANT(key_.find('\0') == std::string::npos, "no key of a stored document holds a NUL");
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        return keep(part);
    }

    bool on_string(json::string_view last, std::size_t, json::error_code&) {
        const std::string value = take(last);
        return add([&](bson_t* to, const char* key, int size) {
            return bson_append_utf8(to, key, size, value.data(), static_cast<int>(value.size()));
        });
    }

    bool on_number_part(json::string_view part, json::error_code&) { return keep(part); }

    bool on_int64(std::int64_t, json::string_view last, json::error_code&) { return number(last); }

    bool on_uint64(std::uint64_t, json::string_view last, json::error_code&) {
        return number(last);
    }

    bool on_double(double, json::string_view last, json::error_code&) { return number(last); }

    bool on_bool(bool value, json::error_code&) {
        return add([&](bson_t* to, const char* key, int size) {
            return bson_append_bool(to, key, size, value);
        });
    }

    bool on_null(json::error_code&) { return add(bson_append_null); }

    bool on_comment_part(json::string_view, json::error_code&) { return true; }

    bool on_comment(json::string_view, json::error_code&) { return true; }

private:
    /// A document or array that is not complete. Children lie in a deque: libbson keeps pointers to them.
    struct Open {
        bson_t* document;
        bool is_list = false;
        std::uint32_t size = 0;
    };

    bool keep(json::string_view part) {
        parts_.append(part.data(), part.size());
        return true;
    }

    std::string take(json::string_view last) {
        parts_.append(last.data(), last.size());
        return std::exchange(parts_, {});
    }

    bool number(json::string_view last) {
        const Number value = number_of(take(last));
        return add([&](bson_t* to, const char* key, int size) {
            return append_number(to, key, size, value);
        });
    }

    template <class Append> bool add(Append append) {
        if (open_.back().is_list) key_ = std::to_string(open_.back().size++);
        const bool added =
            append(open_.back().document, key_.data(), static_cast<int>(key_.size()));
        INVARIANT(added, "what is written into one document fits into memory");
        return true;
    }

    bool begin(bool is_list) {
        bson_t* child = &children_.emplace_back();
        const auto begin_child = is_list ? bson_append_array_begin : bson_append_document_begin;
        add([&](bson_t* to, const char* key, int size) { return begin_child(to, key, size, child); }
        );
        open_.push_back(Open{child, is_list});
        return true;
    }

    bool end() {
        const Open done = open_.back();
        open_.pop_back();
        const auto end_child = done.is_list ? bson_append_array_end : bson_append_document_end;
        end_child(open_.back().document, done.document);
        children_.pop_back();
        return true;
    }

    std::string key_;
    std::string parts_;
    std::vector<Open> open_;
    std::deque<bson_t> children_;
};

} // namespace

void append_json(Bson& document, std::string_view key, std::string_view json_text) {
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<Handler> parser(options, document.get(), key);
    json::error_code error;
    const std::size_t end = parser.write_some(false, json_text.data(), json_text.size(), error);
    INVARIANT(!error && end == json_text.size(), "what is stored is one JSON value");
}

} // namespace backline::mongo
