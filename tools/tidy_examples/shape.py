"""Examples for tidy_rules/shape.py."""

from tidy_examples import Examples, Files, cpp


def header(body: str, path: str = "services/orders/events.hpp") -> Files:
    return {path: "#pragma once\n" + body}


LONG_FUNCTION = "Result<int> f(int a) {\n" + "    step();\n" * 70 + "}\n"
LONG_TABLE = "constexpr Row rows[] = {\n" + "    {1, f(2)},\n" * 100 + "};\n"
LONG_CLASS = "class Store final : public Port {\n" + "    int f() { return 1; }\n" * 100 + "};\n"
LONG_CONSTRUCTOR = "Store::Store(int a)\n    : a_{a}\n    , b_{a} {\n" + "    step();\n" * 70 + "}\n"
LONG_PYTHON = "def f():\n" + "    step()\n" * 70

EXAMPLES = {
    "line_length": Examples(
        bad=[cpp("int x; // " + "x" * 111 + "\n"), {"tools/a.py": "x = '" + "x" * 116 + "'\n"}],
        good=[cpp("int x; // " + "x" * 110 + "\n"), {"README.md": "x" * 130 + "\n"}],
    ),
    "file_length": Examples(
        bad=[cpp("int x;\n" * 401), {"tools/a.py": "x = 1\n" * 401}],
        good=[cpp("int x;\n" * 400), {"README.md": "x\n" * 500}],
    ),
    "function_length": Examples(
        bad=[
            cpp(LONG_FUNCTION),
            cpp("namespace backline {\n" + LONG_FUNCTION + "}\n"),
            cpp("class A {\n    " + LONG_FUNCTION + "};\n"),
            cpp(LONG_CONSTRUCTOR),
            {"tools/a.py": LONG_PYTHON},
        ],
        good=[
            cpp(LONG_TABLE + LONG_CLASS),
            cpp("namespace backline {\n" + "int f() {\n    return 1;\n}\n" * 90 + "}\n"),
            cpp("Result<int> f(int a) {\n" + "    step();\n" * 68 + "}\n"),
            {"tools/a.py": "def f():\n    step()\n" * 60},
        ],
    ),
    "pragma_once": Examples(
        bad=[{"platform/base/a.hpp": "#include <vector>\n#pragma once\n"},
             {"platform/base/a.hpp": "#ifndef A\n#endif\n"}],
        good=[{"platform/base/a.hpp": "// What it is.\n#pragma once\n"}, {"platform/base/a.cpp": "int x;\n"}],
    ),
    "braces": Examples(
        bad=[cpp("if (a)\n    return;\n"), cpp("for (auto x : y)\n    f(x);\n"), cpp("if (a) {\n} else\n    f();\n")],
        good=[cpp("if (a) return;\nfor (auto x : y) f(x);\n"), cpp("if (\n    a && f(b)\n) {\n    g();\n} else {\n}\n"),
              cpp("// if (a)\nauto text = R\"(\nif (a)\n)\";\n")],
    ),
    "described": Examples(
        bad=[
            header("struct A {\n    int a;\n    int b = 2;\n};\nBOOST_DESCRIBE_STRUCT(A, (), (a))\n"),
            header("struct A {\n    int a;\n    int b{};\n};\nBOOST_DESCRIBE_STRUCT(A, (), (b, a))\n"),
            header("struct A {\n    std::map<int, Pair<int, int>> a;\n};\nBOOST_DESCRIBE_STRUCT(A, (), ())\n"),
            header("struct A {\n    int a() { return 1; }\n    int b[2];\n};\nBOOST_DESCRIBE_STRUCT(A, (), ())\n"),
            header("enum class E { a, b };\nBOOST_DESCRIBE_ENUM(E, a)\n"),
            header("struct B;\nBOOST_DESCRIBE_STRUCT(B, (), (a))\n"),
        ],
        good=[
            header("/// Says.\nstruct A {\n    int a; ///< One.\n    std::function<void(int)> b = f(1, 2);\n"
                   "    static constexpr int c = 1;\n    bool operator==(const A&) const = default;\n"
                   "    [[nodiscard]] std::string d() const { return e + f; }\n    std::vector<int> e{1, 2};\n};\n"
                   "BOOST_DESCRIBE_STRUCT(\n    A, (Base), (a, b,\n e)\n)\n"),
            header("enum class E : std::uint8_t {\n    a = 1, ///< One.\n    b,\n};\nBOOST_DESCRIBE_ENUM(E, a, b)\n"),
            header("#define INVARIANT BOOST_DESCRIBE_STRUCT(A, (), ())\n"),
        ],
    ),
    "undescribed": Examples(
        bad=[header("struct A {\n    int a;\n};\n"), header("enum class E { a };\n", "services/orders/cart/api.hpp"),
             header("struct A final {\n    int a;\n};\n", "services/orders/config.hpp")],
        good=[header("struct A {\n    int a;\n};\nBOOST_DESCRIBE_STRUCT(A, (), (a))\n"), header("struct A;\n"),
              header("struct Tag {\n    static constexpr int a = 1;\n};\n"),
              header("struct A {\n    int a;\n};\n", "services/orders/cart/model.hpp")],
    ),
    "service_layout": Examples(
        bad=[{"services/orders/cart/utils.cpp": ""}, {"services/orders/helpers.hpp": ""},
             {"services/orders/cart/model/deep/a.cpp": ""}, {"services/orders/cart/pricing/a.cpp": ""}],
        good=[{"services/orders/service.cpp": "", "services/orders/events.hpp": "", "services/orders/README.md": "",
               "services/orders/cart/model.cpp": "", "services/orders/cart/model_test.cpp": "",
               "services/orders/cart/feature_test.cpp": "", "services/orders/checkout/saga.hpp": "",
               "services/orders/cart/model/pricing.cpp": "", "services/payments/provider.hpp": ""}],
    ),
    "test_opening": Examples(
        bad=[{"platform/base/a_test.cpp": "#include <gtest/gtest.h>\n"}, {"tools/a_test.py": "import os\n"}],
        good=[{"platform/base/a_test.cpp": "// What is at stake.\n"}, {"platform/base/a.cpp": "int x;\n"},
              {"tools/a_test.py": '#!/usr/bin/env python3\n"""Why."""\n'}],
    ),
    "whitespace": Examples(
        bad=[cpp("int x; \n"), cpp("\tint x;\n"), cpp("int x;"), {"README.md": "text"}],
        good=[cpp("int x;\n\nint y;\n"), cpp("")],
    ),
}
