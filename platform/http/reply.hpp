#pragma once

#include "platform/base/type.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a handler may answer with: a described value (200) or one of the wrappers below. A value that has an integer
/// field `version` gets it as its `ETag`.
namespace backline::http {

/// 201, with the address of what was made.
template <class T> struct Created {
    T value;
    std::string location; ///< `/v1/orders/ord_…`
};

/// 202: the work is taken on, its result will show at `location`.
template <class T> struct Accepted {
    T value;
    std::string location{};
};

/// 204.
struct NoContent {};

/// 200, one page of a list: `{"items": [...], "next": "cursor"}` with `Link: <...>; rel="next"` while there is more.
template <class T> struct Page {
    std::vector<T> items;
    std::optional<std::string> next{}; ///< What the next request sends as `after`.
};

/// 200, a page for people. It may hold inline styles, and forms that come back to this server. Inline scripts run only
/// where `runs_scripts` says so: never on a page that shows what somebody else has written.
struct Html {
    std::string body;
    bool runs_scripts = false;
};

/// 200, plain text, such as the metrics.
struct PlainText {
    std::string body;
};

enum class ReplyKind : std::uint8_t { value, created, accepted, no_content, page, html, text };

/// A reply with its C++ type forgotten: what the router puts into the response.
struct Reply {
    int status = 200;
    std::string content_type{};
    std::string body{};
    std::string location{};
    std::optional<std::string> next{};
    std::optional<std::int64_t> version{};
    bool runs_scripts = false;
};

namespace detail {

/// The writing of values is not repeated for every type: it goes by the table.
Reply reply_with(int status, const Type& type, const void* value);
Reply page_of(
    const Type& item, const void* items, std::size_t count, std::optional<std::string> next
);
Reply reply_text(std::string content_type, std::string body);

template <class T> void take_version(Reply& reply, const T& value) {
    if constexpr (requires {
                      { value.version } -> std::convertible_to<std::int64_t>;
                  }) {
        reply.version = value.version;
    }
}

template <class T> struct ReplyOf {
    static constexpr ReplyKind kind = ReplyKind::value;

    static const Type* type() { return &type_of<T>(); }

    static Reply make(T value) {
        Reply reply = reply_with(200, *type(), &value);
        take_version(reply, value);
        return reply;
    }
};

template <class T> struct ReplyOf<Created<T>> {
    static constexpr ReplyKind kind = ReplyKind::created;

    static const Type* type() { return &type_of<T>(); }

    static Reply make(Created<T> created) {
        Reply reply = reply_with(201, *type(), &created.value);
        reply.location = std::move(created.location);
        take_version(reply, created.value);
        return reply;
    }
};

template <class T> struct ReplyOf<Accepted<T>> {
    static constexpr ReplyKind kind = ReplyKind::accepted;

    static const Type* type() { return &type_of<T>(); }

    static Reply make(Accepted<T> accepted) {
        Reply reply = reply_with(202, *type(), &accepted.value);
        reply.location = std::move(accepted.location);
        take_version(reply, accepted.value);
        return reply;
    }
};

template <> struct ReplyOf<NoContent> {
    static constexpr ReplyKind kind = ReplyKind::no_content;

    static const Type* type() { return nullptr; }

    static Reply make(NoContent) { return Reply{.status = 204}; }
};

template <class T> struct ReplyOf<Page<T>> {
    static constexpr ReplyKind kind = ReplyKind::page;

    static const Type* type() { return &type_of<T>(); }

    static Reply make(Page<T> page) {
        return page_of(*type(), page.items.data(), page.items.size(), std::move(page.next));
    }
};

template <> struct ReplyOf<Html> {
    static constexpr ReplyKind kind = ReplyKind::html;

    static const Type* type() { return nullptr; }

    static Reply make(Html page) {
        Reply reply = reply_text("text/html; charset=utf-8", std::move(page.body));
        reply.runs_scripts = page.runs_scripts;
        return reply;
    }
};

template <> struct ReplyOf<PlainText> {
    static constexpr ReplyKind kind = ReplyKind::text;

    static const Type* type() { return nullptr; }

    static Reply make(PlainText text) {
        return reply_text("text/plain; charset=utf-8", std::move(text.body));
    }
};

} // namespace detail
} // namespace backline::http
