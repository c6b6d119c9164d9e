// At stake: a newcomer, or somebody with an order that is stuck, who trusts a drawing that is not true.
// Tested by drawing the table and looking for the drawing in the README.
#include "platform/base/type.hpp"
#include "services/orders/checkout/saga.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

namespace backline::orders {

namespace {

/// Where a row leads; `ended` stands for `cancelled` or `rejected`, by the reason that was given on the way.
std::string target_of(const Row& row) {
    return row.act == Act::end ? "ended" : std::string(name_of(row.next));
}

/// The table as Mermaid draws it: one arrow per pair of statuses, what leads along it as its label.
std::string diagram() {
    std::map<std::pair<OrderStatus, std::string>, std::string> arrows;
    for (const Row& row : saga_rows()) {
        if (row.act != Act::go && row.act != Act::end) continue;
        std::string& label = arrows[{row.in, target_of(row)}];
        label += (label.empty() ? "" : ", ") + std::string(name_of(row.incoming));
    }
    std::string text = "stateDiagram-v2\n    [*] --> placing : placed\n";
    for (const auto& [pair, label] : arrows) {
        text += "    " + std::string(name_of(pair.first)) + " --> " + pair.second + " : " + label;
        text += '\n';
    }
    return text;
}

} // namespace

TEST(Saga, is_what_the_readme_draws) {
    const auto here = std::filesystem::path(__FILE__).parent_path();
    std::ifstream file(here / "../README.md");
    const std::string readme(std::istreambuf_iterator<char>(file), {});
    EXPECT_NE(readme.find(diagram()), std::string::npos) << "the README should hold\n" << diagram();
}

} // namespace backline::orders
