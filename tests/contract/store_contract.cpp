#include "tests/contract/store_contract.hpp"

#include "platform/async/wait.hpp"
#include "platform/schema/json.hpp"

namespace backline::contract {

using store::CollectionSpec;
using store::Commit;
using store::CommitResult;
using store::Key;
using store::Stored;
using store::Value;

namespace {

constexpr Refusal taken{"taken", 409, "Somebody else has it.", "Choose another."};

CollectionSpec spec_named(std::string name) {
    return CollectionSpec{
        .service = "contract",
        .name = std::move(name),
        .indexes =
            {
                {"by_email", {"email"}, true, &taken},
                {"by_rank", {"group", "rank"}},
                {"by_slot", {"group", "rank", "email"}, true, &taken},
            },
    };
}

void append_member(std::string& json, std::string_view name, const Value& value) {
    if (value.index() == 0) return;
    json += json.size() > 1 ? "," : "";
    schema::append_json_string(name, json);
    json += ":";
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        json += std::to_string(*number);
    } else {
        schema::append_json_string(std::get<std::string>(value), json);
    }
}

std::string body_of(const Thing& thing) {
    std::string json = "{";
    append_member(json, "email", thing.email);
    append_member(json, "group", thing.group);
    append_member(json, "rank", thing.rank);
    append_member(json, "note", thing.note);
    return json + "}";
}

std::string next_operation() {
    static int last = 0;
    return "operation-" + std::to_string(++last);
}

store::EventRecord event_of(const Commit& commit, const std::string& type) {
    const std::string& id = commit.document.id;
    const std::int64_t sequence = commit.document.events;
    return {
        .id = commit.collection->full_name() + "/" + id + "/" + std::to_string(sequence),
        .source = commit.collection->service,
        .type = type,
        .subject = id,
        .sequence = sequence,
        .time = Instant{Duration{1'700'000'000'123}},
        .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        .data = "{\"number\":" + std::to_string(sequence) + "}",
    };
}

} // namespace

const CollectionSpec& things() {
    static const CollectionSpec spec = spec_named("things");
    return spec;
}

const CollectionSpec& other_things() {
    static const CollectionSpec spec = spec_named("other_things");
    return spec;
}

Commit commit_of(
    const CollectionSpec& spec,
    const Thing& thing,
    const std::optional<Stored>& now,
    const Cargo& cargo
) {
    Commit commit;
    commit.collection = &spec;
    commit.document = now.value_or(Stored{});
    commit.base_version = commit.document.version++;
    commit.document.id = thing.id;
    commit.document.schema = spec.schema;
    commit.document.body = body_of(thing);
    commit.keys = {
        {thing.email}, {thing.group, thing.rank}, {thing.group, thing.rank, thing.email}
    };
    commit.operation = next_operation();
    for (int i = 0; i < cargo.events; ++i) {
        ++commit.document.events;
        commit.events.push_back(event_of(commit, cargo.type));
    }
    for (int i = 0; i < cargo.entries; ++i) {
        const std::int64_t number = ++commit.document.entries;
        commit.entries.push_back(
            {thing.id, number, "Moved", "{\"by\":" + std::to_string(number) + "}"}
        );
    }
    return commit;
}

namespace {

Task<> open_all(store::Store& store) {
    co_await store.open(things());
    co_await store.open(other_things());
}

Task<bool> poll(Runtime& runtime, const std::function<bool()>& holds) {
    const Monotonic until = runtime.now().monotonic + std::chrono::seconds{3};
    while (!holds()) {
        if (runtime.now().monotonic > until) co_return false;
        co_await sleep_for(runtime, Duration{1});
    }
    co_return true;
}

} // namespace

StoreFixture::StoreFixture() : setup_(GetParam()()) {}

void StoreFixture::SetUp() {
    run(open_all(store()));
}

void StoreFixture::restart() {
    setup_->restart();
    run(open_all(store()));
}

void StoreFixture::put(const Thing& thing, const Cargo& cargo) {
    const CommitResult done = commit(commit_of(things(), thing, find(thing.id), cargo));
    EXPECT_EQ(done.kind, CommitResult::Kind::committed) << thing.id;
}

std::vector<std::string> StoreFixture::ids_of_page(store::Query query) {
    std::vector<std::string> ids;
    for (const store::Found& found : run(store().page(things(), std::move(query)))) {
        ids.push_back(found.document.id);
    }
    return ids;
}

std::vector<std::string> StoreFixture::walk(store::Query query) {
    std::vector<std::string> ids;
    for (int pages = 0; pages < 100; ++pages) {
        const std::vector<store::Found> page = run(store().page(things(), query));
        for (const store::Found& found : page) ids.push_back(found.document.id);
        if (page.size() < query.limit) return ids;
        query.after = {page.back().key, page.back().document.id};
    }
    ADD_FAILURE() << "the pages never end";
    return ids;
}

std::vector<std::string> StoreFixture::pending_ids() {
    std::vector<std::string> ids;
    for (const store::Store::Pending& one : pending()) ids.push_back(one.event.id);
    return ids;
}

bool StoreFixture::eventually(const std::function<bool()>& holds) {
    return run(poll(setup_->runtime(), holds));
}

TaskGroup strict_group() {
    return TaskGroup([](const std::exception_ptr& thrown) {
        try {
            std::rethrow_exception(thrown);
        } catch (const std::exception& failure) {
            ADD_FAILURE() << "a task failed: " << failure.what();
        }
    });
}

} // namespace backline::contract
