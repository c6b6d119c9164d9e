// At stake: no input, however bad, may bring out a 5xx, a refusal that nobody explains, or a route that takes it.
// How: every route of the program, the demo's and the operators' too, gets what is made from its own description, on
// memory adapters and virtual time.
#include "adapters/local_bus/local_bus.hpp"
#include "adapters/memory/cheap_hasher.hpp"
#include "adapters/memory/memory_store.hpp"
#include "adapters/memory/virtual_loop.hpp"
#include "adapters/sandbox_pay/sandbox_pay.hpp"
#include "apps/backline/collection_routes.hpp"
#include "apps/backline/operator_routes.hpp"
#include "apps/backline/sandbox.hpp"
#include "platform/http/pages.hpp"
#include "platform/render/mustache.hpp"
#include "platform/security/errors.hpp"
#include "platform/security/tokens.hpp"
#include "platform/service/host.hpp"
#include "platform/service/idempotency.hpp"
#include "services/catalog/service.hpp"
#include "services/inventory/service.hpp"
#include "services/notifications/service.hpp"
#include "services/orders/service.hpp"
#include "services/payments/service.hpp"
#include "services/users/service.hpp"
#include "tests/http/bad_input.hpp"
#include "tests/http/fakes.hpp"
#include "tests/support/folder.hpp"

#include <gmock/gmock.h>

#include <set>

namespace backline::system_tests {
namespace {

using http_tests::Tokens;

security::Principal principal(std::uint64_t number, std::vector<std::string> permissions) {
    return {
        users::UserId::from_parts(Instant{}, 0, number).text(),
        users::SessionId::from_parts(Instant{}, 0, number).text(),
        std::move(permissions)
    };
}

std::vector<std::string> permissions_of(const std::vector<const http::Route*>& routes) {
    std::set<std::string> permissions;
    for (const http::Route* route : routes) {
        if (route->access.kind() == security::Access::Kind::permission) {
            permissions.emplace(route->access.permission());
        }
    }
    return {permissions.begin(), permissions.end()};
}

/// All services behind one router.
class BadInputTest : public testing::Test {
protected:
    BadInputTest() {
        pages.add_catalogue(idempotency_refusals);
        pages.add_catalogue(security::refusals);
        pages.add_catalogue(render::refusals);
        pages.add_catalogue(app::sandbox_refusals);
        pages.add_catalogue(app::collection_refusals);
        for (const Service& service : host.services()) pages.add_catalogue(service.refusals);
        router.add(host.take_routes());
        router.add(pages.routes());
        router.add(sandbox.pages());
        router.add(sandbox.calls());
        router.add(operator_routes.routes());
        router.add(collection_routes.routes());
        router.add(host.take_operator_routes());
        memory::run(loop, host.start());
    }

    std::vector<Service> make_services() {
        const Backends on{runtime, store};
        std::vector<Service> services;
        services.push_back(users::make_service(on, {hasher, signer, {}, [](auto, auto) {}, log}, {})
        );
        services.push_back(catalog::make_service(on, {}));
        services.push_back(inventory::make_service(on));
        services.push_back(orders::make_service(on, {}));
        services.push_back(payments::make_service(on, sandbox.provider(), log));
        services.push_back(notifications::make_service(on, sandbox.mailbox()));
        return services;
    }

    Tokens tokens() {
        const Instant now = runtime.now().utc;
        return {
            .everything = signer.issue(principal(1, permissions_of(router.routes())), now).text,
            .nothing = signer.issue(principal(2, {}), now).text
        };
    }

    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};
    memory::MemoryDisk disk;
    memory::MemoryStore store{runtime, disk};
    memory::CheapHasher hasher{runtime};
    http_tests::LinesLog log;
    observe::Metrics metrics;
    security::SigningKey key = security::SigningKey::generate(runtime);
    security::TokenRules rules{};
    security::TokenSigner signer{key, rules};
    security::TokenVerifier verifier{{key.public_key()}, rules};
    tests::Folder folder;
    app::Sandbox sandbox{runtime, folder.path};
    local_bus::LocalBus bus{runtime, store, {}};
    Host host{{runtime, store}, bus, make_services(), {}};
    http::Router router{runtime, verifier, log, metrics, {}};
    http::Pages pages{router, {}};
    app::OperatorRoutes operator_routes{bus, store, [] { return std::size_t{0}; }};
    app::CollectionRoutes collection_routes{store, host.services()};
};

TEST_F(BadInputTest, is_refused_by_every_route_of_the_program) {
    // A token lives for ten minutes of the virtual time, which passes while these requests are made.
    const Tokens first = tokens();
    const auto send = [&](http::Request request) {
        const std::string sent(request.headers.find("Authorization"));
        if (sent == "Bearer " + first.everything) {
            request.headers.set("Authorization", "Bearer " + tokens().everything);
        }
        if (sent == "Bearer " + first.nothing) {
            request.headers.set("Authorization", "Bearer " + tokens().nothing);
        }
        return memory::run(loop, router.handle(std::move(request)));
    };
    const auto report = http_tests::send_bad_input(router.routes(), pages.refusals(), first, send);
    EXPECT_THAT(report.wrong, testing::IsEmpty());
    EXPECT_GT(report.requests, 1000U);
    RecordProperty("requests", static_cast<int>(report.requests));
}

} // namespace
} // namespace backline::system_tests
