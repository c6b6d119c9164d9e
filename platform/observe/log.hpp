#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace backline::observe {

enum class Level : std::uint8_t { debug, info, warning, error };

/// One named value of a log line. Values are numbers, ids, codes and causes: never a name, an address of any kind, a
/// token or a piece of a body. Views need to live only as long as the call that writes them.
struct LogField {
    LogField(std::string_view field, std::string_view text) : name(field), value(text) {}

    LogField(std::string_view field, const char* text)
        : name(field)
        , value(std::string_view(text)) {}

    LogField(std::string_view field, const std::string& text)
        : name(field)
        , value(std::string_view(text)) {}

    LogField(std::string_view field, std::same_as<bool> auto truth) : name(field), value(truth) {}

    LogField(std::string_view field, std::integral auto number)
        requires(!std::same_as<decltype(number), bool>)
        : name(field)
        , value(static_cast<std::int64_t>(number)) {}

    std::string_view name;
    std::variant<std::string_view, std::int64_t, bool> value;
};

/// Where structured log lines go: `log.info("order_placed", {{"order", id.text()}, {"lines", lines}})`. An event is a
/// constant in snake_case, what varies is in fields. Passed in by constructor like everything else; there is no global
/// logger. Loop thread only.
class Log {
public:
    using Fields = std::initializer_list<LogField>;

    Log() = default;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    virtual ~Log() = default;

    void debug(std::string_view event, Fields fields = {}) {
        write(Level::debug, event, span_of(fields));
    }

    void info(std::string_view event, Fields fields = {}) {
        write(Level::info, event, span_of(fields));
    }

    void warning(std::string_view event, Fields fields = {}) {
        write(Level::warning, event, span_of(fields));
    }

    void error(std::string_view event, Fields fields = {}) {
        write(Level::error, event, span_of(fields));
    }

    /// Never throws for anything that the fields hold.
    virtual void write(Level level, std::string_view event, std::span<const LogField> fields) = 0;

    /// Hands on what is buffered. Called about once a second and at the end.
    virtual void flush() {}

private:
    static std::span<const LogField> span_of(Fields fields) {
        return {fields.begin(), fields.size()};
    }
};

/// One JSON object per line: `{"time":"…","level":"info","event":"request",…}`.
struct JsonLogSettings {
    std::string path{}; ///< Appended to; empty: standard error.
    Level level = Level::info;
};

/// Throws `std::runtime_error` with one clear sentence if the file cannot be opened.
[[nodiscard]] std::unique_ptr<Log> make_json_log(const JsonLogSettings& settings);

/// Forgets everything: for tests and the simulator.
[[nodiscard]] std::unique_ptr<Log> make_silent_log();

/// The members of one line, `"event":"…"` first, without braces: what the JSON log writes behind time and level.
[[nodiscard]] std::string json_members(std::string_view event, std::span<const LogField> fields);

} // namespace backline::observe
