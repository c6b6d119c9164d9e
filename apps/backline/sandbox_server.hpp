#pragma once

#include "apps/backline/config.hpp"
#include "platform/async/task.hpp"

#include <cstdint>
#include <memory>

namespace backline::asio_runtime {
class AsioRuntime;
}

namespace backline::app {

/// The sandbox in a process of its own, behind one address: `backline sandbox`. Of the configuration it needs the data
/// directory, the log and the server's address.
class SandboxServer final {
public:
    /// Throws with one sentence for the operator if something cannot be used.
    SandboxServer(asio_runtime::AsioRuntime& runtime, const Config& config);
    ~SandboxServer();
    SandboxServer(const SandboxServer&) = delete;
    SandboxServer& operator=(const SandboxServer&) = delete;

    /// Serves when it returns.
    Task<> start();
    Task<> stop();

    [[nodiscard]] std::uint16_t port() const;

private:
    struct Parts;

    std::unique_ptr<Parts> parts_;
};

} // namespace backline::app
