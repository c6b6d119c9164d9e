#include "tests/simulation/customers.hpp"

#include "platform/schema/json.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace backline::simulation {

using http::Method;

namespace {

constexpr std::string_view password = "six strings and a bottleneck";

Task<std::string> begin_as_guest(World& world) {
    const http::Response opened = co_await world.insist(Method::post, "/v1/sessions/guest", {}, {});
    co_return read<users::Tokens>(opened).customer.text();
}

} // namespace

/// Whose reply was lost finds the address taken, and logs in.
Task<users::Tokens> register_and_log_in(World& world) {
    const std::string email = fmt::format("{:x}@example.org", world.loop().random().next());
    const std::string credentials =
        fmt::format(R"("email": "{}", "password": "{}")", email, password);
    const http::Response made = co_await world.insist(
        Method::post, "/v1/users", fmt::format(R"({{{}, "name": "Ada"}})", credentials), {}
    );
    world.tally().count(fmt::format("registrations answered {}", made.status));
    const http::Response opened =
        co_await world.insist(Method::post, "/v1/sessions", fmt::format("{{{}}}", credentials), {});
    auto tokens = read<users::Tokens>(opened);
    world.journal().addresses.emplace(tokens.customer.text(), Email::of(email));
    co_return tokens;
}

Task<std::string> arrive(World& world) {
    const bool with_account = world.loop().random().chance(200);
    if (!with_account) co_return co_await begin_as_guest(world);
    const users::Tokens tokens = co_await register_and_log_in(world);
    co_return tokens.customer.text();
}

Task<> leave_address(World& world, std::string customer) {
    if (world.journal().addresses.contains(customer)) co_return;
    users::EditProfile profile;
    profile.name = users::PersonName::of("Ada");
    profile.email = Email::of(customer + "@example.org");
    world.journal().addresses.emplace(customer, *profile.email);
    co_await world.insist(Method::put, "/v1/me", schema::write_json(profile), customer);
}

} // namespace backline::simulation
