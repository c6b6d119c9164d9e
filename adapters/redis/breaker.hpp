#pragma once

#include "platform/base/time.hpp"

namespace backline::redis {

/// Says whether it makes sense to ask: after some failures in a row it does not, except once in a while to find out.
/// So whoever asks a server that hangs waits for it a few times and not every time. Pure.
class Breaker final {
public:
    struct Settings {
        int failures_max = 5; ///< In a row; then it opens.
        Duration probe_every{500};
    };

    explicit Breaker(Settings settings) : settings_(settings) {}

    /// Whoever is allowed asks, and tells how it went. Open, it allows one probe per interval.
    [[nodiscard]] bool allows(Monotonic now);

    void succeeded();
    void failed(Monotonic now);

    [[nodiscard]] bool open() const { return failures_ >= settings_.failures_max; }

private:
    Settings settings_;
    int failures_ = 0;
    Monotonic probe_at_{};
};

} // namespace backline::redis
