#include "adapters/asio_runtime/asio_runtime.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "services/notifications/messages/store.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

// contact DATA CUSTOMER [BODY]: shows what the Notification Service of a stopped shop keeps of a customer, as version
// and body; with another body puts that in its place, whatever it is. So a test breaks what a handler reads.
namespace backline {

namespace {

[[noreturn]] void die(const std::string& reason) {
    std::fprintf(stderr, "contact: %s\n", reason.c_str());
    std::_Exit(1);
}

Task<> replace(sqlite::SqliteStore& store, store::Stored contact, std::string body) {
    store::Commit commit{.collection = &notifications::contacts_spec};
    commit.operation = "contact/" + std::to_string(contact.version);
    commit.base_version = contact.version;
    commit.document = std::move(contact);
    ++commit.document.version;
    commit.document.body = std::move(body);
    co_await store.commit(std::move(commit));
}

Task<> work(asio_runtime::AsioRuntime& runtime, std::vector<std::string> words) {
    sqlite::Settings settings;
    settings.directory = words.at(0);
    sqlite::SqliteStore store(runtime, settings, die);
    co_await store.open(notifications::contacts_spec);
    const std::optional<store::Stored> contact =
        co_await store.find(notifications::contacts_spec, words.at(1));
    if (!contact) die("there is no such contact");
    std::printf("%lld %s\n", static_cast<long long>(contact->version), contact->body.c_str());
    if (words.size() > 2) co_await replace(store, *contact, words[2]);
}

} // namespace
} // namespace backline

int main(int argc, char** argv) {
    try {
        backline::asio_runtime::AsioRuntime runtime;
        runtime.run(backline::work(runtime, {argv + 1, argv + argc}));
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "contact: %s\n", failure.what());
        return 1;
    }
    return 0;
}
