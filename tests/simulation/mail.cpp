#include "tests/simulation/mail.hpp"

#include "platform/async/wait.hpp"
#include "tests/simulation/answer.hpp"

namespace backline::simulation {

using notifications::Mail;

/// The mail server as one process sees it.
class MailServer::Wire final : public notifications::Mailer {
public:
    Wire(Runtime& process, MailServer& server) : process_(process), server_(server) {}

    Task<Result<void>> send(Mail mail) override {
        const auto answer = std::make_shared<Answer<Result<void>>>(process_);
        server_.calls_.spawn(settle(server_.take(std::move(mail)), answer));
        co_return co_await *answer;
    }

private:
    Runtime& process_;
    MailServer& server_;
};

MailServer::MailServer(Runtime& outside, Fate& fate)
    : outside_(outside)
    , fate_(fate)
    , calls_([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {}

MailServer::~MailServer() = default;

notifications::Mailer& MailServer::connect(Runtime& process) {
    return *wires_.emplace_back(std::make_unique<Wire>(process, *this));
}

Task<Result<void>> MailServer::take(Mail mail) {
    co_await sleep_for(outside_, fate_.between(1, 20));
    if (fate_.strikes(&Faults::mail_away)) {
        throw Unavailable(Unavailable::Outcome::not_done, "simulated: the mail server is away");
    }
    const bool deaf = fate_.is_away("mail server") || fate_.strikes(&Faults::mail_deaf);
    if (deaf) co_await never_answer();
    Taken& taken = taken_.try_emplace(mail.id.text(), mail).first->second;
    ++taken.copies;
    fate_.loop().trace(mail.id.text());
    if (fate_.strikes(&Faults::mail_mute)) {
        ++taken.replies_lost;
        co_await never_answer();
    }
    if (fate_.strikes(&Faults::mail_late)) co_await sleep_for(outside_, fate_.between(500, 8'000));
    co_return Result<void>{};
}

Task<> MailServer::never_answer() {
    co_await sleep_for(outside_, Duration{5'000});
    throw Unavailable(Unavailable::Outcome::unknown, "simulated: no answer from the mail server");
}

} // namespace backline::simulation
