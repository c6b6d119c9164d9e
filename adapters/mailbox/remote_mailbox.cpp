#include "adapters/mailbox/remote_mailbox.hpp"

#include "platform/schema/json.hpp"

namespace backline::mailbox {

Task<Result<void>> RemoteMailbox::send(notifications::Mail mail) {
    http::ClientRequest request{
        .url = url_ + "/mails", .method = http::Method::post, .body = schema::write_json(mail)
    };
    const http::ClientAnswer answer = co_await client_.send(std::move(request));
    if (answer.status != 204) {
        throw Unavailable(Unavailable::Outcome::unknown, "the mailbox did not take a mail");
    }
    co_return Result<void>();
}

} // namespace backline::mailbox
