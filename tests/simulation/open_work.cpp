#include "services/inventory/holds/store.hpp"
#include "services/notifications/messages/store.hpp"
#include "services/orders/checkout/store.hpp"
#include "services/payments/payments/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace backline::simulation {

namespace {

template <class T>
void find_due(World& world, const store::CollectionSpec& spec, std::vector<std::string>& found) {
    const memory::MemoryDisk& disk = world.process(spec.service).disk();
    for (const auto& [id, document] : documents<T>(disk, spec.full_name())) {
        if (document.due_at) found.push_back(fmt::format("inv 18, 30: {} has open work", id));
    }
}

} // namespace

std::vector<std::string> open_work(World& world) {
    std::vector<std::string> found;
    find_due<orders::Order>(world, orders::orders_spec, found);
    find_due<payments::Payment>(world, payments::payments_spec, found);
    find_due<inventory::Hold>(world, inventory::holds_spec, found);
    find_due<notifications::Message>(world, notifications::messages_spec, found);
    return found;
}

} // namespace backline::simulation
