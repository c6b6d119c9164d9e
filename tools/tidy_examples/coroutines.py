"""Examples for tidy_rules/coroutines.py."""

from tidy_examples import Examples, cpp, task

EXAMPLES = {
    "named_await": Examples(
        bad=[
            task("if (co_await exists()) found();"),
            task("while (co_await next()) step();"),
            task("switch (co_await kind()) {}"),
            task("if (auto x = co_await f(); x) g();"),
            task("for (auto x : co_await all()) g(x);"),
            task("for (int i = 0; i < 2; co_await step()) g();"),
            task("auto x = flag ? co_await a() : b();"),
            task("auto x = co_await a() ? 1 : 2;"),
            task("use(co_await a());"),
            task("auto x = unwrap(co_await a());"),
            task("EXPECT_EQ(co_await a(), 1);"),
            task("auto x = (co_await a()).value();"),
            task("Agg agg{co_await a(), 1};"),
            task("Agg agg{.a = co_await a()};"),
            task("co_return Agg{co_await a()};"),
            task("co_return unwrap(co_await a());"),
            task("auto x = co_await a() && co_await b();"),
            task("int total = 1 + co_await a();"),
            task("co_await f(co_await a());"),
            task("return_later = [&] { use(co_await a()); };"),
        ],
        good=[
            task("co_await a();"),
            task("const auto x = co_await a(1, {2, 3}, [](int y) { return y; });"),
            task("std::map<int, std::vector<int>> x = co_await a<int, long>(1);"),
            task("auto [page, next] = co_await a();"),
            task("auto& x = co_await a();"),
            task("cursor = co_await a(cursor);\nself.cursor_ = co_await a();"),
            task("co_return co_await a();"),
            task("if (ready) co_await a();\nelse co_await b();"),
            task("for (auto& x : all) co_await a(x);"),
            task("if (ready) {\n    co_await a();\n}"),
            task("switch (kind) {\ncase Kind::a: co_await a(); break;\n}"),
            task("// if (co_await exists()) is wrong\nauto text = \"f(co_await a())\";"),
            task("auto run = [] -> Task<> { co_await a(); };"),
            cpp("auto operator co_await() const { return Awaiter{}; }\n"),
        ],
    ),
    "capturing_coroutines": Examples(
        bad=[
            task("spawn([this] { co_await a(); });"),
            task("spawn([&]() -> Task<> { co_await a(); });"),
            task("spawn([x = 1](int y) mutable -> Task<int> { co_return x; });"),
            task("each([=](auto x) { all([&] { none(); }); co_return; });"),
        ],
        good=[
            task("spawn([](Store& store) -> Task<> { co_await store.open(); });"),
            task("spawn([this] { step(); });\nco_await a();"),
            task("spawn([this] { other([](int x) -> Task<> { co_return; }); });"),
            task("int x = list[0]; if (x) { co_await a(); }"),
            cpp("[[nodiscard]] Task<> run() { co_return; }\n"),
        ],
    ),
    "borrowed_parameters": Examples(
        bad=[
            cpp("Task<> open(std::string_view name);\n"),
            cpp("Task<std::vector<Page<int>>> Store::pages(int n, std::span<const int> ids) { co_return {}; }\n"),
            cpp("asio::awaitable<void> read(const char* name);\n"),
            cpp("auto run = [](std::string_view name) -> Task<> { co_return; };\n"),
        ],
        good=[
            cpp("Task<> open(std::string name, Context& context);\n"),
            cpp("Result<int> parse(std::string_view text);\n"),
            cpp("template <class T> class Task;\nTask<> task_;\nvoid spawn(Task<> task, std::string_view name);\n"),
        ],
    ),
}
