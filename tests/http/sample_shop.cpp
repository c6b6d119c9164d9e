#include "tests/http/sample_shop.hpp"

#include "platform/async/wait.hpp"
#include "platform/base/refusals.hpp"

#include <stdexcept>

namespace backline::sample {

using namespace http;
using security::Access;

std::vector<FieldError> check(const ListItems& list) {
    if (list.tag.size() != 2) return {};
    return {{"#/tag", "pair", "Not two tags."}};
}

Routes ItemHandlers::routes() {
    const Access staff = Access::needs("items:write");
    return {
        get("/v1/items", *this, &ItemHandlers::list, Access::anyone(), "List items"),
        get("/v1/searches", *this, &ItemHandlers::search, Access::anyone(), "Search items")
            .cached(&generation),
        get("/v1/items/{item_id}", *this, &ItemHandlers::show, Access::anyone(), "Show one item")
            .cached(&generation)
            .refuses(refusals[0]),
        post("/v1/items", *this, &ItemHandlers::make, Access::signed_in(), "Make an item")
            .idempotent()
            .limit(4096)
            .refuses(refusals[1]),
        patch("/v1/items/{item_id}", *this, &ItemHandlers::change, staff, "Change an item")
            .versioned_always(),
        del("/v1/items/{item_id}", *this, &ItemHandlers::remove, staff, "Remove an item"),
        post(
            "/v1/items/{item_id}/orders/{count}",
            *this,
            &ItemHandlers::order,
            Access::signed_in(),
            "Order"
        ),
        get("/page", *this, &ItemHandlers::page, Access::anyone(), "A page"),
        get("/big", *this, &ItemHandlers::big, Access::anyone(), "Eight megabytes"),
        get("/slow", *this, &ItemHandlers::slow, Access::anyone(), "Takes 300 ms"),
        get("/broken", *this, &ItemHandlers::broken, Access::anyone(), "Has a bug"),
        get("/away", *this, &ItemHandlers::away, Access::anyone(), "Its store is away"),
    };
}

Task<Page<ItemView>> ItemHandlers::list(Context&, Query<ListItems> query) {
    last_query = "limit " + std::to_string(query->limit.value_or(page_limit_default).value());
    if (query->after) last_query += " after " + query->after->text();
    if (query->in_stock) last_query += *query->in_stock ? " in stock" : " sold out";
    if (query->since) {
        last_query += " since " + std::to_string(query->since->time_since_epoch().count());
    }
    for (const auto& tag : query->tag) last_query += " #" + tag.text();
    Page<ItemView> page;
    for (const auto& [id, item] : items_) page.items.push_back(item);
    if (page.items.size() > 1) page.next = "a b";
    co_return page;
}

Task<PlainText> ItemHandlers::search(Context& ctx, Query<ListItems> query) {
    ++searched;
    co_await turn(ctx.runtime);
    co_return PlainText{query->after ? query->after->text() : "all"};
}

Task<ItemView> ItemHandlers::show(Context& ctx, ItemId id) {
    ++shown;
    co_await turn(ctx.runtime);
    co_return find(id);
}

Task<Created<ItemView>> ItemHandlers::make(Context& ctx, NewItem item) {
    const auto taken = [&](const auto& pair) { return pair.second.name == item.name.text(); };
    if (std::ranges::any_of(items_, taken)) throw Refused(Problem{&refusals[1], "Taken."});
    const auto id = ctx.new_id<ItemId>();
    co_await turn(ctx.runtime);
    items_[id] = ItemView{.id = id, .name = item.name.text(), .version = 1};
    ++generation;
    co_return Created<ItemView>{items_[id], "/v1/items/" + id.text()};
}

Task<ItemView> ItemHandlers::change(Context& ctx, ItemId id, ChangeItem change) {
    ItemView item = find(id);
    ctx.require_version();
    const std::optional<std::int64_t> seen = ctx.request.if_match.version;
    if (seen && *seen != item.version) throw Refused(Problem{&platform_error("version_stale"), ""});
    if (change.name) item.name = change.name->text();
    ++item.version;
    items_[id] = item;
    ++generation;
    co_return item;
}

Task<NoContent> ItemHandlers::remove(Context&, ItemId id) {
    items_.erase(find(id).id);
    ++generation;
    co_return NoContent{};
}

Task<Accepted<ItemView>> ItemHandlers::order(Context& ctx, ItemId id, Bounded<int, 1, 9> count) {
    ctx.add_header("Ordered", std::to_string(count.value()));
    co_return Accepted<ItemView>{find(id), ""};
}

Task<Html> ItemHandlers::page(Context&) {
    co_return Html{"<p>hello</p>"};
}

Task<PlainText> ItemHandlers::big(Context&) {
    co_return PlainText{std::string(8U << 20U, 'x')};
}

Task<PlainText> ItemHandlers::slow(Context& ctx) {
    co_await sleep_for(ctx.runtime, Duration{300});
    co_return PlainText{"slept\n"};
}

Task<NoContent> ItemHandlers::broken(Context&) {
    throw std::runtime_error("select secret from /srv/data");
    co_return NoContent{};
}

Task<NoContent> ItemHandlers::away(Context&) {
    throw Unavailable(Unavailable::Outcome::not_done, "mongo at 10.0.0.7 is gone", Duration{2500});
    co_return NoContent{};
}

const ItemView& ItemHandlers::find(ItemId id) const {
    const auto item = items_.find(id);
    if (item == items_.end()) throw Refused(Problem{refusals.data(), "Unknown."});
    return item->second;
}

} // namespace backline::sample
