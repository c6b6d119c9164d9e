#pragma once

#include "adapters/mongo/reads.hpp"
#include "adapters/mongo/session.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

/// For tests: what the server says of how it would run a find.
namespace backline::mongo {

struct Explained {
    std::vector<std::string> stages; ///< From the answer down to the index.
    std::int64_t keys = 0;           ///< So many were looked at.
    std::int64_t documents = 0;

    [[nodiscard]] bool has(const std::string& stage) const {
        return std::ranges::find(stages, stage) != stages.end();
    }
};

inline void collect_stages(const View& stage, std::vector<std::string>& stages) {
    stages.emplace_back(stage.text("stage"));
    if (stage.has("inputStage")) collect_stages(stage.inside("inputStage"), stages);
}

inline Explained explain(Server& server, const Layout& layout, const PagePlan& plan) {
    Bson find;
    find.text("find", layout.collection()).document("filter", plan.filter);
    bson_concat(find.get(), plan.options.get());
    Bson command;
    command.document("explain", find).text("verbosity", "executionStats");
    const Bson reply = Session(server).command(layout.database(), command);
    const View stats = View(reply).inside("executionStats");
    Explained explained{
        {},
        stats.number("totalKeysExamined"),
        stats.number("totalDocsExamined"),
    };
    collect_stages(View(reply).inside("queryPlanner").inside("winningPlan"), explained.stages);
    return explained;
}

/// It walks an index in its order, and no further than `keys_max` entries.
inline void expect_walks_an_index(
    const Explained& explained, std::int64_t keys_max, const std::string& what
) {
    EXPECT_TRUE(explained.has("IXSCAN")) << what;
    EXPECT_FALSE(explained.has("SORT")) << what;
    EXPECT_FALSE(explained.has("COLLSCAN")) << what;
    EXPECT_LE(explained.keys, keys_max) << what;
    EXPECT_LE(explained.documents, keys_max) << what;
}

} // namespace backline::mongo
