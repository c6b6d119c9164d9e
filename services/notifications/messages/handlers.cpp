#include "services/notifications/messages/handlers.hpp"

#include "platform/service/paging.hpp"

namespace backline::notifications {

Task<http::Page<MessageView>> MessageHandlers::list(http::Context&, http::Query<Paging> query) {
    const auto range = paged(*query, {.index = messages_by_time, .descending = true});
    const auto found = co_await messages_.page(range);
    co_return page_of(unwrap(found), [](const auto& message) { return view_of(*message); });
}

} // namespace backline::notifications
