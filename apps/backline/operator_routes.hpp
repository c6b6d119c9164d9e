#pragma once

#include "platform/bus/bus.hpp"
#include "platform/bus/relay.hpp"
#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "platform/http/routes.hpp"

#include <boost/describe/class.hpp>

/// What operators ask of the running program, on its own local address: `backline events ...` is a client of this. What
/// is a service's own business, as for `backline users grant`, is among that service's `operator_routes`.
namespace backline::app {

struct ParkedView {
    std::string event;
    std::string type;
    std::string subscriber;
    int attempts = 0;
    std::string reason;
    Instant parked_at{};
};
BOOST_DESCRIBE_STRUCT(ParkedView, (), (event, type, subscriber, attempts, reason, parked_at))

struct ParkedList {
    std::vector<ParkedView> parked;
};
BOOST_DESCRIBE_STRUCT(ParkedList, (), (parked))

/// `POST /events/replays`: one message; or all that are parked, if neither is named.
struct Replay {
    std::optional<std::string> event;
    std::optional<std::string> subscriber;
};
BOOST_DESCRIBE_STRUCT(Replay, (), (event, subscriber))

struct ReplayResult {
    int replayed = 0;
    std::vector<ParkedView> failed; ///< Still parked, with the reason of this try.
};
BOOST_DESCRIBE_STRUCT(ReplayResult, (), (replayed, failed))

/// Events that wait for one subscriber or are being handled by it.
struct QueueDepth {
    std::string subscriber;
    std::int64_t events = 0;
};
BOOST_DESCRIBE_STRUCT(QueueDepth, (), (subscriber, events))

struct Lag {
    std::int64_t backlog = 0;   ///< Committed events that the bus has not taken over.
    std::int64_t in_flight = 0; ///< Of them, on their way now.
    std::vector<QueueDepth> queues;
};
BOOST_DESCRIBE_STRUCT(Lag, (), (backlog, in_flight, queues))

class OperatorRoutes final {
public:
    OperatorRoutes(bus::Bus& bus, const store::Store& store, std::function<std::size_t()> in_flight)
        : bus_(bus)
        , store_(store)
        , in_flight_(std::move(in_flight)) {}

    [[nodiscard]] http::Routes routes();

private:
    Task<ParkedList> parked(http::Context& ctx);
    Task<ReplayResult> replay(http::Context& ctx, Replay body);
    Task<Lag> lag(http::Context& ctx);

    bus::Bus& bus_;
    const store::Store& store_;
    std::function<std::size_t()> in_flight_;
};

} // namespace backline::app
