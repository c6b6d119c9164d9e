#include "services/notifications/messages/handlers.hpp"

namespace backline::notifications {

Task<http::Page<MessageView>> MessageHandlers::list(
    http::Context&, http::Query<ListMessages> query
) {
    store::Range range{.index = messages_by_time, .descending = true};
    range.limit = static_cast<std::size_t>(query->limit ? query->limit->value() : 20);
    if (query->after) range.after = query->after->text();
    const auto found = co_await messages_.page(std::move(range));
    const auto slice = unwrap(found);
    http::Page<MessageView> page{{}, slice.next};
    for (const auto& message : slice.items) page.items.push_back(view_of(*message));
    co_return page;
}

} // namespace backline::notifications
