#pragma once

#include "adapters/sqlite/counters.hpp"
#include "apps/backline/config.hpp"
#include "platform/async/task.hpp"
#include "platform/http/message.hpp"
#include "platform/service/service.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace backline::asio_runtime {
class AsioRuntime;
}

namespace backline::app {

/// The services that this process runs, on the engines of its configuration, behind one address for everybody and one
/// for operators. Its source is the deployment diagram.
class Shop final {
public:
    /// `services` by name; none: all six. Throws with one sentence for the operator if something cannot be used.
    Shop(
        asio_runtime::AsioRuntime& runtime,
        const Config& config,
        const std::vector<std::string>& services = {}
    );
    ~Shop();
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;

    /// Serves when it returns. Throws with one sentence if an address cannot be had.
    Task<> start();

    /// Not ready at once; lets requests end, then the work that they began, then closes the store.
    Task<> stop();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t operator_port() const;

    /// What the shop answers to this request, wherever it came from.
    Task<http::Response> handle(http::Request request);

    /// Those that run here, with all that they declare.
    [[nodiscard]] const std::vector<Service>& services() const;

    /// What the embedded store has done since it was opened.
    [[nodiscard]] sqlite::Counters work() const;

    /// Events that somebody has still to handle.
    [[nodiscard]] std::size_t backlog() const;

private:
    struct Parts;

    std::unique_ptr<Parts> parts_;
};

} // namespace backline::app
