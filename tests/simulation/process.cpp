#include "tests/simulation/process.hpp"

#include "platform/base/problem.hpp"

namespace backline::simulation {

namespace {

std::exception_ptr down() {
    return std::make_exception_ptr(
        Unavailable(Unavailable::Outcome::unknown, "simulated: the process is down")
    );
}

std::vector<Service> alone(Service service) {
    std::vector<Service> services;
    services.push_back(std::move(service));
    return services;
}

std::string consumer_name(const bus::Subscription& subscription) {
    const bool observed = subscription.kind == bus::Subscription::Kind::observed;
    return subscription.subscriber + (observed ? "/observed" : "");
}

} // namespace

/// From a start to a crash. Members die from the last to the first: frames before what they refer to.
struct Process::Life {
    Life(Process& process, memory::VirtualRuntime& on)
        : runtime(on)
        , store(on, process.disk_, process.fate_)
        , bus(on,
              process.broker_,
              [&process](const bus::Subscription& made) { process.subscribed(made); })
        , router(on, process.authenticator_, *log, metrics, {})
        , host({on, store}, bus, alone(process.make_({on, store})), {})
        , tasks([](std::exception_ptr failure) { std::rethrow_exception(failure); }) {
        router.add(host.take_routes());
    }

    memory::VirtualRuntime& runtime;
    std::unique_ptr<observe::Log> log = observe::make_silent_log();
    observe::Metrics metrics;
    FaultyStore store;
    BusClient bus;
    http::Router router;
    Host host;
    TaskGroup tasks;
};

Process::Process(
    memory::VirtualLoop& loop,
    Broker& broker,
    Fate& fate,
    security::Authenticator& authenticator,
    MakeService make
)
    : loop_(loop)
    , broker_(broker)
    , fate_(fate)
    , authenticator_(authenticator)
    , make_(std::move(make)) {}

Process::~Process() = default;

void Process::start() {
    if (life_) return;
    dead_.push_back(std::make_unique<memory::VirtualRuntime>(loop_));
    life_ = std::make_unique<Life>(*this, *dead_.back());
    life_->tasks.spawn(boot());
}

/// A program that cannot start ends, and whoever watches over it starts it again.
Task<> Process::boot() {
    const std::size_t life = dead_.size();
    try {
        co_await life_->host.start();
        ready_ = true;
    } catch (const Unavailable&) {
        fate_.tally().count("start failed");
        loop_.call_at(loop_.now().monotonic + Duration{1'000}, [this, life] { start_over(life); });
    }
}

void Process::start_over(std::size_t life) {
    if (!life_ || dead_.size() != life) return;
    crash();
    start();
}

void Process::crash() {
    if (!life_) return;
    ready_ = false;
    life_->store.seal();
    life_->runtime.forget();
    life_.reset();
    handlers_.clear();
    for (auto& fail : std::exchange(open_, {})) fail(down());
}

void Process::subscribed(const bus::Subscription& subscription) {
    const std::string name = consumer_name(subscription);
    handlers_[name] = subscription.handle;
    broker_.declare(
        subscription,
        [this, name](bus::EventRecord event, std::shared_ptr<Answer<bool>> answer) {
            take_delivery(name, std::move(event), std::move(answer));
        }
    );
}

void Process::take_request(http::Request request, std::shared_ptr<Answer<http::Response>> answer) {
    if (!up()) {
        answer->fail(down());
        return;
    }
    life_->tasks.spawn(serve(std::move(request), std::move(answer)));
}

Task<> Process::serve(http::Request request, std::shared_ptr<Answer<http::Response>> answer) {
    const auto open = open_.insert(open_.end(), [answer](std::exception_ptr why) {
        answer->fail(std::move(why));
    });
    http::Response response = co_await life_->router.handle(std::move(request));
    open_.erase(open);
    answer->set(std::move(response));
}

void Process::take_delivery(
    const std::string& consumer, bus::EventRecord event, std::shared_ptr<Answer<bool>> answer
) {
    const auto handler = handlers_.find(consumer);
    if (!up() || handler == handlers_.end()) {
        answer->set(false);
        return;
    }
    life_->tasks.spawn(handle(handler->second, std::move(event), std::move(answer)));
}

Task<> Process::handle(
    std::function<Task<>(bus::EventRecord)> handler,
    bus::EventRecord event,
    std::shared_ptr<Answer<bool>> answer
) {
    const auto open = open_.insert(open_.end(), [answer](std::exception_ptr why) {
        answer->fail(std::move(why));
    });
    std::exception_ptr failure;
    try {
        co_await handler(std::move(event));
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    open_.erase(open);
    if (failure) {
        answer->fail(failure);
    } else {
        answer->set(true);
    }
}

} // namespace backline::simulation
