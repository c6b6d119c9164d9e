#include "tests/support/service_bench.hpp"

#include "adapters/local_bus/local_bus.hpp"
#include "adapters/memory/memory_store.hpp"
#include "platform/base/invariant.hpp"
#include "platform/http/problem_response.hpp"
#include "platform/http/refusals.hpp"
#include "platform/http/router.hpp"
#include "platform/service/host.hpp"

#include <algorithm>
#include <utility>

namespace backline::tests {

namespace {

/// The source of events that the test posts: whatever it is, no service of the bench raised them.
constexpr std::string_view outside = "bench";

const store::CollectionSpec outside_spec{.service = std::string(outside), .name = "posted"};

/// `usr_ada~stock/read~stock/adjust`: what a bearer token may be made of has no colon. One without `~` is refused.
class TestAuthenticator final : public security::Authenticator {
public:
    Result<security::Principal> authenticate(std::string_view token, Instant) override {
        std::size_t end = token.find('~');
        if (end == std::string_view::npos) {
            return refuse(http::http_error("token_malformed"), "No token of the bench.");
        }
        security::Principal who{std::string(token.substr(0, end)), "ses_test"};
        while (end < token.size()) {
            token.remove_prefix(end + 1);
            end = std::min(token.find('~'), token.size());
            std::string permission(token.substr(0, end));
            std::ranges::replace(permission, '/', ':');
            if (!permission.empty()) who.permissions.push_back(std::move(permission));
        }
        return who;
    }
};

/// The bus of the bench: tells of every event that passes.
class TappedBus final : public bus::Bus {
public:
    using Tap = std::function<void(const bus::EventRecord&)>;

    TappedBus(bus::Bus& inner, Tap tap) : inner_(inner), tap_(std::move(tap)) {}

    void subscribe(bus::Subscription subscription) override {
        inner_.subscribe(std::move(subscription));
    }

    Task<> start() override { return inner_.start(); }

    Task<> publish(bus::EventRecord event, bool redelivered) override {
        tap_(event);
        return inner_.publish(std::move(event), redelivered);
    }

    void stop() override { inner_.stop(); }

    Task<std::vector<Depth>> depths() override { return inner_.depths(); }

    Task<std::vector<store::Parked>> parked(std::size_t limit) override {
        return inner_.parked(limit);
    }

    Task<> replay(std::string event_id, std::string subscriber) override {
        return inner_.replay(std::move(event_id), std::move(subscriber));
    }

private:
    bus::Bus& inner_;
    Tap tap_;
};

std::vector<Service> made(const std::vector<ServiceBench::Make>& makers, Backends backends) {
    std::vector<Service> services;
    for (const ServiceBench::Make& make : makers) services.push_back(make(backends));
    return services;
}

http::Request request_of(Ask ask) {
    const http::Method method = http::method_named(ask.method);
    http::Request request = http::Request::to(method, ask.target, std::move(ask.body));
    request.headers = std::move(ask.headers);
    request.remote = std::move(ask.remote);
    if (!request.body.empty() && !request.headers.has("content-type")) {
        request.headers.set("Content-Type", "application/json");
    }
    if (!ask.as.empty()) request.headers.set("Authorization", "Bearer " + ask.as);
    return request;
}

Answer answer_of(http::Response response) {
    const bool cacheable = response.fresh_while.has_value();
    return {response.status, std::move(response.body), std::move(response.headers), cacheable};
}

/// Router and request are the caller's, who keeps them until `answer` is set or drops this frame.
Task<> ask_router(http::Router& router, Ask ask, std::optional<Answer>* answer) {
    http::Response response = co_await router.handle(request_of(std::move(ask)));
    if (answer != nullptr) *answer = answer_of(std::move(response));
}

} // namespace

std::string as(const std::string& subject, const std::vector<std::string>& permissions) {
    std::string token = subject + "~";
    for (const std::string& permission : permissions) token += permission + "~";
    std::ranges::replace(token, ':', '/');
    return token;
}

std::string Answer::code() const {
    if (status < 400) return {};
    return read<http::ProblemView>().code;
}

/// All that dies in a crash. Members die from last to first: frames before what they refer to.
struct ServiceBench::Process {
    explicit Process(ServiceBench& bench)
        : runtime(bench.loop_)
        , store(runtime, bench.disk_, bench.exclusive_)
        , local_bus(runtime, store, {})
        , bus(local_bus, [&bench](const bus::EventRecord& event) { bench.note(event); })
        , host(
              {runtime, store},
              bus,
              made(bench.make_, {runtime, store}),
              {.on_failure = [&bench](
                                 const std::string& timer, const std::string& what
                             ) { bench.failures_.push_back(timer + ": " + what); }}
          )
        , router(
              runtime,
              bench.authenticator_ != nullptr ? *bench.authenticator_ : authenticator,
              *log,
              metrics,
              {}
          ) {
        router.add(host.take_routes());
        router.add(host.take_operator_routes());
    }

    memory::VirtualRuntime runtime;
    memory::MemoryStore store;
    local_bus::LocalBus local_bus;
    TappedBus bus;
    Host host;
    TestAuthenticator authenticator;
    std::unique_ptr<observe::Log> log = observe::make_silent_log();
    observe::Metrics metrics;
    http::Router router;
    TaskGroup requests;
};

ServiceBench::ServiceBench(
    std::vector<Make> services,
    std::uint64_t seed,
    security::Authenticator* authenticator,
    bool exclusive
)
    : make_(std::move(services))
    , authenticator_(authenticator)
    , exclusive_(exclusive)
    , loop_(seed) {
    disk_.open(outside_spec);
    start();
}

ServiceBench::~ServiceBench() {
    process_->runtime.forget();
}

void ServiceBench::start() {
    process_ = std::make_unique<Process>(*this);
    memory::run(loop_, process_->host.start());
}

void ServiceBench::restart() {
    process_->runtime.forget();
    process_.reset();
    start();
}

Answer ServiceBench::call(Ask ask) {
    std::vector<Ask> one;
    one.push_back(std::move(ask));
    return std::move(call_at_once(std::move(one)).front());
}

std::vector<Answer> ServiceBench::call_at_once(std::vector<Ask> asks) {
    std::vector<std::optional<Answer>> waiting(asks.size());
    for (std::size_t i = 0; i < asks.size(); ++i) {
        process_->requests.spawn(ask_router(process_->router, std::move(asks[i]), &waiting[i]));
    }
    std::vector<Answer> answers;
    for (std::optional<Answer>& answer : waiting) {
        while (!answer) INVARIANT(loop_.step(), "every request is answered");
        answers.push_back(std::move(*answer));
    }
    return answers;
}

void ServiceBench::begin(Ask ask) {
    process_->requests.spawn(ask_router(process_->router, std::move(ask), nullptr));
}

void ServiceBench::post_record(const EventInfo& info, std::string data, From from) {
    const std::string id = "posted-" + std::to_string(++posted_);
    store::Commit commit;
    commit.collection = &outside_spec;
    commit.document = {.id = id, .version = 1, .events = 1, .body = "{}"};
    commit.events.push_back(
        {.id = std::string(outside) + ".posted/" + id + "/1",
         .source = std::string(outside),
         .type = std::string(info.type),
         .subject = std::move(from.subject),
         .epoch = from.epoch,
         .sequence = from.sequence,
         .time = loop_.now().utc,
         .traceparent = {},
         .data = std::move(data)}
    );
    memory::run(loop_, process_->store.commit(std::move(commit)));
}

void ServiceBench::note(const bus::EventRecord& event) {
    if (event.source == outside || !raised_ids_.insert(event.id).second) return;
    raised_.push_back(event);
}

void ServiceBench::settle() {
    const Monotonic limit = loop_.now().monotonic + std::chrono::hours{1};
    while (disk_.backlog() > 0) {
        const bool more = loop_.step();
        INVARIANT(more && loop_.now().monotonic < limit, "the outbox empties");
    }
    loop_.run_until(loop_.now().monotonic);
}

void ServiceBench::advance(Duration duration) {
    loop_.run_until(loop_.now().monotonic + duration);
}

} // namespace backline::tests
