#pragma once

#include "platform/base/id.hpp"
#include "platform/base/paging.hpp"
#include "platform/http/routes.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A very small shop, for tests of the router and the server: each kind of parameter and of answer occurs once.
namespace backline::sample {

using http::Context;
using http::Query;

struct ItemTag {
    static constexpr std::string_view prefix = "itm";
};

using ItemId = Id<ItemTag>;

enum class Colour { black, silver };
BOOST_DESCRIBE_ENUM(Colour, black, silver)

struct Part {
    Text<1, 20> name;
    Bounded<int, 1, 9> count;
};
BOOST_DESCRIBE_STRUCT(Part, (), (name, count))

struct NewItem {
    Text<2, 20> name;
    Bounded<int, 1, 100> quantity;
    std::optional<Colour> colour;
    std::vector<Part> parts;
};
BOOST_DESCRIBE_STRUCT(NewItem, (), (name, quantity, colour, parts))

struct ChangeItem {
    std::optional<Text<2, 20>> name;
};
BOOST_DESCRIBE_STRUCT(ChangeItem, (), (name))

struct ItemView {
    ItemId id;
    std::string name;
    std::int64_t version;
};
BOOST_DESCRIBE_STRUCT(ItemView, (), (id, name, version))

struct ListItems {
    std::optional<PageLimit> limit;
    std::optional<PageCursor> after;
    std::optional<Colour> colour;
    std::optional<bool> in_stock;
    std::optional<Instant> since;
    std::vector<Text<1, 10>> tag;

    static constexpr FieldDoc docs[] = {{"in_stock", "Only what can be had today."}};
};
BOOST_DESCRIBE_STRUCT(ListItems, (), (limit, after, colour, in_stock, since, tag))

std::vector<FieldError> check(const ListItems& list);

inline constexpr std::array refusals{
    Refusal{"item_unknown", 404, "There is no such item.", "Look at the list."},
    Refusal{"item_taken", 409, "An item has that name.", "Choose another name."},
};

class ItemHandlers final {
public:
    http::Routes routes();

    std::uint64_t generation = 0; ///< Raised by what changes an item.
    int shown = 0;                ///< How often `show` ran.
    int searched = 0;             ///< How often `search` ran.
    std::string last_query{};     ///< What `list` was asked for.

private:
    Task<http::Page<ItemView>> list(Context& ctx, Query<ListItems> query);
    Task<http::PlainText> search(Context& ctx, Query<ListItems> query);
    Task<ItemView> show(Context& ctx, ItemId id);
    Task<http::Created<ItemView>> make(Context& ctx, NewItem item);
    Task<ItemView> change(Context& ctx, ItemId id, ChangeItem change);
    Task<http::NoContent> remove(Context& ctx, ItemId id);
    Task<http::Accepted<ItemView>> order(Context& ctx, ItemId id, Bounded<int, 1, 9> count);
    Task<http::Html> page(Context& ctx);
    Task<http::PlainText> big(Context& ctx);
    Task<http::PlainText> slow(Context& ctx);
    Task<http::NoContent> broken(Context& ctx);
    Task<http::NoContent> away(Context& ctx);

    const ItemView& find(ItemId id) const;

    std::map<ItemId, ItemView> items_;
};

} // namespace backline::sample
