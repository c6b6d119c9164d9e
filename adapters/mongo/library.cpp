#include "adapters/mongo/library.hpp"

#include <mongoc/mongoc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

namespace backline::mongo {

namespace {

struct Library {
    Library() {
        mongoc_init();
        mongoc_log_set_handler(nullptr, nullptr);
    }

    ~Library() { mongoc_cleanup(); }

    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

} // namespace

// The name is the one of libmongoc's mongoc-counters.c.
void drop_counters_file() {
    ::shm_unlink(("/mongoc-" + std::to_string(::getpid())).c_str());
}

void start_library() {
    static const Library library;
}

} // namespace backline::mongo
