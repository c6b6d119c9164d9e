#pragma once

#include "platform/base/problem.hpp"
#include "platform/http/message.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backline::http {

/// Beast's parser, made strict: what RFC 9112 lets a server be lenient about is refused, since leniency is what request
/// smuggling lives on. One per request; the head's views live as long as the bytes that were put in.
class RequestParser final : public boost::beast::http::basic_parser<true> {
public:
    struct FieldView {
        std::string_view name;
        std::string_view value;
    };

    /// `fields` is cleared; it is the connection's, so that its memory is used again.
    RequestParser(std::vector<FieldView>& fields, std::size_t fields_max);

    /// Reads a whole head (`HeadScanner` found its end). False if it is refused: see `fault`.
    [[nodiscard]] bool read_head(std::string_view head);

    /// After the head. A larger body is a fault, at once where its length was announced.
    void set_body_bytes_max(std::size_t bytes);

    /// Reads more of the body; answers how many bytes it took. Zero without a fault means that it needs more at once
    /// than it was given.
    [[nodiscard]] std::size_t read_body(std::string_view bytes);

    /// For a body whose framing does not fit the connection's buffer.
    void give_up();

    /// Null as long as all is well.
    [[nodiscard]] const Refusal* fault() const { return fault_; }

    [[nodiscard]] const char* fault_detail() const { return detail_; }

    [[nodiscard]] std::string_view method() const { return method_; }

    [[nodiscard]] std::string_view target() const { return target_; }

    [[nodiscard]] bool expects_continue() const { return expects_continue_; }

    /// Whether the peer wants to send more on this connection; HTTP/1.0 never does.
    [[nodiscard]] bool persists() const { return version_ == 11 && keep_alive(); }

    /// Nothing in the request but its target decides what an anonymous reader gets.
    [[nodiscard]] bool is_plain_get() const { return method_ == "GET" && plain_ && is_done(); }

    [[nodiscard]] Headers headers() const;

    [[nodiscard]] std::string take_body() { return std::move(body_); }

private:
    using ErrorCode = boost::beast::error_code;
    using View = boost::beast::string_view;

    void on_request_impl(
        boost::beast::http::verb, View method, View target, int version, ErrorCode& error
    ) override;

    void on_response_impl(int, View, int, ErrorCode&) override {}

    void on_field_impl(boost::beast::http::field name, View text, View value, ErrorCode& error)
        override;
    void on_header_impl(ErrorCode& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override;
    std::size_t on_body_impl(View bytes, ErrorCode&) override;
    void on_chunk_header_impl(std::uint64_t, View extensions, ErrorCode& error) override;
    std::size_t on_chunk_body_impl(std::uint64_t, View bytes, ErrorCode& error) override;

    void on_finish_impl(ErrorCode&) override {}

    void refuse(const Refusal& refusal, const char* detail, ErrorCode& error);
    void explain(ErrorCode error);
    void check_content_length(std::string_view value, ErrorCode& error);
    void check_coding(std::string_view value, ErrorCode& error);
    void check_expectation(std::string_view value, ErrorCode& error);

    std::vector<FieldView>& fields_;
    std::size_t fields_max_;
    std::string_view method_;
    std::string_view target_;
    std::string body_;
    int version_ = 11;
    int hosts_ = 0;
    int lengths_ = 0;
    int codings_ = 0;
    bool in_head_ = true;
    bool plain_ = true;
    bool expects_continue_ = false;
    const Refusal* fault_ = nullptr;
    const char* detail_ = "";
};

} // namespace backline::http
