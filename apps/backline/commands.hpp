#pragma once

namespace CLI { // NOLINT(readability-identifier-naming): the library's own name.
class App;
}

/// The program's commands. Each adds itself to the command line; when it is the one that was given it runs inside
/// `parse`, leaves the program's exit status, and throws what stops it with one sentence.
namespace backline::app {

void add_serve(CLI::App& cli, int& status);
void add_sandbox(CLI::App& cli, int& status);
void add_events(CLI::App& cli, int& status);
void add_users(CLI::App& cli, int& status);
void add_keys(CLI::App& cli, int& status);
void add_sample_store(CLI::App& cli, int& status);
void add_probe(CLI::App& cli, int& status);
void add_mongo_init(CLI::App& cli, int& status);

} // namespace backline::app
