#include "apps/backline/config.hpp"

#include "adapters/redis/settings.hpp"
#include "platform/schema/json.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

namespace backline::app {

namespace {

/// The type of a member; nothing where there is none, which the reader will tell.
const Type* member_of(const Type* type, std::string_view name) {
    if (type == nullptr || type->kind != Kind::object) return nullptr;
    for (const Field& field : type->object->fields) {
        if (field.name == name) return &field.type();
    }
    return nullptr;
}

Kind kind_of(const Type* type) {
    if (type == nullptr) return Kind::text;
    return type->wrap != nullptr ? kind_of(&type->wrap->inner()) : type->kind;
}

/// A word is what the setting takes: a password may be all digits. What does not fit stays text, for the reader to
/// refuse.
void put(toml::table& table, std::string_view key, const std::string& word, Kind kind) {
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(word.data(), word.data() + word.size(), number);
    const bool is_number = failure == std::errc{} && end == word.data() + word.size();
    if (kind == Kind::integer && is_number) {
        table.insert_or_assign(key, number);
    } else if (kind == Kind::boolean && (word == "true" || word == "false")) {
        table.insert_or_assign(key, word == "true");
    } else {
        table.insert_or_assign(key, word);
    }
}

void lay_over(
    toml::table& table, std::string_view path, const std::string& word, const Type* type
) {
    const std::size_t dot = path.find('.');
    const std::string_view head = path.substr(0, dot);
    const Type* member = member_of(type, head);
    if (dot == std::string_view::npos) {
        put(table, path, word, kind_of(member));
        return;
    }
    if (!table.contains(head)) table.insert(head, toml::table{});
    toml::table* inner = table[head].as_table();
    if (inner == nullptr) throw std::runtime_error(std::string(head) + " is no group of settings");
    lay_over(*inner, path.substr(dot + 1), word, member);
}

toml::table parse(const std::string& file) {
    if (file.empty()) return {};
    try {
        return toml::parse_file(file);
    } catch (const toml::parse_error& failure) {
        std::ostringstream where;
        where << "cannot read the configuration " << file << ": " << failure.description()
              << " (line " << failure.source().begin.line << ")";
        throw std::runtime_error(where.str());
    }
}

std::string sentence_of(const Problem& problem) {
    std::string sentence = "the configuration is wrong:";
    for (const FieldError& error : problem.errors) {
        sentence += " " + error.pointer + " " + error.detail + ";";
    }
    if (problem.errors.empty()) sentence += " " + problem.detail;
    return sentence;
}

/// Variables of `./dev` and of the tests.
bool is_for_tools(std::string_view variable) {
    return variable.starts_with("BACKLINE_PRESET=") || variable.starts_with("BACKLINE_TEST_") ||
           variable.starts_with("BACKLINE_SERVERS=") ||
           variable.starts_with("BACKLINE_CONTAINERS=");
}

} // namespace

std::vector<FieldError> check(const Smtp& smtp) {
    std::vector<FieldError> errors;
    const auto missing = [&errors](const char* pointer, const char* why) {
        errors.push_back({pointer, "missing", why});
    };
    const bool wanted = !smtp.from.empty() || !smtp.user.empty() || !smtp.password_file.empty();
    if (smtp.host.empty() && wanted) missing("#/host", "is missing, so no mail can be sent");
    if (!smtp.host.empty() && smtp.from.empty()) {
        missing("#/from", "is missing: the shop's address");
    }
    if (smtp.user.empty() != smtp.password_file.empty()) {
        missing(
            smtp.user.empty() ? "#/user" : "#/password_file",
            "is missing: a user and the file of their password go together"
        );
    }
    return errors;
}

namespace {

/// A password in a URL would be shown by `--print-config` and by the list of processes.
std::vector<FieldError> check_url(const std::string& url) {
    const std::size_t begin = url.find("://");
    const std::string_view authority =
        std::string_view(url).substr(begin == std::string::npos ? 0 : begin + 3);
    const std::size_t at = authority.find('@');
    if (at == std::string_view::npos) return {};
    if (authority.substr(0, at).find(':') == std::string_view::npos) return {};
    return {
        {"#/url", "invalid", "holds a password; put it into a file and name that in password_file"}
    };
}

} // namespace

std::vector<FieldError> check(const Mongo& mongo) {
    return check_url(mongo.url.text());
}

std::vector<FieldError> check(const Rabbitmq& rabbitmq) {
    return check_url(rabbitmq.url.text());
}

std::vector<FieldError> check(const Redis& redis) {
    std::vector<FieldError> errors = check_url(redis.url.text());
    const bool readable = redis.url.empty() || redis::settings_of(redis.url.text()).has_value();
    if (!readable) errors.push_back({"#/url", "invalid", "is no address like redis://host:6379/0"});
    return errors;
}

std::vector<FieldError> check(const Events& events) {
    if (Duration{0} < events.retry_first_for &&
        events.retry_first_for <= events.retry_longest_for) {
        return {};
    }
    return {
        {"#/retry_first_for", "out_of_range", "must be more than 0 and no more than the longest"}
    };
}

void check_engines(const Config& config, const std::vector<std::string>& services) {
    const bool mongo = !config.mongo.url.empty();
    const bool rabbitmq = !config.rabbitmq.url.empty();
    if (mongo != rabbitmq) {
        throw std::runtime_error("mongo.url and rabbitmq.url go together: set both or neither");
    }
    if (services.empty()) return;
    const auto missing = [](const char* what, const char* why) {
        throw std::runtime_error(std::string(what) + " is missing: " + why);
    };
    if (!mongo) missing("mongo.url", "a part of the shop shares its engines with the other parts");
    if (config.redis.url.empty()) {
        missing("redis.url", "a process that starts learns there which sessions have ended");
    }
    if (config.sandbox.url.empty()) {
        missing("sandbox.url", "payments and mails of all parts go through one `backline sandbox`");
    }
    const bool users = std::ranges::find(services, "users") != services.end();
    if (users && config.signing_keys.file.empty()) {
        missing("signing_keys.file", "replicas share the keys; make them with `backline keys`");
    }
    if (!users && config.signing_keys.url.empty()) {
        missing("signing_keys.url", "tokens are checked with the User Service's public keys");
    }
}

Overrides overrides_of(const char* const* environment) {
    constexpr std::string_view prefix = "BACKLINE_";
    Overrides overrides;
    for (; *environment != nullptr; ++environment) {
        const std::string_view entry = *environment;
        const std::size_t equals = entry.find('=');
        if (!entry.starts_with(prefix) || is_for_tools(entry)) continue;
        std::string path;
        for (std::size_t i = prefix.size(); i < equals; ++i) {
            const bool nested = entry.substr(i, 2) == "__";
            const char c = entry[i];
            path += nested ? '.' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
            if (nested) ++i;
        }
        overrides[path] = std::string(entry.substr(equals + 1));
    }
    return overrides;
}

Config load_config(const std::string& file, const Overrides& environment, const Overrides& flags) {
    toml::table table = parse(file);
    for (const Overrides* layer : {&environment, &flags}) {
        for (const auto& [path, word] : *layer) lay_over(table, path, word, &type_of<Config>());
    }
    std::ostringstream json;
    json << toml::json_formatter{table};
    Result<Config> config = schema::read<Config>(json.str(), schema::Reading::config);
    if (!config) throw std::runtime_error(sentence_of(config.error()));
    return *std::move(config);
}

} // namespace backline::app
