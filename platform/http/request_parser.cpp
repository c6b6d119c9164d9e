#include "platform/http/request_parser.hpp"

#include "platform/http/refusals.hpp"

#include <boost/beast/http/error.hpp>

namespace backline::http {

namespace beast = boost::beast::http;

namespace {

std::string_view view(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

bool all_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Whether a reader who sends this field may get something else than one who does not.
bool decides_answer(beast::field name, std::string_view value) {
    if (name == beast::field::accept) return value.find("*/*") == std::string_view::npos;
    return name == beast::field::authorization || name == beast::field::if_match ||
           name == beast::field::if_none_match;
}

} // namespace

RequestParser::RequestParser(std::vector<FieldView>& fields, std::size_t fields_max)
    : fields_(fields)
    , fields_max_(fields_max) {
    fields_.clear();
    header_limit(64U << 10U); // The scanner has counted already.
    body_limit(boost::none);  // Known when the route is.
    eager(false);
}

bool RequestParser::read_head(std::string_view head) {
    ErrorCode error;
    put(boost::asio::const_buffer(head.data(), head.size()), error);
    if (error && error != beast::error::need_more) explain(error);
    if (fault_ == nullptr && !is_header_done()) explain(beast::error::bad_field);
    in_head_ = false;
    eager(true);
    return fault_ == nullptr;
}

void RequestParser::set_body_bytes_max(std::size_t bytes) {
    body_limit(bytes);
    const boost::optional<std::uint64_t> announced = content_length_remaining();
    if (announced && *announced > bytes) explain(beast::error::body_limit);
}

std::size_t RequestParser::read_body(std::string_view bytes) {
    ErrorCode error;
    const std::size_t taken = put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != beast::error::need_more) explain(error);
    return taken;
}

void RequestParser::give_up() {
    explain(beast::error::bad_chunk);
}

Headers RequestParser::headers() const {
    Headers headers;
    for (const FieldView& field : fields_) {
        headers.append(std::string(field.name), std::string(field.value));
    }
    return headers;
}

void RequestParser::on_request_impl(
    beast::verb, View method, View target, int version, ErrorCode& error
) {
    method_ = view(method);
    target_ = view(target);
    version_ = version;
    if (version != 10 && version != 11) {
        refuse(http_error("malformed_request"), "Speak HTTP/1.1.", error);
    }
}

void RequestParser::on_field_impl(beast::field name, View text, View value, ErrorCode& error) {
    if (!in_head_) {
        refuse(http_error("malformed_request"), "Trailers are not taken.", error);
        return;
    }
    fields_.push_back({view(text), view(value)});
    if (fields_.size() > fields_max_) {
        refuse(http_error("headers_too_large"), "There are too many header fields.", error);
        return;
    }
    if (name == beast::field::host) ++hosts_;
    if (name == beast::field::content_length) check_content_length(view(value), error);
    if (name == beast::field::transfer_encoding) check_coding(view(value), error);
    if (name == beast::field::expect) check_expectation(view(value), error);
    if (decides_answer(name, view(value))) plain_ = false;
}

void RequestParser::check_content_length(std::string_view value, ErrorCode& error) {
    ++lengths_;
    if (!all_digits(value)) {
        refuse(http_error("malformed_request"), "Content-Length is one number.", error);
    }
}

void RequestParser::check_coding(std::string_view value, ErrorCode& error) {
    ++codings_;
    if (same_name(value, "chunked")) return;
    refuse(http_error("malformed_request"), "The only transfer coding is chunked.", error);
}

void RequestParser::check_expectation(std::string_view value, ErrorCode& error) {
    expects_continue_ = same_name(value, "100-continue");
    if (!expects_continue_) refuse(http_error("malformed_request"), "Unknown expectation.", error);
}

void RequestParser::on_header_impl(ErrorCode& error) {
    if (lengths_ + codings_ > 1) {
        refuse(http_error("malformed_request"), "A body has one length, told once.", error);
    } else if (codings_ == 1 && version_ == 10) {
        refuse(http_error("malformed_request"), "HTTP/1.0 has no transfer codings.", error);
    } else if (hosts_ > 1 || (hosts_ == 0 && version_ == 11)) {
        refuse(http_error("malformed_request"), "Send one Host header.", error);
    }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
    constexpr std::uint64_t trusted =
        64U << 10U; // Memory beyond this is only taken for bytes that really come.
    if (length) body_.reserve(std::min(*length, trusted));
}

std::size_t RequestParser::on_body_impl(View bytes, ErrorCode&) {
    body_.append(bytes.data(), bytes.size());
    return bytes.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t, View extensions, ErrorCode& error) {
    if (!extensions.empty()) {
        refuse(http_error("malformed_request"), "Chunk extensions are not taken.", error);
    }
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& error) {
    return on_body_impl(bytes, error);
}

void RequestParser::refuse(const Refusal& refusal, const char* detail, ErrorCode& error) {
    error = beast::error::bad_value;
    if (fault_ != nullptr) return;
    fault_ = &refusal;
    detail_ = detail;
}

void RequestParser::explain(ErrorCode error) {
    if (fault_ != nullptr) return;
    if (error == beast::error::body_limit) {
        fault_ = &http_error("body_too_large");
        detail_ = "The body is larger than this route takes.";
        return;
    }
    fault_ = &http_error("malformed_request");
    detail_ = "The request cannot be read.";
}

} // namespace backline::http
