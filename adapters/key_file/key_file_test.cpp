// At stake: the key that can sign for everybody: lost at a restart, or readable by others.
// Method: real files in a folder of the test's own.
#include "adapters/key_file/key_file.hpp"
#include "adapters/memory/virtual_loop.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace backline::key_file {
namespace {

struct KeyFiles : testing::Test {
    std::filesystem::path folder;
    std::filesystem::path path;
    memory::VirtualLoop loop{1};
    memory::VirtualRuntime runtime{loop};

    KeyFiles() {
        std::string made = testing::TempDir() + "backline-keys-XXXXXX";
        folder = ::mkdtemp(made.data());
        path = folder / "keys.json";
    }

    ~KeyFiles() override { std::filesystem::remove_all(folder); }

    void write(const std::string& text) const {
        std::ofstream(path) << text;
        ::chmod(path.c_str(), 0600);
    }

    [[nodiscard]] std::string complaint() const {
        try {
            std::ignore = KeyFile(path).load();
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return "";
    }

    [[nodiscard]] unsigned mode() const {
        struct stat status{};
        ::stat(path.c_str(), &status);
        return status.st_mode & 0777U;
    }
};

TEST_F(KeyFiles, are_made_once_and_read_ever_after) {
    KeyFile file(path);
    EXPECT_FALSE(file.load().has_value());
    const std::string id = security::load_or_make_keys(file, runtime).current().id();
    EXPECT_EQ(security::load_or_make_keys(file, runtime).current().id(), id);
    EXPECT_EQ(mode(), 0600U);
}

TEST_F(KeyFiles, are_replaced_as_a_whole) {
    KeyFile file(path);
    security::KeyRing ring = security::load_or_make_keys(file, runtime);
    std::ofstream(path.string() + ".new") << "half a k";
    ring.add(security::SigningKey::generate(runtime));
    file.save(ring);
    EXPECT_EQ(file.load()->current().id(), ring.current().id());
    EXPECT_EQ(file.load()->public_keys().size(), 2U);
    EXPECT_EQ(mode(), 0600U);
    EXPECT_FALSE(std::filesystem::exists(path.string() + ".new"));
}

TEST_F(KeyFiles, that_others_may_read_are_refused) {
    std::ignore = security::load_or_make_keys(*std::make_unique<KeyFile>(path), runtime);
    ::chmod(path.c_str(), 0640);
    EXPECT_NE(complaint().find("set its mode to 0600"), std::string::npos) << complaint();
}

TEST_F(KeyFiles, that_are_damaged_are_refused_with_a_sentence) {
    for (const char* const bad : {"", "{}", "garbage", R"({"keys":[]})"}) {
        write(bad);
        EXPECT_NE(complaint().find("is damaged"), std::string::npos) << bad << ": " << complaint();
    }
    write(std::string(100'000, ' '));
    EXPECT_NE(complaint().find("is damaged"), std::string::npos);
}

TEST_F(KeyFiles, that_cannot_be_written_say_so) {
    const security::KeyRing ring(security::SigningKey::generate(runtime));
    KeyFile nowhere(folder / "missing" / "keys.json");
    EXPECT_THROW(nowhere.save(ring), std::runtime_error);
    KeyFile directory(folder);
    EXPECT_THROW(std::ignore = directory.load(), std::runtime_error);
}

} // namespace
} // namespace backline::key_file
