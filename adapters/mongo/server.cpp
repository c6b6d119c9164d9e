#include "adapters/mongo/server.hpp"

#include "adapters/mongo/library.hpp"
#include "adapters/mongo/unusable.hpp"

#include <fmt/format.h>

#include <string_view>

namespace backline::mongo {

namespace {

struct DestroyUri {
    void operator()(mongoc_uri_t* uri) const { mongoc_uri_destroy(uri); }
};

using Uri = std::unique_ptr<mongoc_uri_t, DestroyUri>;

struct DestroyConcern {
    void operator()(mongoc_write_concern_t* concern) const {
        mongoc_write_concern_destroy(concern);
    }

    void operator()(mongoc_read_concern_t* concern) const { mongoc_read_concern_destroy(concern); }
};

/// The reason of libmongoc repeats parts of the URL, in which there may be a password.
Uri parse(const Settings& settings) {
    Uri uri(mongoc_uri_new_with_error(settings.url.reveal().c_str(), nullptr));
    if (uri) return uri;
    throw Unusable("The URL of MongoDB cannot be read; it looks like "
                   "mongodb://user@host:27017/?replicaSet=rs0.");
}

void refuse_weaker_writes(const mongoc_uri_t& uri) {
    const mongoc_write_concern_t* asked = mongoc_uri_get_write_concern(&uri);
    const bool weaker =
        !mongoc_write_concern_is_default(asked) && !mongoc_write_concern_get_wmajority(asked);
    const bool unjournaled =
        mongoc_write_concern_journal_is_set(asked) && !mongoc_write_concern_get_journal(asked);
    const bool unretried = !mongoc_uri_get_option_as_bool(&uri, MONGOC_URI_RETRYWRITES, true);
    if (weaker || unjournaled || unretried) {
        throw Unusable("The URL of MongoDB asks for weaker writes than w=majority, journal=true "
                       "and retryWrites=true; leave these options out.");
    }
}

void refuse_weaker_reads(const mongoc_uri_t& uri) {
    const mongoc_read_concern_t* asked = mongoc_uri_get_read_concern(&uri);
    const char* level = mongoc_read_concern_get_level(asked);
    const bool weaker =
        level != nullptr && std::string_view(level) != MONGOC_READ_CONCERN_LEVEL_MAJORITY;
    const auto mode = mongoc_read_prefs_get_mode(mongoc_uri_get_read_prefs_t(&uri));
    if (weaker || mode != MONGOC_READ_PRIMARY) {
        throw Unusable("The URL of MongoDB asks for other reads than readConcernLevel=majority "
                       "from the primary; leave these options out.");
    }
}

void set_concerns(mongoc_uri_t& uri, Duration replicates_within) {
    const std::unique_ptr<mongoc_write_concern_t, DestroyConcern> writes(mongoc_write_concern_new()
    );
    mongoc_write_concern_set_wmajority(
        writes.get(), static_cast<std::int32_t>(replicates_within.count())
    );
    mongoc_write_concern_set_journal(writes.get(), true);
    mongoc_uri_set_write_concern(&uri, writes.get());
    const std::unique_ptr<mongoc_read_concern_t, DestroyConcern> reads(mongoc_read_concern_new());
    mongoc_uri_set_read_concern(&uri, reads.get()); // Each read says its own.
}

void set_number(mongoc_uri_t& uri, const char* option, std::int64_t value) {
    mongoc_uri_set_option_as_int32(&uri, option, static_cast<std::int32_t>(value));
}

void set_deadlines(mongoc_uri_t& uri, const Settings& settings) {
    set_number(uri, MONGOC_URI_SERVERSELECTIONTIMEOUTMS, settings.selects_server_within.count());
    set_number(uri, MONGOC_URI_CONNECTTIMEOUTMS, settings.connects_within.count());
    set_number(uri, MONGOC_URI_SOCKETTIMEOUTMS, settings.answers_within.count());
    set_number(uri, MONGOC_URI_MAXPOOLSIZE, static_cast<std::int64_t>(settings.connections));
}

Uri uri_of(const Settings& settings) {
    Uri uri = parse(settings);
    refuse_weaker_writes(*uri);
    refuse_weaker_reads(*uri);
    set_concerns(*uri, settings.replicates_within);
    set_deadlines(*uri, settings);
    mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYWRITES, true);
    mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_RETRYREADS, true);
    // One host stands for its whole replica set, or no fail-over would be seen.
    if (!mongoc_uri_has_option(uri.get(), MONGOC_URI_DIRECTCONNECTION)) {
        mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_DIRECTCONNECTION, false);
    }
    if (!settings.password.reveal().empty()) {
        mongoc_uri_set_password(uri.get(), settings.password.reveal().c_str());
    }
    if (!settings.ca_file.empty()) {
        mongoc_uri_set_option_as_bool(uri.get(), MONGOC_URI_TLS, true);
        mongoc_uri_set_option_as_utf8(uri.get(), MONGOC_URI_TLSCAFILE, settings.ca_file.c_str());
    }
    return uri;
}

} // namespace

Server::Server(const Settings& settings) : settings_(settings) {
    start_library();
    const Uri uri = uri_of(settings_);
    bson_error_t error{};
    pool_.reset(mongoc_client_pool_new_with_error(uri.get(), &error));
    if (!pool_) {
        throw Unusable(fmt::format("MongoDB cannot be used with this URL: {}.", error.message));
    }
    mongoc_client_pool_set_error_api(pool_.get(), MONGOC_ERROR_API_VERSION_2);
    mongoc_client_pool_set_appname(pool_.get(), settings_.app_name.c_str());
}

} // namespace backline::mongo
