#pragma once

#include "platform/async/task.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/security/access.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Routes are a table of data that the router, the OpenAPI document and the tests walk:
///
///     http::Routes product_routes(ProductHandlers& on) {
///         return {
///             get("/v1/products", on, &ProductHandlers::list, Access::anyone(), "List products"),
///             get("/v1/products/{product_id}", on, &ProductHandlers::show, Access::anyone(), "Show one product"),
///             post("/v1/products", on, &ProductHandlers::create, Access::needs("catalog:write"), "Add a product")
///                 .idempotent()
///                 .refuses(error("cart_empty"), error("stock_short")),
///         };
///     }
///
/// A handler is a member coroutine. Its parameters say what the route takes, in this order:
///
///     Task<Page<ProductRow>>   list(Context&, Query<ListProducts>);
///     Task<ProductView>        show(Context&, ProductId);
///     Task<Created<OrderView>> place(Context&, PlaceOrder body);
///     Task<NoContent>          remove(Context&, CartId, LineId);
///
/// one parameter per `{...}` of the pattern (anything that is a text, a number or an enum by `type_of`), then at most
/// one `Query<Q>`, then at most one body (a described struct, read strictly). All are taken by value.
namespace backline::http {

/// A described struct that is read from the query string. Unknown and repeated parameters are refused, except that a
/// field that is a list takes its parameter as often as it comes.
template <class Q> struct Query {
    Q value;

    const Q* operator->() const { return &value; }

    const Q& operator*() const { return value; }
};

/// Where one parameter of a handler comes from, and where its value goes.
struct Slot {
    enum class Source : std::uint8_t { path, query, body };

    Source source;
    const Type* type;
    void* value; ///< Null in a route's own list, which only describes.
};

/// One request to one handler: its parameters, to be filled by the router, and the handler, to be run once after that.
/// Lives until the handler is done.
class Call {
public:
    Call() = default;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    virtual ~Call() = default;

    /// A new call of the same handler. The caller owns it; a smart pointer here would be compiled once per handler.
    [[nodiscard]] virtual Call* fresh() const = 0;

    [[nodiscard]] virtual std::vector<Slot> slots() = 0;
    virtual Task<Reply> run(Context& ctx) = 0;
};

inline constexpr std::size_t json_body_bytes_max = 1U << 20U;

/// What a route does with `If-Match`.
enum class Versioning : std::uint8_t { none, optional, required };

/// One row of the table. Made by `get`, `post`, `put`, `patch` and `del`, refined by the methods below.
struct Route {
    Method method;
    std::string pattern; ///< `/v1/products/{product_id}`
    security::Access access;
    std::string summary;
    ReplyKind reply_kind;
    const Type* reply; ///< Of the value inside, of a page's item; null when there is none.

    std::shared_ptr<const Call> call{}; ///< Never run itself; see `fresh`.
    std::vector<Slot> slots{};          ///< The handler's parameters, without values.
    bool needs_idempotency_key = false;
    Versioning versioning = Versioning::none;
    std::size_t body_bytes_max = json_body_bytes_max;
    std::vector<const std::uint64_t*> generations{};
    bool shows_more = false;
    std::vector<const Refusal*> refusals{};

    /// Makes the `Idempotency-Key` header required, and documents it.
    Route idempotent() &&;

    /// Documents that the handler gives the version in `If-Match` to its update (`store::Terms`).
    Route versioned() &&;

    /// As `versioned`, where the handler asks for one (`Context::require_version`).
    Route versioned_always() &&;

    /// Answers to anonymous requests are kept, byte for byte, until one of the counters rises. For answers that depend
    /// on nothing but the request target and the data that the counters count the changes of: not on the time. Of those
    /// who ask at once for what is not kept, one has it made (`SingleFlight`).
    template <std::same_as<std::uint64_t>... Counter> Route cached(const Counter*... of) && {
        return std::move(*this).kept_until({of...});
    }

    /// The answer shows more than the document whose version is its `ETag`, say today's stock: a client that has the
    /// version need not have the answer, so it is always sent whole.
    Route showing_more() &&;

    /// Another limit for the body than 1 MiB.
    Route limit(std::size_t bytes) &&;

    /// The refusals that the handler may give, for the OpenAPI document.
    template <std::same_as<Refusal>... Row> Route refuses(const Row&... rows) && {
        (refusals.push_back(&rows), ...);
        return std::move(*this);
    }

    /// `get_products_product_id`: unique among routes, made of method and pattern.
    [[nodiscard]] std::string operation_id() const;

    /// Names between braces, in order.
    [[nodiscard]] std::vector<std::string> path_names() const;

    /// What the slot of that kind reads; null when the route has none.
    [[nodiscard]] const Type* query() const;
    [[nodiscard]] const Type* body() const;

    [[nodiscard]] int status() const;

private:
    Route kept_until(std::vector<const std::uint64_t*> counters) &&;
};

using Routes = std::vector<Route>;

/// Several tables as one, in their order.
[[nodiscard]] Routes joined(std::vector<Routes> tables);

namespace detail {

template <class T> struct Parameter {
    static constexpr Kind kind = type_of<T>().kind;
    static constexpr auto source =
        kind == Kind::object || kind == Kind::list ? Slot::Source::body : Slot::Source::path;

    static Slot slot(T& value) { return Slot{source, &type_of<T>(), &value}; }
};

template <class Q> struct Parameter<Query<Q>> {
    static Slot slot(Query<Q>& value) {
        return Slot{Slot::Source::query, &type_of<Q>(), &value.value};
    }
};

/// What `std::tuple` does, at a tenth of the time to compile.
template <std::size_t index, class T> struct Held {
    T value{};
};

template <class R> Task<Reply> reply_to(Task<R> handling) {
    R value = co_await handling;
    co_return ReplyOf<R>::make(std::move(value));
}

template <class Indices, class Object, class R, class... Args> class MethodCall;

template <std::size_t... index, class Object, class R, class... Args>
class MethodCall<std::index_sequence<index...>, Object, R, Args...> final : public Call,
                                                                            Held<index, Args>... {
public:
    using Method = Task<R> (Object::*)(Context&, Args...);

    MethodCall(Object& object, Method method) : object_(object), method_(method) {}

    Call* fresh() const override { return new MethodCall(object_, method_); }

    std::vector<Slot> slots() override {
        return {Parameter<Args>::slot(Held<index, Args>::value)...};
    }

    Task<Reply> run(Context& ctx) override {
        return reply_to<R>((object_.*method_)(ctx, std::move(Held<index, Args>::value)...));
    }

private:
    Object& object_;
    Method method_;
};

/// Takes `call` over. Breaks an invariant (at start) if its slots are out of order or do not fit the pattern.
Route checked(Route route, Call* call);

template <class Object, class R, class... Args> Route route(
    Method method,
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    using Handling = MethodCall<std::index_sequence_for<Args...>, Object, R, Args...>;
    return checked(
        Route{
            .method = method,
            .pattern = std::move(pattern),
            .access = access,
            .summary = std::move(summary),
            .reply_kind = ReplyOf<R>::kind,
            .reply = ReplyOf<R>::type()
        },
        new Handling(object, handler)
    );
}

} // namespace detail

/// `object` outlives the route.
template <class Object, class R, class... Args> Route get(
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    return detail::route(
        Method::get, std::move(pattern), object, handler, access, std::move(summary)
    );
}

template <class Object, class R, class... Args> Route post(
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    return detail::route(
        Method::post, std::move(pattern), object, handler, access, std::move(summary)
    );
}

template <class Object, class R, class... Args> Route put(
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    return detail::route(
        Method::put, std::move(pattern), object, handler, access, std::move(summary)
    );
}

template <class Object, class R, class... Args> Route patch(
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    return detail::route(
        Method::patch, std::move(pattern), object, handler, access, std::move(summary)
    );
}

template <class Object, class R, class... Args> Route del(
    std::string pattern,
    Object& object,
    Task<R> (Object::*handler)(Context&, Args...),
    security::Access access,
    std::string summary
) {
    return detail::route(
        Method::del, std::move(pattern), object, handler, access, std::move(summary)
    );
}

} // namespace backline::http
