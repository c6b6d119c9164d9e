// At stake: what stands in our mails: staff's words, no more, and nothing that breaks when a message comes.
// Tested over HTTP, by the mail that comes next, and by templates that must be refused.
#include "services/notifications/feature_test.hpp"

#include "services/notifications/templates/model.hpp"

namespace backline::notifications {

namespace {

using testing::HasSubstr;

} // namespace

TEST(Templates, of_all_kinds_are_there_from_the_first_start_on) {
    NotificationShop shop;
    const Answer all = shop.get("/v1/templates");
    for (const KindRow& kind : kind_rows()) {
        EXPECT_THAT(all.body, HasSubstr('"' + std::string(kind.name) + '"'));
        const Answer one = shop.get("/v1/templates/" + std::string(kind.name));
        const auto view = one.read<TemplateView>();
        EXPECT_EQ(view.values.size(), kind.values.size());
        const EditTemplate same{view.subject, view.text, view.html};
        EXPECT_EQ(shop.edit(view.name.text(), same).status, 200) << "a seed obeys the rules";
    }
    EXPECT_EQ(shop.get("/v1/templates/unheard_of").code(), "template_unknown");
}

TEST(Templates, that_staff_edit_are_used_for_the_next_message) {
    NotificationShop shop;
    shop.know();
    shop.confirm(1);
    shop.settle();
    const EditTemplate better =
        words("Thanks, {{name}}!", "{{number}}: {{total}}", "<p>{{number}}</p>");
    const Answer edited = shop.edit("order_confirmed", better);
    EXPECT_EQ(edited.status, 200);
    EXPECT_EQ(edited.read<TemplateView>().subject.text(), "Thanks, {{name}}!");
    shop.bench.restart();
    shop.confirm(2);
    shop.settle();
    ASSERT_EQ(shop.sent.size(), 2U);
    EXPECT_EQ(shop.sent[0].subject.text(), "Your order BL-1001 is confirmed");
    EXPECT_EQ(shop.sent[1].subject.text(), "Thanks, Ada!");
    EXPECT_EQ(shop.sent[1].text, "BL-1002: 123.45 EUR");
    EXPECT_EQ(shop.sent[1].html, "<p>BL-1002</p>");
}

TEST(Templates, are_refused_where_a_message_could_not_fill_them) {
    struct Row {
        const char* words;
        const char* code;
    };

    NotificationShop shop;
    for (const Row& row : {
             Row{"{{total}}", "template_name_unknown"},
             Row{"{{#total}}x{{/total}}", "template_name_unknown"},
             Row{"{{> other}}", "template_name_unknown"},
             Row{"{{=<% %>=}}<% total %>", "template_name_unknown"},
             Row{"{{name", "template_invalid"},
             Row{"{{#name}}", "template_invalid"},
             Row{"{{{name}}}", "template_invalid"},
             Row{"{{& name}}", "template_invalid"},
             Row{"{{ &name }}", "template_invalid"},
         }) {
        for (const EditTemplate& edit :
             {words(row.words, "x", "x"), words("x", row.words, "x"), words("x", "x", row.words)}) {
            const Answer refused = shop.edit("welcome", edit);
            EXPECT_EQ(refused.status, 422) << row.words;
            EXPECT_EQ(refused.code(), row.code) << row.words;
        }
    }
    for (const std::string& subject : {std::string("two\nlines"), std::string(201, 'x')}) {
        const std::string body =
            R"({"subject":)" + schema::write_json(subject) + R"(,"text":"x","html":"x"})";
        EXPECT_EQ(shop.bench.call({"PUT", "/v1/templates/welcome", body, staff}).status, 422);
    }
    EXPECT_EQ(shop.edit("welcome", words("{{name}}", "{{#name}}x{{/name}}", "x")).status, 200);
    EXPECT_EQ(shop.edit("unheard_of", words("x", "x", "x")).code(), "template_unknown");
}

TEST(Templates, are_edited_in_the_version_that_was_read) {
    NotificationShop shop;
    const http::Headers seen{{"If-Match", shop.get("/v1/templates/welcome").etag()}};
    EXPECT_EQ(shop.edit("welcome", words("one", "x", "x"), seen).status, 200);
    EXPECT_EQ(shop.edit("welcome", words("two", "x", "x"), seen).code(), "version_stale");
    EXPECT_EQ(shop.get("/v1/templates/welcome").read<TemplateView>().subject.text(), "one");
}

TEST(Templates, are_staffs) {
    NotificationShop shop;
    const std::string reader = tests::as("usr_reader", {"notifications:read"});
    const std::string body = schema::write_json(words("x", "x", "x"));
    EXPECT_EQ(shop.bench.call({"PUT", "/v1/templates/welcome", body, reader}).status, 403);
    EXPECT_EQ(shop.bench.call({"GET", "/v1/templates/welcome", {}, reader}).status, 200);
    EXPECT_EQ(shop.bench.call({"GET", "/v1/templates"}).status, 401);
}

} // namespace backline::notifications
