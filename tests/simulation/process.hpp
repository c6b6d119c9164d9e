#pragma once

#include "platform/http/router.hpp"
#include "platform/service/host.hpp"
#include "tests/simulation/broker.hpp"
#include "tests/simulation/faulty_store.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace backline::simulation {

/// Makes the service of a process anew, on new backends: what a start of the program does.
using MakeService = std::function<Service(Backends)>;

/// One process of the shop: a service on a store of its own, which outlives it. A crash seals its ports, forgets
/// everything that it waited for and drops its frames where they stand; no line of it runs any more.
class Process final {
public:
    Process(
        memory::VirtualLoop& loop,
        Broker& broker,
        Fate& fate,
        security::Authenticator& authenticator,
        MakeService make
    );
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Nothing if it runs.
    void start();

    /// Nothing if it is down.
    void crash();

    [[nodiscard]] bool up() const { return life_ != nullptr && ready_; }

    /// A request that has arrived. The answer fails where the process is down or dies over it.
    void take_request(http::Request request, std::shared_ptr<Answer<http::Response>> answer);

    /// True while a request or a delivery is being worked on: a crash now hits something.
    [[nodiscard]] bool busy() const { return life_ != nullptr && !open_.empty(); }

    [[nodiscard]] memory::MemoryDisk& disk() { return disk_; }

    [[nodiscard]] const memory::MemoryDisk& disk() const { return disk_; }

private:
    struct Life;

    Task<> boot();
    void start_over(std::size_t life);
    Task<> serve(http::Request request, std::shared_ptr<Answer<http::Response>> answer);
    void take_delivery(
        const std::string& consumer, bus::EventRecord event, std::shared_ptr<Answer<bool>> answer
    );
    Task<> handle(
        std::function<Task<>(bus::EventRecord)> handler,
        bus::EventRecord event,
        std::shared_ptr<Answer<bool>> answer
    );
    void subscribed(const bus::Subscription& subscription);

    /// Fails an answer when the process dies before it gave it.
    using Open = std::list<std::function<void(std::exception_ptr)>>;

    memory::VirtualLoop& loop_;
    Broker& broker_;
    Fate& fate_;
    security::Authenticator& authenticator_;
    MakeService make_;
    memory::MemoryDisk disk_;
    std::map<std::string, std::function<Task<>(bus::EventRecord)>> handlers_;
    Open open_;
    bool ready_ = false;
    std::unique_ptr<Life> life_;
    std::vector<std::unique_ptr<memory::VirtualRuntime>> dead_; ///< Others may still post to them.
};

} // namespace backline::simulation
