#include "platform/base/text.hpp"

#include "platform/base/utf8.hpp"

#include <algorithm>

namespace backline {
namespace {

bool is_alphanumeric(char each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
           (each >= '0' && each <= '9');
}

bool is_host_label(std::string_view label) {
    const auto fits = [](char each) { return is_alphanumeric(each) || each == '-'; };
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, fits);
}

/// At least two labels; the last begins with a letter, so that no IP address passes for a name.
bool is_dotted_host(std::string_view host) {
    std::size_t labels = 0;
    std::string_view label;
    while (true) {
        const std::size_t dot = host.find('.');
        label = host.substr(0, dot);
        if (!is_host_label(label)) return false;
        ++labels;
        if (dot == std::string_view::npos) break;
        host.remove_prefix(dot + 1);
    }
    return labels >= 2 && label.size() >= 2 && !(label.front() >= '0' && label.front() <= '9');
}

/// The dot-atom of RFC 5322.
bool is_mailbox_name(std::string_view local) {
    static constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~.";
    const auto fits = [](char each) { return is_alphanumeric(each) || marks.contains(each); };
    return !local.empty() && local.size() <= 64 && local.front() != '.' && local.back() != '.' &&
           local.find("..") == std::string_view::npos && std::ranges::all_of(local, fits);
}

} // namespace

bool keeps(const TextRules& rules, std::string_view raw) {
    const std::optional<std::size_t> length = code_points(raw);
    return length && *length >= rules.min && *length <= rules.max && !has_control_characters(raw);
}

bool EmailRule::accepts(std::string_view raw) {
    const std::size_t at = raw.find('@');
    return at != std::string_view::npos && is_mailbox_name(raw.substr(0, at)) &&
           is_dotted_host(raw.substr(at + 1));
}

std::string email_key(const Email& email) {
    std::string key = email.text();
    std::ranges::transform(key, key.begin(), [](char each) {
        return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
    });
    return key;
}

} // namespace backline
