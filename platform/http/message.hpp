#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests and responses as the router sees them: whole, owned, free of sockets. The server fills them from the wire,
/// tests and the simulator by hand.
namespace backline::http {

/// `other` is every method that Backline does not know, TRACE and CONNECT among them; no route has it.
enum class Method : std::uint8_t { get, head, post, put, patch, del, options, other };

/// `GET`; `DELETE` for `del`, which is a keyword without its abbreviation.
[[nodiscard]] std::string_view name_of(Method method);

/// The inverse; methods are case-sensitive.
[[nodiscard]] Method method_named(std::string_view name);

/// Header fields in the order in which they came. Names compare without case.
class Headers final {
public:
    struct Field {
        std::string name;
        std::string value;
    };

    Headers() = default;

    Headers(std::initializer_list<Field> fields) : fields_(fields) {}

    /// The first value of that name, or an empty text. Valid until the headers change.
    [[nodiscard]] std::string_view find(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const;

    /// Replaces what has that name.
    void set(std::string_view name, std::string value);
    void append(std::string name, std::string value);

    [[nodiscard]] auto begin() const { return fields_.begin(); }

    [[nodiscard]] auto end() const { return fields_.end(); }

    [[nodiscard]] std::size_t size() const { return fields_.size(); }

private:
    std::vector<Field> fields_;
};

/// Names and values of a query string, percent-decoded, in their order; a name may come twice.
using QueryPairs = std::vector<std::pair<std::string, std::string>>;

struct Request {
    Method method = Method::get;
    std::string path; ///< As sent, still percent-encoded; starts with `/`.
    QueryPairs query{};
    Headers headers{};
    std::string body{};
    std::string remote{}; ///< The peer's address, without its port.

    /// Sets path and query from a request target in origin form. False if it is none, or holds a bad percent escape,
    /// a control character or text that is not UTF-8.
    [[nodiscard]] bool set_target(std::string_view target);

    /// For tests and the simulator: a request with this target; throws `std::invalid_argument` where `set_target` would
    /// answer false.
    static Request to(Method method, std::string_view target, std::string body = {});
};

/// Counters that rise with every change of what an answer was made from, and their sum when it was made.
struct Freshness {
    std::span<const std::uint64_t* const> counters;
    std::uint64_t sum;

    /// The counters as they are now.
    static Freshness now(std::span<const std::uint64_t* const> counters);

    [[nodiscard]] bool holds() const { return now(counters).sum == sum; }
};

struct Response {
    int status = 200;
    std::string content_type{}; ///< Empty: there is no body.
    Headers headers{};
    std::string body{};

    std::optional<Freshness> fresh_while{
    }; ///< Set: until then, the same request gets the same bytes.
};

/// The standard phrase of a status, such as `Not Found`; `Unknown` for one that Backline never sends.
[[nodiscard]] std::string_view reason_of(int status);

/// Undoes percent escapes; nothing if one is broken or the result is no clean UTF-8 text. `+` stays a plus.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

/// Escapes all but the unreserved characters of RFC 3986.
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// Compares without case, for the ASCII letters that header names are made of.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);

} // namespace backline::http
