#pragma once

#include "platform/base/paging.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"
#include "services/notifications/messages/store.hpp"

/// Requests of staff about messages.
namespace backline::notifications {

class MessageHandlers final {
public:
    explicit MessageHandlers(MessageCollection& messages) : messages_(messages) {}

    /// Newest first.
    Task<http::Page<MessageView>> list(http::Context& ctx, http::Query<Paging> query);

private:
    MessageCollection& messages_;
};

} // namespace backline::notifications
