// At stake: a shop that starts on a server or on data that cannot keep its promises would find out when it is too late.
// How: processes that open at once, declarations that have changed, documents that do not fit them, URLs that are weak.
#include "adapters/mongo/server_test.hpp"
#include "adapters/mongo/unusable.hpp"

namespace backline::mongo {
namespace {

constexpr std::int64_t validation_failed = 121; ///< The server's error code.
constexpr Refusal taken{"taken", 409, "Somebody else has it.", "Choose another."};

class MongoOpening : public ServerFixture {
protected:
    static store::CollectionSpec with(std::vector<store::Index> indexes) {
        return {.service = things().service, .name = "things", .indexes = std::move(indexes)};
    }

    /// What the next version of the program, with these indexes, is told at its start.
    std::string reopen(const store::CollectionSpec& spec) { return reopen(spec, settings()); }

    std::string reopen(const store::CollectionSpec& spec, const Settings& settings) {
        try {
            process().run(process().add_store(settings).open(spec));
        } catch (const Unusable& unusable) {
            return unusable.what();
        }
        return "opened";
    }
};

Task<> open_both(MongoStore& one, MongoStore& two) {
    TaskGroup group = contract::strict_group();
    group.spawn(one.open(contract::other_things()));
    group.spawn(two.open(contract::other_things()));
    co_await group.join();
}

TEST_F(MongoOpening, may_be_done_by_two_processes_at_once_and_again) {
    MongoStore& other = process().add_store();
    process().run(open_both(store(), other));
    process().run(open_both(store(), other));
    const auto done =
        process().run(other.commit(commit_of(contract::other_things(), {.id = "a"}, {})));
    EXPECT_EQ(done.kind, store::CommitResult::Kind::committed);
}

TEST_F(MongoOpening, waits_for_a_set_that_is_electing_its_primary) {
    const FailPoint::Commands commands{"hello", "replSetGetConfig", "create", "createIndexes"};
    const FailPoint electing(settings(), commands, 9, error(not_writable_primary));
    EXPECT_EQ(reopen(contract::other_things()), "opened");
}

TEST_F(MongoOpening, waits_for_no_right_that_it_does_not_have) {
    const FailPoint refusing(settings(), "create", 1'000, error(unauthorized));
    Settings patient = settings();
    patient.opens_within = std::chrono::hours{1};
    const std::string told = reopen(contract::other_things(), patient);
    EXPECT_TRUE(told.starts_with("MongoDB cannot be used: ")) << told;
}

TEST_F(MongoOpening, waits_for_nobody_for_ever) {
    const FailPoint electing(settings(), "create", 1'000, error(not_writable_primary));
    Settings impatient = settings();
    impatient.opens_within = Duration{500};
    const std::string told = reopen(contract::other_things(), impatient);
    EXPECT_TRUE(told.starts_with("MongoDB cannot be used: ")) << told;
}

TEST_F(MongoOpening, has_the_server_refuse_what_is_no_document) {
    Bson stray;
    stray.text("_id", "a").number("version", 0).list("outbox", {}).list("ops", {});
    List documents;
    documents.document(stray);
    Bson insert;
    insert.text("insert", "things").list("documents", documents);
    const Bson reply = ask(insert);
    View(reply).inside("writeErrors").each([](const Element& element) {
        EXPECT_EQ(element.inside().number("code"), validation_failed);
    });
    EXPECT_EQ(View(reply).number("n"), 0);
    EXPECT_EQ(put({.id = "a"}), "committed");
}

TEST_F(MongoOpening, takes_up_a_new_index_while_there_are_no_documents) {
    std::vector<store::Index> indexes = things().indexes;
    indexes.push_back({"by_note", {"note"}});
    static const store::CollectionSpec newer = with(indexes); // A spec outlives its store.
    EXPECT_EQ(reopen(newer), "opened");
}

TEST_F(MongoOpening, refuses_a_new_index_that_documents_have_no_keys_for) {
    put({.id = "a"});
    std::vector<store::Index> indexes = things().indexes;
    indexes.push_back({"by_note", {"note"}});
    const store::CollectionSpec newer = with(indexes);
    EXPECT_TRUE(reopen(newer).starts_with("The collection contract.things holds documents"))
        << reopen(newer);
}

TEST_F(MongoOpening, refuses_an_index_that_was_declared_otherwise) {
    const store::CollectionSpec changed = with({{"by_rank", {"rank", "group"}}});
    EXPECT_TRUE(reopen(changed).starts_with("An index of contract.things was declared otherwise"))
        << reopen(changed);
}

TEST_F(MongoOpening, refuses_a_unique_index_that_was_not) {
    const store::CollectionSpec changed = with({{"by_rank", {"group", "rank"}, true, &taken}});
    EXPECT_NE(reopen(changed), "opened");
}

TEST(MongoUrl, is_refused_when_it_asks_for_weaker_writes) {
    for (const char* option :
         {"w=1", "w=0", "journal=false", "retryWrites=false", "w=2&journal=true"}) {
        Settings settings;
        settings.url = Secret<std::string>(std::string("mongodb://127.0.0.1:1/?") + option);
        EXPECT_THROW(const Server server(settings), Unusable) << option;
    }
}

TEST(MongoUrl, is_refused_when_it_asks_for_weaker_reads) {
    for (const char* option :
         {"readConcernLevel=local",
          "readConcernLevel=linearizable",
          "readPreference=secondary",
          "readPreference=primaryPreferred"}) {
        Settings settings;
        settings.url = Secret<std::string>(std::string("mongodb://127.0.0.1:1/?") + option);
        EXPECT_THROW(const Server server(settings), Unusable) << option;
    }
}

TEST(MongoUrl, may_say_what_holds_anyway) {
    Settings settings;
    settings.url =
        Secret<std::string>("mongodb://127.0.0.1:1/?w=majority&journal=true&retryWrites=true&"
                            "readConcernLevel=majority&readPreference=primary");
    EXPECT_NO_THROW(const Server server(settings));
}

TEST(MongoUrl, is_refused_without_a_word_of_the_password_in_it) {
    Settings settings;
    settings.url = Secret<std::string>("mongo://user:hunter2@nowhere/?x");
    try {
        const Server server(settings);
        ADD_FAILURE() << "it was accepted";
    } catch (const Unusable& unusable) {
        EXPECT_EQ(std::string(unusable.what()).find("hunter2"), std::string::npos);
    }
}

TEST(MongoUrl, of_nobody_is_not_done_within_the_deadline) {
    Settings settings;
    settings.url = Secret<std::string>("mongodb://127.0.0.1:1/?replicaSet=rs0");
    settings.selects_server_within = Duration{200};
    Server server(settings);
    try {
        const Session session(server);
        ADD_FAILURE() << "somebody answered";
    } catch (const Failed& failed) {
        EXPECT_EQ(failed.stage(), Failed::Stage::not_sent);
    }
}

} // namespace
} // namespace backline::mongo
