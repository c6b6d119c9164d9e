#include "services/notifications/messages/store.hpp"
#include "services/orders/checkout/store.hpp"
#include "services/users/accounts/store.hpp"
#include "tests/simulation/oracles.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <map>

namespace backline::simulation {

using notifications::Message;
using notifications::MessageStatus;
using orders::OrderStatus;

namespace {

/// A mail that must have been sent, and what it must say.
struct Due {
    std::string customer;
    std::string mentions;
};

using DueMails = std::map<std::string, Due>; ///< By the mail's id.

void add_of_order(const orders::Order& order, DueMails& due) {
    const Due mail{order.customer.text(), order.number.text()};
    for (const orders::StatusEntry& entry : order.history) {
        const bool told = entry.status == OrderStatus::confirmed ||
                          entry.status == OrderStatus::cancelled ||
                          entry.status == OrderStatus::rejected;
        if (told) due[fmt::format("order_{}/{}", name_of(entry.status), order.id.text())] = mail;
    }
    for (const orders::RefundEntry& refund : order.refunds) {
        due["payment_refunded/" + refund.refund.text()] = {order.customer.text(), ""};
    }
}

/// What the final state of the shop says that customers must have been told.
DueMails due_mails(World& world) {
    DueMails due;
    const memory::MemoryDisk& placed = world.process("orders").disk();
    for (const auto& [id, order] : documents<orders::Order>(placed, "orders.orders")) {
        add_of_order(order, due);
    }
    const memory::MemoryDisk& people = world.process("users").disk();
    for (const auto& [id, user] : documents<users::User>(people, "users.users")) {
        due["welcome/" + id] = {id, ""};
    }
    return due;
}

/// Invariants 32 and 34: what had to be told was told, to whom it concerns.
void check_told(World& world, std::vector<std::string>& found) {
    const DueMails due = due_mails(world);
    const auto& taken = world.mail_server().taken();
    for (const auto& [id, mail] : due) {
        if (!taken.contains(id)) found.push_back(fmt::format("inv 32: {} was never sent", id));
    }
    for (const auto& [id, mail] : taken) {
        const auto right = due.find(id);
        if (right == due.end()) {
            found.push_back(fmt::format("inv 34: {} tells of what did not happen", id));
            continue;
        }
        const auto address = world.journal().addresses.find(right->second.customer);
        const bool to_the_right =
            address != world.journal().addresses.end() && mail.first.to == address->second;
        const bool mentions = mail.first.text.find(right->second.mentions) != std::string::npos;
        if (!to_the_right || !mentions) {
            found.push_back(fmt::format("inv 34: {} is somebody else's", id));
        }
    }
}

/// Invariant 33: a mail goes out again only where nobody can know that it went out.
void check_copies(World& world, std::vector<std::string>& found) {
    const std::uint64_t crashes = world.tally().of("crash of notifications");
    for (const auto& [id, mail] : world.mail_server().taken()) {
        const std::uint64_t doubts = crashes + mail.replies_lost + world.fate().failed_commits(id);
        if (mail.copies <= 1 + doubts) continue;
        found.push_back(
            fmt::format("inv 33: {} went out {} times for {} doubts", id, mail.copies, doubts)
        );
    }
}

} // namespace

std::vector<std::string> check_mail(World& world) {
    std::vector<std::string> found;
    check_told(world, found);
    check_copies(world, found);
    const memory::MemoryDisk& disk = world.process("notifications").disk();
    for (const auto& [id, message] : documents<Message>(disk, "notifications.messages")) {
        if (message.status == MessageStatus::sent) continue;
        found.push_back(fmt::format("inv 32: {} ended as {}", id, name_of(message.status)));
    }
    return found;
}

} // namespace backline::simulation
