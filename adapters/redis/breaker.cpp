#include "adapters/redis/breaker.hpp"

namespace backline::redis {

bool Breaker::allows(Monotonic now) {
    if (!open()) return true;
    if (now < probe_at_) return false;
    probe_at_ = now + settings_.probe_every;
    return true;
}

void Breaker::succeeded() {
    failures_ = 0;
}

void Breaker::failed(Monotonic now) {
    if (open()) return;
    ++failures_;
    if (open()) probe_at_ = now + settings_.probe_every;
}

} // namespace backline::redis
