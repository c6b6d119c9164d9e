#include "apps/backline/sandbox.hpp"

#include "platform/base/rfc3339.hpp"
#include "platform/render/mustache.hpp"

namespace backline::app {

namespace {

constexpr std::string_view page_head =
    R"(<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Mailbox</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222;background:#f6f6f4}
details{background:#fff;border:1px solid #ddd;border-radius:8px;margin:.6rem 0;padding:.6rem 1rem}
summary{cursor:pointer;display:flex;gap:1rem;justify-content:space-between;flex-wrap:wrap}
summary b{flex:1}time,i{color:#666;font-style:normal}pre{white-space:pre-wrap;font:inherit;margin:.8rem 0 .2rem}
</style></head><body><h1>Mailbox</h1><p>What this demo would have sent by e-mail, newest first.</p>
)";

constexpr const char* one_mail =
    "<details><summary><b>{{subject}}</b><i>{{to}}</i><time>{{at}}</time></summary>"
    "<pre>{{text}}</pre></details>\n";

std::string mail_text(const mailbox::KeptMail& mail) {
    const render::Variables values{
        {"subject", mail.subject.text()},
        {"to", mail.to.text()},
        {"at", to_rfc3339(mail.sent_at)},
        {"text", mail.text}
    };
    return unwrap(render::render(one_mail, values, render::Escape::html));
}

} // namespace

Sandbox::Sandbox(Runtime& runtime, const std::filesystem::path& directory)
    : ledger_((directory / "sandbox-provider.db").string())
    , provider_(runtime, ledger_, {})
    , mail_file_((directory / "mailbox.jsonl").string())
    , mailbox_(runtime, mails_, mail_file_) {
    mail_file_.load(mails_);
}

http::Routes Sandbox::pages() {
    using security::Access;
    using Self = Sandbox;
    return {
        get("/mailbox",
            *this,
            &Self::mailbox_page,
            Access::anyone(),
            "Read the mails that were sent"),
        get("/v1/mailbox",
            *this,
            &Self::mail_list,
            Access::anyone(),
            "List the mails that were sent"),
        get("/v1/sandbox/ledger",
            *this,
            &Self::ledger,
            Access::anyone(),
            "List the sandbox provider's books"),
    };
}

http::Routes Sandbox::calls() {
    using security::Access;
    return {
        post("/calls", *this, &Sandbox::call, Access::anyone(), "Call the payment provider")
            .refuses(sandbox_refusals[0]),
        post("/mails", *this, &Sandbox::keep, Access::anyone(), "Put a mail into the mailbox"),
    };
}

Task<sandbox_pay::CallAnswer> Sandbox::call(http::Context&, sandbox_pay::CallRequest body) {
    using sandbox_pay::CallFailure;
    sandbox_pay::CallAnswer answer;
    try {
        answer.payment = co_await provider_.call(sandbox_pay::call_of(body));
    } catch (const Unavailable& failure) {
        const bool not_done = failure.outcome() == Unavailable::Outcome::not_done;
        answer.failure = not_done ? CallFailure::not_done : CallFailure::unknown;
    } catch (const InvariantBroken&) {
        throw Refused(Problem{sandbox_refusals.data(), "Look at the caller."});
    }
    co_return answer;
}

Task<http::NoContent> Sandbox::keep(http::Context&, notifications::Mail body) {
    const Result<void> kept = co_await mailbox_.send(std::move(body));
    unwrap(kept);
    co_return http::NoContent{};
}

Task<http::Html> Sandbox::mailbox_page(http::Context&) {
    std::string page(page_head);
    const std::vector<mailbox::KeptMail> mails = mails_.newest(200);
    if (mails.empty()) page += "<p>Nothing yet. Place an order, and come back.</p>";
    for (const mailbox::KeptMail& mail : mails) page += mail_text(mail);
    co_return http::Html{page + "</body></html>\n"};
}

Task<MailList> Sandbox::mail_list(http::Context&, http::Query<ListMails> query) {
    const int limit = query->limit ? query->limit->value() : 50;
    co_return MailList{mails_.newest(static_cast<std::size_t>(limit), query->to)};
}

Task<LedgerRows> Sandbox::ledger(http::Context&, http::Query<ListRows> query) {
    const std::int64_t after = query->after ? query->after->value() : 0;
    std::vector<sandbox_pay::LedgerRow> rows = co_await provider_.ledger(after, 1000);
    co_return LedgerRows{std::move(rows)};
}

} // namespace backline::app
