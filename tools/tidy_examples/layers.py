"""Examples for tidy_rules/layers.py."""

from tidy_examples import Examples, including

MODEL = "services/orders/cart/model.cpp"
EXAMPLES = {
    "layers": Examples(
        bad=[
            including("platform/base/time.hpp", '"platform/schema/read.hpp"'),
            including("platform/store/store.hpp", '"adapters/sqlite/store.hpp"'),
            including("platform/http/server.cpp", '"services/orders/api.hpp"'),
            including("adapters/sqlite/store.cpp", '"adapters/memory/store.hpp"'),
            including("adapters/sandbox_pay/sandbox.cpp", '"services/payments/intents/model.hpp"'),
            including("services/orders/cart/handlers.cpp", '"services/catalog/products/api.hpp"'),
            including("services/orders/cart/handlers.cpp", '"adapters/memory/store.hpp"'),
            including("services/orders/cart/feature_test.cpp", '"services/catalog/service.hpp"'),
        ],
        good=[
            including("platform/schema/read.hpp", '"platform/base/time.hpp"', '"platform/schema/table.hpp"'),
            including("platform/async/wait_test.cpp", '"adapters/memory/virtual_loop.hpp"'),
            including("adapters/sandbox_pay/sandbox.cpp", '"services/payments/provider.hpp"', '"platform/base/id.hpp"'),
            including("services/orders/cart/handlers.cpp", '"services/catalog/events.hpp"', '"platform/http/a.hpp"'),
            including("services/orders/cart/feature_test.cpp", '"adapters/memory/store.hpp"'),
            including("apps/backline/main.cpp", '"adapters/sqlite/store.hpp"', '"services/orders/service.hpp"'),
            including("tests/simulation/world.cpp", '"services/orders/service.hpp"', '"adapters/memory/store.hpp"'),
        ],
    ),
    "include_paths": Examples(
        bad=[
            {"platform/base/time.cpp": '#include "time.hpp"\n', "platform/base/time.hpp": ""},
            {"platform/base/time.cpp": "#include <platform/base/time.hpp>\n", "platform/base/time.hpp": ""},
        ],
        good=[
            including("platform/base/time.cpp", '"platform/base/time.hpp"', "<chrono>"),
            {"platform/base/time.cpp": '// #include "time.hpp"\n'},
        ],
    ),
    "vendors": Examples(
        bad=[
            including("services/orders/service.cpp", "<sqlite3.h>"),
            including("platform/store/store.cpp", "<boost/json.hpp>"),
            including("adapters/smtp/smtp.cpp", "<boost/beast/core.hpp>"),
            including("platform/base/log.hpp", "<spdlog/spdlog.h>"),
            including("services/users/login.cpp", "<unistd.h>"),
            including("platform/base/time.cpp", "<gtest/gtest.h>"),
            including("platform/base/time.cpp", "<fancy/new_library.hpp>"),
        ],
        good=[
            including("adapters/sqlite/store.cpp", "<sqlite3.h>", "<fcntl.h>", "<vector>"),
            including("platform/http/server.cpp", "<boost/beast/http.hpp>", "<boost/asio/ip/tcp.hpp>"),
            including("services/orders/events.hpp", "<boost/describe.hpp>"),
            including("platform/base/time_test.cpp", "<gtest/gtest.h>", "<rapidcheck/gtest.h>"),
            including("apps/backline/main.cpp", "<CLI/CLI.hpp>", "<toml++/toml.h>"),
        ],
    ),
    "pure_models": Examples(
        bad=[
            including(MODEL, '"platform/async/task.hpp"'),
            including(MODEL, "<boost/json.hpp>"),
            including(MODEL, '"services/orders/cart/store.hpp"'),
            including("services/orders/checkout/saga.hpp", '"services/payments/config.hpp"'),
            including("services/orders/cart/model/pricing.cpp", '"platform/store/store.hpp"'),
        ],
        good=[
            including(MODEL, '"services/orders/cart/model.hpp"', '"services/orders/cart/api.hpp"', "<vector>"),
            including(MODEL, '"platform/base/id.hpp"', '"services/orders/events.hpp"', '"services/orders/errors.hpp"'),
            including("services/orders/checkout/saga.hpp", '"services/orders/cart/model.hpp"', "<boost/describe.hpp>"),
            including("services/orders/cart/model.hpp", '"services/orders/config.hpp"'),
            including("services/orders/cart/model_test.cpp", "<gtest/gtest.h>", '"platform/schema/write.hpp"'),
            including("services/orders/cart/handlers.cpp", '"platform/async/task.hpp"'),
        ],
    ),
    "lean_headers": Examples(
        bad=[
            including("services/orders/events.hpp", '"platform/store/change.hpp"'),
            including("services/orders/cart/api.hpp", '"services/orders/cart/model.hpp"'),
            including("services/orders/errors.hpp", '"services/users/errors.hpp"'),
            including("services/orders/config.hpp", "<toml++/toml.h>"),
        ],
        good=[
            including("services/orders/events.hpp", '"platform/base/money.hpp"', "<boost/describe.hpp>", "<vector>"),
            including("services/orders/events.hpp", '"services/catalog/events.hpp"'),
            including("services/orders/cart/api.hpp", '"services/orders/events.hpp"', "<optional>"),
            including("services/orders/service.hpp", '"platform/store/change.hpp"'),
        ],
    ),
    "feature_order": Examples(
        bad=[
            including("services/orders/cart/store.cpp", '"services/orders/cart/handlers.hpp"'),
            including("services/orders/cart/store.hpp", '"services/orders/cart/reactions.hpp"'),
        ],
        good=[
            including("services/orders/cart/store.cpp", '"services/orders/cart/model.hpp"'),
            including("services/orders/cart/reactions.cpp", '"services/orders/cart/handlers.hpp"'),
        ],
    ),
}
