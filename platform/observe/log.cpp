#include "platform/observe/log.hpp"

#include "platform/base/utf8.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace backline::observe {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_escaped(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
        out.push_back('\\');
        out.push_back(c);
    } else if (byte < 0x20 || byte == 0x7F) {
        out.append("\\u00");
        out.push_back(digits[byte >> 4U]);
        out.push_back(digits[byte & 15U]);
    } else {
        out.push_back(c);
    }
}

/// The log is JSON even when a cause that came from elsewhere is no UTF-8.
void append_string(std::string& out, std::string_view text) {
    out.push_back('"');
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        if (length == 0) {
            out.append(replacement);
        } else if (length == 1) {
            append_escaped(out, text.front());
        } else {
            out.append(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    out.push_back('"');
}

void append_value(std::string& out, const LogField& field) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
        append_string(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
        out.append(std::to_string(*number));
    } else {
        out.append(std::get<bool>(field.value) ? "true" : "false");
    }
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
    case Level::debug:
        return spdlog::level::debug;
    case Level::info:
        return spdlog::level::info;
    case Level::warning:
        return spdlog::level::warn;
    case Level::error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
}

spdlog::sink_ptr open_sink(const std::string& path) {
    if (path.empty()) return std::make_shared<spdlog::sinks::stderr_sink_st>();
    try {
        return std::make_shared<spdlog::sinks::basic_file_sink_st>(path);
    } catch (const spdlog::spdlog_ex& failed) {
        throw std::runtime_error("The log file cannot be opened: " + std::string(failed.what()));
    }
}

class JsonLog final : public Log {
public:
    explicit JsonLog(const JsonLogSettings& settings)
        : logger_("backline", open_sink(settings.path)) {
        logger_.set_level(spdlog_level(settings.level));
        logger_.flush_on(spdlog::level::warn);
        logger_.set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})", spdlog::pattern_time_type::utc
        );
    }

    void write(Level level, std::string_view event, std::span<const LogField> fields) override {
        const spdlog::level::level_enum wanted = spdlog_level(level);
        if (!logger_.should_log(wanted)) return;
        const std::string members = json_members(event, fields);
        logger_.log(wanted, spdlog::string_view_t(members.data(), members.size()));
    }

    void flush() override { logger_.flush(); }

private:
    spdlog::logger logger_;
};

class SilentLog final : public Log {
public:
    void write(Level, std::string_view, std::span<const LogField>) override {}
};

} // namespace

std::string json_members(std::string_view event, std::span<const LogField> fields) {
    std::string out = R"("event":)";
    append_string(out, event);
    for (const LogField& field : fields) {
        out.push_back(',');
        append_string(out, field.name);
        out.push_back(':');
        append_value(out, field);
    }
    return out;
}

std::unique_ptr<Log> make_json_log(const JsonLogSettings& settings) {
    return std::make_unique<JsonLog>(settings);
}

std::unique_ptr<Log> make_silent_log() {
    return std::make_unique<SilentLog>();
}

} // namespace backline::observe
