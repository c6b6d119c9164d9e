#include "platform/base/refusals.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/reader.hpp"

#include <boost/json/basic_parser_impl.hpp>

namespace backline::schema {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 32;

/// Passes on what Boost.JSON's parser reports. The parser checks syntax, UTF-8, surrogates and depth; it lets `\u0000`
/// pass, which no store and no C library takes well, so a strict reading stops there.
class Handler final {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    Handler(Reader& reader, bool refuses_nul) : reader_(reader), refuses_nul_(refuses_nul) {}

    bool on_document_begin(json::error_code&) { return true; }

    bool on_document_end(json::error_code&) { return true; }

    bool on_object_begin(json::error_code&) { return reader_.begin_object(), true; }

    bool on_object_end(std::size_t, json::error_code&) { return reader_.end_object(), true; }

    bool on_array_begin(json::error_code&) { return reader_.begin_array(), true; }

    bool on_array_end(std::size_t, json::error_code&) { return reader_.end_array(), true; }

    bool on_key_part(json::string_view part, std::size_t, json::error_code&) { return keep(part); }

    bool on_key(json::string_view last, std::size_t, json::error_code& error) {
        const std::string_view whole = join(last);
        if (!allows(whole, error)) return false;
        reader_.key(whole);
        parts_.clear();
        return true;
    }

    bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
        return keep(part);
    }

    bool on_string(json::string_view last, std::size_t, json::error_code& error) {
        const std::string_view whole = join(last);
        if (!allows(whole, error)) return false;
        reader_.string(whole);
        parts_.clear();
        return true;
    }

    bool on_number_part(json::string_view part, json::error_code&) { return keep(part); }

    bool on_int64(std::int64_t value, json::string_view last, json::error_code&) {
        reader_.integer(value, join(last));
        parts_.clear();
        return true;
    }

    bool on_uint64(std::uint64_t, json::string_view last, json::error_code&) { return other(last); }

    bool on_double(double, json::string_view last, json::error_code&) { return other(last); }

    bool on_bool(bool value, json::error_code&) { return reader_.boolean(value), true; }

    bool on_null(json::error_code&) { return reader_.null(), true; }

    bool on_comment_part(json::string_view, json::error_code&) { return true; }

    bool on_comment(json::string_view, json::error_code&) { return true; }

    [[nodiscard]] bool met_nul() const { return met_nul_; }

private:
    bool keep(json::string_view part) {
        parts_.append(part.data(), part.size());
        return true;
    }

    /// Most values arrive whole, and are then not copied.
    std::string_view join(json::string_view last) {
        if (parts_.empty()) return {last.data(), last.size()};
        parts_.append(last.data(), last.size());
        return parts_;
    }

    bool allows(std::string_view text, json::error_code& error) {
        if (!refuses_nul_ || text.find('\0') == std::string_view::npos) return true;
        met_nul_ = true;
        error = json::error::syntax;
        return false;
    }

    bool other(json::string_view last) {
        reader_.other_number(join(last));
        parts_.clear();
        return true;
    }

    Reader& reader_;
    bool refuses_nul_;
    bool met_nul_ = false;
    std::string parts_;
};

Result<void> run(
    const Type& type, void* out, std::string_view text, Reading reading, std::string* unknown
) {
    Reader reader(type, out, reading, unknown);
    json::parse_options options;
    options.max_depth = depth_max;
    json::basic_parser<Handler> parser(options, reader, reading != Reading::tolerant);
    json::error_code error;
    std::size_t end = parser.write_some(false, text.data(), text.size(), error);
    if (!error && end < text.size()) error = json::error::extra_data;
    if (error) {
        return refuse(
            platform_error("malformed_json"),
            "Reading stopped at byte " + std::to_string(end) + ": " +
                (parser.handler().met_nul() ? "a string holds \\u0000" : error.message()) + "."
        );
    }
    std::vector<FieldError> errors = reader.take_errors();
    if (errors.empty()) return {};
    return refuse_invalid(std::move(errors));
}

} // namespace

Result<void> read(const Type& type, void* out, std::string_view json, Reading reading) {
    return run(type, out, json, reading, nullptr);
}

Result<void> read_stored(const Type& type, void* out, std::string_view json, std::string& unknown) {
    unknown.clear();
    return run(type, out, json, Reading::tolerant, &unknown);
}

} // namespace backline::schema
