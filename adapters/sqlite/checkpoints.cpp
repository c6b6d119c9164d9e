#include "adapters/sqlite/checkpoints.hpp"

#include <algorithm>

namespace backline::sqlite {

void Checkpoints::committed(std::int64_t frames, std::int64_t written) {
    if (frames < frames_ + written) moved_ = 0;
    frames_ = frames;
    peak_ = std::max(peak_, frames);
}

void Checkpoints::moved(std::int64_t frames, std::int64_t moved) {
    frames_ = frames;
    moved_ = moved;
    if (frames == 0) peak_ = 0;
}

Checkpoints::Step Checkpoints::after_group() const {
    if (ahead() < limits_.step_frames) return Step::none;
    return frames_ >= limits_.bound_frames ? Step::restart : Step::passive;
}

Checkpoints::Step Checkpoints::when_idle() const {
    if (peak_ > limits_.truncate_frames) return Step::truncate;
    return ahead() > 0 ? Step::passive : Step::none;
}

} // namespace backline::sqlite
