#pragma once

#include "platform/async/wait.hpp"
#include "services/notifications/messages/model.hpp"
#include "services/notifications/service.hpp"
#include "services/orders/events.hpp"
#include "services/payments/events.hpp"
#include "tests/support/service_bench.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

/// The Notification Service with a mail server that the test rules, and that outlives every crash.
namespace backline::notifications {

using tests::Answer;
using tests::ServiceBench;

/// Keeps what it is sent, after asking the test what it shall do.
class MailStub final : public Mailer {
public:
    using Mood = std::function<Result<void>()>;

    MailStub(Runtime& runtime, std::vector<Mail>& sent, const Mood& mood, const Duration& takes)
        : runtime_(runtime)
        , sent_(sent)
        , mood_(mood)
        , takes_(takes) {}

    Task<Result<void>> send(Mail mail) override {
        co_await sleep_for(runtime_, takes_);
        if (mood_) {
            const Result<void> told = mood_();
            if (!told) co_return told;
        }
        sent_.push_back(std::move(mail));
        co_await sleep_for(runtime_, Duration{5});
        co_return Result<void>{};
    }

private:
    Runtime& runtime_;
    std::vector<Mail>& sent_;
    const Mood& mood_;
    const Duration& takes_;
};

inline Result<void> away() {
    throw Unavailable(Unavailable::Outcome::not_done, "no mail server");
}

inline const users::UserId ada = users::UserId::from_parts(Instant{Duration{1}}, 1, 1);
inline const auto customer = users::CustomerId::of(ada.text());
inline const std::string staff =
    tests::as("usr_staff", {"notifications:read", "notifications:write"});

struct NotificationShop {
    std::vector<Mail> sent;
    MailStub::Mood mood;
    Duration mail_takes{5};
    std::optional<MailStub> mailer;
    ServiceBench bench{{[this](Backends on) {
        mailer.emplace(on.runtime, sent, mood, mail_takes);
        return make_service(on, *mailer);
    }}};

    /// Users' word on how Ada is reached.
    void know(const std::string& name = "Ada", std::int64_t sequence = 1) {
        users::ContactChanged contact;
        contact.customer = customer;
        contact.email = Email::of("ada@example.com");
        contact.name = users::PersonName::unchecked(name);
        bench.deliver(contact, {.subject = customer.text(), .sequence = sequence});
    }

    void register_ada() { bench.post(users::UserRegistered{ada, bench.now()}, {ada.text()}); }

    void confirm(std::uint64_t number = 1) {
        const orders::OrderId id = order(number);
        bench.post(
            orders::OrderConfirmed{
                id,
                customer,
                Text<4, 40>::of("BL-" + std::to_string(1000 + number)),
                Money{12'345, Currency("EUR")},
                bench.now()
            },
            {id.text()}
        );
    }

    static orders::OrderId order(std::uint64_t number) {
        return orders::OrderId::from_parts(Instant{Duration{1}}, number, number);
    }

    /// Until what was posted is handled, and a moment longer, for its mails.
    void settle() {
        bench.settle();
        bench.advance(Duration{100});
    }

    Answer get(const std::string& path) { return bench.call({"GET", path, {}, staff}); }

    Answer edit(const std::string& name, const EditTemplate& words, http::Headers headers = {}) {
        return bench.call(
            {.method = "PUT",
             .target = "/v1/templates/" + name,
             .body = schema::write_json(words),
             .as = staff,
             .headers = std::move(headers)}
        );
    }

    [[nodiscard]] std::vector<Message> messages() const {
        return bench.documents<Message>("notifications.messages");
    }
};

inline EditTemplate words(
    const std::string& subject, const std::string& text, const std::string& html
) {
    return {TemplateSubject::of(subject), TemplateText::of(text), TemplateText::of(html)};
}

} // namespace backline::notifications
