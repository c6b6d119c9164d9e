#pragma once

#include "adapters/sqlite/counters.hpp"
#include "apps/backline/config.hpp"
#include "platform/async/task.hpp"
#include "platform/http/message.hpp"

#include <cstdint>
#include <memory>

namespace backline::asio_runtime {
class AsioRuntime;
}

namespace backline::app {

/// All six services in one process on embedded engines: SQLite for documents, the in-process bus, the sandbox provider
/// and the mailbox, everything in one directory. Its source is the deployment diagram of this shape.
class EmbeddedShop final {
public:
    /// Opens the data directory. Throws with one sentence for the operator if it cannot be used.
    EmbeddedShop(asio_runtime::AsioRuntime& runtime, const Config& config);
    ~EmbeddedShop();
    EmbeddedShop(const EmbeddedShop&) = delete;
    EmbeddedShop& operator=(const EmbeddedShop&) = delete;

    /// Serves when it returns. Throws with one sentence if an address cannot be had.
    Task<> start();

    /// Not ready at once; lets requests end, then the work that they began, then closes the store.
    Task<> stop();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t operator_port() const;

    /// What the shop answers to this request, wherever it came from.
    Task<http::Response> handle(http::Request request);

    /// What the store has done since it was opened.
    [[nodiscard]] sqlite::Counters work() const;

    /// Events that somebody has still to handle.
    [[nodiscard]] std::size_t backlog() const;

private:
    struct Parts;

    std::unique_ptr<Parts> parts_;
};

} // namespace backline::app
