#include "adapters/mongo/session.hpp"

#include <algorithm>
#include <array>

namespace backline::mongo {

namespace {

using Stage = Failed::Stage;

constexpr int authentication_failed = 18;

/// What no repetition changes and what is decided before anything is written: rights, and documents that are too big.
constexpr std::array<std::int64_t, 6> refusals{
    11, // UserNotFound
    13, // Unauthorized
    authentication_failed,
    10334, // BSONObjectTooLarge
    17419, // The document after an update is too large.
    17420, // The document to insert is too large.
};

bool never_left(const bson_error_t& error) {
    constexpr std::array<std::uint32_t, 4> before_sending{
        MONGOC_ERROR_SERVER_SELECTION,
        MONGOC_ERROR_CLIENT,
        MONGOC_ERROR_SASL,
        MONGOC_ERROR_SCRAM,
    };
    if (std::ranges::find(before_sending, error.domain) != before_sending.end()) return true;
    return error.domain == MONGOC_ERROR_STREAM &&
           (error.code == MONGOC_ERROR_STREAM_CONNECT ||
            error.code == MONGOC_ERROR_STREAM_NAME_RESOLUTION);
}

Failed failed(const View& reply, const bson_error_t& error) {
    const int code = static_cast<int>(reply.number("code"));
    const bool answered = reply.has("ok");
    const bool locked_out =
        error.domain == MONGOC_ERROR_CLIENT && error.code == MONGOC_ERROR_CLIENT_AUTHENTICATE;
    if (locked_out) return {Stage::refused, error.message, authentication_failed};
    if (is_refusal(code)) return {Stage::refused, error.message, code, answered};
    if (!answered && never_left(error)) return {Stage::not_sent, error.message};
    return {Stage::doubtful, error.message, code, answered};
}

mongoc_client_t* take_client(Server& server) {
    return mongoc_client_pool_pop(&server.pool());
}

const mongoc_read_prefs_t* primary() {
    struct Destroy {
        void operator()(mongoc_read_prefs_t* prefs) const { mongoc_read_prefs_destroy(prefs); }
    };

    static const std::unique_ptr<mongoc_read_prefs_t, Destroy> prefs(
        mongoc_read_prefs_new(MONGOC_READ_PRIMARY)
    );
    return prefs.get();
}

void append_concern(Bson& options, std::string_view level) {
    Bson concern;
    concern.text("level", level);
    options.document("readConcern", concern);
}

mongoc_client_session_t* start(mongoc_client_t* client) {
    bson_error_t error{};
    mongoc_client_session_t* session = mongoc_client_start_session(client, nullptr, &error);
    if (session == nullptr) throw Failed(Stage::not_sent, error.message);
    return session;
}

void append(mongoc_client_session_t* session, Bson& options) {
    bson_error_t error{};
    if (!mongoc_client_session_append(session, options.get(), &error)) {
        throw Failed(Stage::not_sent, error.message);
    }
}

/// The reply of a call of libmongoc, freed however that ends.
struct Reply {
    bson_t document = BSON_INITIALIZER;

    Reply() = default;
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;

    ~Reply() { bson_destroy(&document); }
};

struct CloseCursor {
    void operator()(mongoc_cursor_t* cursor) const { mongoc_cursor_destroy(cursor); }
};

struct CloseCollection {
    void operator()(mongoc_collection_t* collection) const {
        mongoc_collection_destroy(collection);
    }
};

} // namespace

bool is_refusal(std::int64_t code) {
    return std::ranges::find(refusals, code) != refusals.end();
}

Session::Session(Server& server)
    : server_(server)
    , client_(take_client(server), GiveBack{&server})
    , session_(start(client_.get())) {
    const OperationTime newest = server_.clock().newest();
    mongoc_client_session_advance_operation_time(session_.get(), newest.seconds, newest.increment);
}

void Session::note_time() {
    OperationTime time;
    mongoc_client_session_get_operation_time(session_.get(), &time.seconds, &time.increment);
    server_.clock().saw(time);
}

void Session::find(
    const std::string& database,
    std::string_view collection,
    const Bson& filter,
    Bson options,
    const Visit& visit
) {
    append_concern(options, "majority");
    append(session_.get(), options);
    options.number("maxTimeMS", server_.settings().runs_within.count());
    const std::unique_ptr<mongoc_collection_t, CloseCollection> source(mongoc_client_get_collection(
        client_.get(), database.c_str(), std::string(collection).c_str()
    ));
    const std::unique_ptr<mongoc_cursor_t, CloseCursor> cursor(
        mongoc_collection_find_with_opts(source.get(), filter.get(), options.get(), primary())
    );
    const bson_t* document = nullptr;
    while (mongoc_cursor_next(cursor.get(), &document)) visit(View(document));
    note_time();
    bson_error_t error{};
    const bson_t* reply = nullptr;
    if (mongoc_cursor_error_document(cursor.get(), &error, &reply)) {
        throw failed(reply == nullptr ? View() : View(reply), error);
    }
}

template <class Call> Bson Session::run(Call call, const Bson& command, const Bson& options) {
    Reply reply;
    bson_error_t error{};
    const bool done = call(command.get(), options.get(), &reply.document, &error);
    note_time();
    const View answer(&reply.document);
    const bool unconfirmed = answer.has("writeConcernError");
    const bool answered = done || answer.has("writeErrors");
    if (!answered || unconfirmed) throw failed(answer, error);
    Bson taken;
    bson_concat(taken.get(), &reply.document);
    return taken;
}

Bson Session::read_with(
    mongoc_client_session_t* session,
    std::string_view concern,
    const std::string& database,
    const Bson& command
) {
    Bson options;
    append_concern(options, concern);
    append(session, options);
    const auto call = [&](const bson_t* what, const bson_t* how, bson_t* reply, bson_error_t* error
                      ) {
        return mongoc_client_read_command_with_opts(
            client_.get(), database.c_str(), what, primary(), how, reply, error
        );
    };
    return run(call, command, options);
}

Bson Session::read(const std::string& database, const Bson& command) {
    return read_with(session_.get(), "majority", database, command);
}

/// In a session of its own, since one that is causally consistent asks for a point in time, which excludes this.
Bson Session::read_linearizable(const std::string& database, const Bson& command) {
    const std::unique_ptr<mongoc_client_session_t, End> session(start(client_.get()));
    return read_with(session.get(), "linearizable", database, command);
}

Bson Session::write(const std::string& database, const Bson& command) {
    Bson options;
    append(session_.get(), options);
    const auto call = [&](const bson_t* what, const bson_t* how, bson_t* reply, bson_error_t* error
                      ) {
        return mongoc_client_write_command_with_opts(
            client_.get(), database.c_str(), what, how, reply, error
        );
    };
    return run(call, command, options);
}

Bson Session::command(const std::string& database, const Bson& command) {
    Bson options;
    append(session_.get(), options);
    const auto call = [&](const bson_t* what, const bson_t* how, bson_t* reply, bson_error_t* error
                      ) {
        return mongoc_client_command_with_opts(
            client_.get(), database.c_str(), what, primary(), how, reply, error
        );
    };
    return run(call, command, options);
}

} // namespace backline::mongo
