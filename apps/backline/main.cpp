#include "adapters/mongo/library.hpp"
#include "apps/backline/commands.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

// The one program. `commands.hpp` lists what it can do.
int main(int argc, char** argv) {
    backline::mongo::drop_counters_file();
    CLI::App cli("Backline: the backend of a shop for audio systems and event equipment");
    cli.require_subcommand(1);
    int status = 0;
    backline::app::add_serve(cli, status);
    backline::app::add_sandbox(cli, status);
    backline::app::add_events(cli, status);
    backline::app::add_users(cli, status);
    backline::app::add_keys(cli, status);
    backline::app::add_sample_store(cli, status);
    backline::app::add_probe(cli, status);
    backline::app::add_mongo_init(cli, status);
    try {
        cli.parse(argc, argv);
    } catch (const CLI::ParseError& usage) {
        return cli.exit(usage);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "backline: %s\n", failure.what());
        return 1;
    }
    return status;
}
