#include "apps/backline/operator_routes.hpp"

namespace backline::app {

namespace {

constexpr std::size_t parked_max = 10'000;

ParkedView view_of(const store::Parked& parked) {
    return {
        parked.event.id,
        parked.event.type,
        parked.subscriber,
        parked.attempts,
        parked.reason,
        parked.parked_at
    };
}

bool wanted(const store::Parked& parked, const Replay& body) {
    const bool event = !body.event || *body.event == parked.event.id;
    return event && (!body.subscriber || *body.subscriber == parked.subscriber);
}

} // namespace

http::Routes OperatorRoutes::routes() {
    using security::Access;
    using Self = OperatorRoutes;
    return {
        get("/events/parked", *this, &Self::parked, Access::anyone(), "List parked messages"),
        post("/events/replays", *this, &Self::replay, Access::anyone(), "Replay parked messages"),
        get("/events/lag", *this, &Self::lag, Access::anyone(), "Say how far the bus is behind"),
    };
}

Task<ParkedList> OperatorRoutes::parked(http::Context&) {
    ParkedList list;
    const std::vector<store::Parked> all = co_await bus_.parked(parked_max);
    for (const store::Parked& parked : all) list.parked.push_back(view_of(parked));
    co_return list;
}

Task<ReplayResult> OperatorRoutes::replay(http::Context&, Replay body) {
    ReplayResult result;
    const std::vector<store::Parked> all = co_await bus_.parked(parked_max);
    for (const store::Parked& parked : all) {
        if (!wanted(parked, body)) continue;
        std::string reason;
        try {
            co_await bus_.replay(parked.event.id, parked.subscriber);
            ++result.replayed;
        } catch (const std::exception& failure) {
            reason = failure.what();
        }
        if (reason.empty()) continue;
        result.failed.push_back(view_of(parked));
        result.failed.back().reason = reason;
    }
    co_return result;
}

Task<Lag> OperatorRoutes::lag(http::Context&) {
    Lag lag{
        static_cast<std::int64_t>(store_.backlog()), static_cast<std::int64_t>(in_flight_()), {}
    };
    const std::vector<bus::Bus::Depth> depths = co_await bus_.depths();
    for (const bus::Bus::Depth& depth : depths) {
        lag.queues.push_back({depth.subscriber, depth.events});
    }
    co_return lag;
}

} // namespace backline::app
