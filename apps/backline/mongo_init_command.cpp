#include "adapters/mongo/replica_set.hpp"
#include "apps/backline/commands.hpp"
#include "apps/backline/config.hpp"
#include "apps/backline/mongo_settings.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <memory>
#include <string>

// `backline mongo-init`: once in the life of a replica set.
namespace backline::app {

void add_mongo_init(CLI::App& cli, int&) {
    const auto file = std::make_shared<std::string>();
    CLI::App* command = cli.add_subcommand(
        "mongo-init",
        "Make the replica set of [mongo] and its user, on the machine of its first member"
    );
    command->add_option("--config", *file, "A TOML file")->required();
    command->callback([file] {
        const Config config = load_config(*file, overrides_of(environ), {});
        mongo::make_replica_set(mongo_settings(config.mongo));
    });
}

} // namespace backline::app
