"""Examples for tidy_rules/words.py."""

from tidy_examples import Examples, cpp, including

SERVICE = "services/orders/cart/handlers.cpp"
EXAMPLES = {
    "words": Examples(
        bad=[
            cpp("auto now = std::chrono::system_clock::now();\n"),
            cpp("auto now = std::chrono::steady_clock::now();\n", "platform/store/collection.cpp"),
            cpp("auto now = std::time(nullptr);\n"),
            cpp("asio::steady_timer timer(executor);\n"),
            cpp("std::random_device source{};\n", "platform/base/ids.cpp"),
            cpp("int n = rand();\n"),
            cpp("auto home = std::getenv(\"HOME\");\n", "adapters/sqlite/store.cpp"),
            cpp("std::this_thread::sleep_for(1s);\n"),
            cpp("std::jthread worker(run);\n", "platform/async/wait.cpp"),
            cpp("std::thread worker(run);\n"),
            cpp("auto later = std::async(run);\n"),
            cpp("std::mutex lock;\n", "platform/store/collection.cpp"),
            cpp("volatile int flag;\n", "adapters/memory/store.cpp"),
            cpp("asio::co_spawn(executor, run(), asio::detached);\n", "adapters/smtp/smtp.cpp"),
            cpp("double total = 0;\n"),
            cpp("std::cout << 1;\n"),
            cpp("std::ifstream file(name);\n"),
            cpp("auto& x = const_cast<Order&>(order);\n"),
        ],
        good=[
            cpp("// system_clock::now is for others.\nauto text = \"std::thread\";\n"),
            cpp("auto now = std::chrono::steady_clock::now();\n", "adapters/asio_runtime/asio_runtime.cpp"),
            cpp("std::random_device source{};\n", "adapters/asio_runtime/asio_runtime.cpp"),
            cpp("co_await sleep_for(runtime, 1s);\nco_await backline::sleep_for(runtime, 1s);\n"),
            cpp("auto home = std::getenv(\"HOME\");\n", "apps/backline/config.cpp"),
            cpp("std::jthread writer_;\nstd::mutex lock_;\n", "adapters/sqlite/writer.cpp"),
            cpp("asio::steady_timer timer(executor);\n", "platform/http/server.cpp"),
            cpp("double seconds = 0;\n", "tests/load/load.cpp"),
            cpp("int operand = 1; int brand(int); int x = brand(2);\n"),
            cpp("std::cout << 1;\nstd::ofstream file(name);\n", "platform/base/time_test.cpp"),
        ],
    ),
    "missing_headers": Examples(
        bad=[including(SERVICE, "<format>"), including("apps/backline/main.cpp", "<print>"),
             including(SERVICE, "<generator>")],
        good=[including(SERVICE, "<fmt/format.h>", "<expected>")],
    ),
    "macros": Examples(
        bad=[cpp("#define MAX(a, b) ((a) > (b) ? (a) : (b))\n"), cpp("#  define DEBUG\n")],
        good=[cpp("#define INVARIANT(condition, meaning) check(condition)\n"), cpp("// #define DEBUG\n")],
    ),
    "default_label": Examples(
        bad=[cpp("switch (x) {\ncase 1: return;\ndefault: return;\n}\n")],
        good=[cpp("Order() = default;\nswitch (x) {\ncase Kind::a: return;\n}\n"), cpp("// default: none\n")],
    ),
    "catch_all": Examples(
        bad=[cpp("try { run(); } catch (...) { }\n"), cpp("try { run(); } catch(...) { }\n")],
        good=[
            cpp("try { run(); } catch (const Refused& refused) { }\n"),
            cpp("try { run(); } catch (...) { }\n", "platform/async/task_test.cpp"),
        ],
    ),
    "silent_catch": Examples(
        bad=[cpp("try { run(); } catch (const Unavailable&) {}\n"), cpp("try { run(); } catch (...) {\n}\n")],
        good=[cpp("try { run(); } catch (const Unavailable&) {\n    // The next sweep asks again.\n}\n"),
              cpp("try { run(); } catch (const Refused& refused) { tell(refused); }\n")],
    ),
    "suppressions": Examples(
        bad=[cpp("int x; // NOLINT\n"), cpp("// NOLINTNEXTLINE(bugprone-branch-clone)\nint x;\n")],
        good=[cpp("int x; // NOLINT(bugprone-branch-clone): the branches will differ with issue 9.\n"),
              cpp("// NOLINTBEGIN(misc-a, misc-b): a table\n// NOLINTEND(misc-a, misc-b)\n")],
    ),
    "todos": Examples(
        bad=[cpp("// TODO: later\n"), {"docs/a.md": "FIXME\n"}, {"dev": "# TODO(me) soon\n"}],
        good=[cpp("// TODO #12: later\n"), {"docs/a.md": "TODO(#12)\n"}],
    ),
}
