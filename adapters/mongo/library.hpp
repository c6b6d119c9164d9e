#pragma once

/// libmongoc as a guest in this process.
namespace backline::mongo {

/// When libmongoc is loaded, it makes a file of counters in shared memory for its tool mongoc-stat. A process that is
/// killed would leave it there, and a later process of the same number would complain about it. This takes the file
/// away; the counters stay. To be called first in `main`.
void drop_counters_file();

/// Readies libmongoc until the process ends. What it would log may name hosts and users, and every failure reaches us
/// as an error anyway, so it logs nothing. Any thread, any number of times.
void start_library();

} // namespace backline::mongo
