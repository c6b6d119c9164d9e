#pragma once

#include "adapters/mongo/bson.hpp"
#include "adapters/mongo/server.hpp"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace backline::mongo {

/// How an operation failed, as far as this side can tell.
class Failed final : public std::runtime_error {
public:
    enum class Stage {
        not_sent, ///< The server never saw it.
        refused,  ///< The server will never do it: rights, sizes.
        doubtful, ///< Anything may have become of it.
    };

    Failed(Stage stage, const std::string& cause, int code = 0, bool answered = false)
        : std::runtime_error(cause)
        , stage_(stage)
        , code_(code)
        , answered_(answered) {}

    [[nodiscard]] Stage stage() const { return stage_; }

    /// The server's, if it answered; MongoDB's error_codes.yml has them all.
    [[nodiscard]] int code() const { return code_; }

    /// The server has said that it is through with it.
    [[nodiscard]] bool answered() const { return answered_; }

private:
    Stage stage_;
    int code_;
    bool answered_;
};

/// True of errors that no repetition changes, and that a server finds before it writes anything.
[[nodiscard]] bool is_refusal(std::int64_t code);

/// One connection and one session of the driver, for one call after the other. Blocks, so it lives on a lane's thread.
/// Reads are causally consistent with all that this process has seen, on the primary.
class Session final {
public:
    /// Throws `Failed(not_sent)` if no server can be reached.
    explicit Session(Server& server);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    ~Session() = default;

    using Visit = std::function<void(const View&)>;

    [[nodiscard]] const Settings& settings() const { return server_.settings(); }

    /// Visits what a find with these options finds, with read concern majority. Throws `Failed`.
    void find(
        const std::string& database,
        std::string_view collection,
        const Bson& filter,
        Bson options,
        const Visit& visit
    );

    /// The reply to a read command (majority). Throws `Failed`.
    Bson read(const std::string& database, const Bson& command);

    /// As `read`, and the answer is newer than every write that was acknowledged before: asks the majority itself.
    Bson read_linearizable(const std::string& database, const Bson& command);

    /// The reply to a write command with our write concern. The statements in it may have failed: `writeErrors`. Throws
    /// `Failed`, with `doubtful` also when the majority did not confirm in time.
    Bson write(const std::string& database, const Bson& command);

    /// The reply to a command that is neither. Throws `Failed`.
    Bson command(const std::string& database, const Bson& command);

private:
    struct GiveBack {
        Server* server;

        void operator()(mongoc_client_t* client) const {
            mongoc_client_pool_push(&server->pool(), client);
        }
    };

    struct End {
        void operator()(mongoc_client_session_t* session) const {
            mongoc_client_session_destroy(session);
        }
    };

    template <class Call> Bson run(Call call, const Bson& command, const Bson& options);
    Bson read_with(
        mongoc_client_session_t* session,
        std::string_view concern,
        const std::string& database,
        const Bson& command
    );
    void note_time();

    Server& server_;
    std::unique_ptr<mongoc_client_t, GiveBack> client_;
    std::unique_ptr<mongoc_client_session_t, End> session_;
};

} // namespace backline::mongo
