"""Examples for tidy_rules/project.py."""

from tidy_examples import Examples

CMAKE = {"CMakeLists.txt": "backline_library(platform/base LINK fmt)\n"
         "backline_test(a SOURCES tests/a/main.cpp)\n"}
USES_TIME = '#include "platform/base/time.hpp"\n'
EXAMPLES = {
    "dead_headers": Examples(
        bad=[{"platform/base/time.hpp": ""}, {"platform/base/time.hpp": "", "platform/base/time.cpp": USES_TIME},
             {"platform/base/time.hpp": USES_TIME}],
        good=[{"platform/base/time.hpp": "", "platform/base/money.cpp": USES_TIME},
              {"platform/base/time.hpp": "", "platform/base/time.cpp": USES_TIME, "platform/b_test.cpp": USES_TIME}],
    ),
    "dead_sources": Examples(
        bad=[CMAKE | {"platform/store/a.cpp": ""}, CMAKE | {"tests/a/other.cpp": ""}],
        good=[CMAKE | {"platform/base/a.cpp": "", "tests/a/main.cpp": "", "platform/base/deep/a.cpp": ""}],
    ),
    "dead_tools": Examples(
        bad=[{"tools/a.py": "", "dev": "python3 tools/b.py\n"},
             {"tools/a.py": "import a\n", "README.md": "tools/a.py\n"}],
        good=[{"tools/a.py": "", "dev": "python3 tools/a.py\n"},
              {"tools/b/a.py": "", "web/b.py": "from b import a, c\n"}],
    ),
    "links": Examples(
        bad=[{"README.md": "[a](docs/a.md)\n"}, {"docs/a.md": "[a](../b.md)\n"}, {"README.md": "![a](a.png)\n"},
             {"README.md": "[a](#nowhere)\n"}, {"README.md": "[a](b.md#no)\n", "b.md": "# Yes\n"}],
        good=[{"README.md": "[a](docs/a.md) [b](docs/) [c](https://x.org) ![d](docs/a.png)\n",
               "docs/a.md": "", "docs/a.png": ""},
              {"docs/a.md": "[a](../README.md#the-way-we-go) [b](#b)\n# B\n", "README.md": "## The way `we` go\n"},
              {"README.md": "```\n[a](docs/a.md)\n```\n"}],
    ),
    "mentions": Examples(
        bad=[{"platform/base/a.hpp": "/// See ADR 0042.\n"}, {"platform/base/a.hpp": "/// See design.md.\n"}],
        good=[{"platform/base/a.hpp": "/// ADR 0042 and README.md.\n", "docs/adr/0042-why.md": "", "README.md": ""},
              {"README.md": "https://x.org/page.md\n"},
              {"docs/guide/a.md": "[b](../../tests/b.md)\n", "tests/b.md": ""}],
    ),
    "machine_paths": Examples(
        bad=[{"README.md": "cd /home/me/backline\n"}, {"dev": "data=/root/data\n"}],
        good=[{"README.md": "GET /v1/home/deals, ~/backline\n"}, {"deploy/Dockerfile": "WORKDIR /work/app\n"}],
    ),
}
