#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace backline::tests {

/// A directory of a test's own, gone with everything in it when the test ends.
struct Folder {
    std::filesystem::path path = made();

    Folder() = default;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() { std::filesystem::remove_all(path); }

private:
    static std::filesystem::path made() {
        std::string name = testing::TempDir() + "backline-XXXXXX";
        return ::mkdtemp(name.data());
    }
};

} // namespace backline::tests
