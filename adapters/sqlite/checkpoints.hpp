#pragma once

#include <cstdint>

namespace backline::sqlite {

/// When the writer moves pages from the WAL into the database file, and how. Small steps between groups, so that no
/// commit waits long; the rest when there is nothing to do. Pure.
class Checkpoints final {
public:
    enum class Step {
        none,
        passive, ///< As much as readers allow, waiting for nobody.
        restart, ///< Waits for readers, so that the next write starts the WAL over: the WAL grew past its bound.
        truncate, ///< The same, and gives the WAL's space back to the disk.
    };

    struct Limits {
        std::int64_t step_frames = 1000;    ///< 4 MB: folded together, a hot page is copied once.
        std::int64_t bound_frames = 16'000; ///< 64 MB.
        std::int64_t truncate_frames =
            4'000; ///< A WAL larger than this does not stay on the disk when idle.
    };

    Checkpoints() = default;

    explicit Checkpoints(Limits limits) : limits_(limits) {}

    /// A transaction wrote `written` frames and left the WAL with `frames`; if that is less than their sum with those
    /// before, it started the WAL over.
    void committed(std::int64_t frames, std::int64_t written);

    /// A checkpoint ended: of `frames` in the WAL, `moved` are now in the database.
    void moved(std::int64_t frames, std::int64_t moved);

    [[nodiscard]] Step after_group() const;
    [[nodiscard]] Step when_idle() const;

    /// Frames whose pages are only in the WAL.
    [[nodiscard]] std::int64_t ahead() const { return frames_ - moved_; }

private:
    Limits limits_{};
    std::int64_t frames_ = 0;
    std::int64_t moved_ = 0;
    std::int64_t peak_ = 0; ///< Frames that the WAL file has room for.
};

} // namespace backline::sqlite
