#pragma once

#include "platform/base/problem.hpp"
#include "platform/base/type.hpp"

#include <string>
#include <string_view>

namespace backline::schema {

/// How much a reader trusts what it reads.
enum class Reading {
    /// HTTP. Unknown fields, duplicate keys and `\u0000` are refused, limits are enforced, everything that is not
    /// optional must be there, `check` is asked, all errors are told at once.
    strict,
    /// Configuration: strict, but a missing field keeps the default that the struct gives it.
    config,
    /// Stored documents and events: unknown fields are skipped, missing fields (and nulls) keep their default, values
    /// outside their limits are kept unchecked where their type can hold them, `check` is not asked. What still fails
    /// is what cannot be represented: a wrong JSON type, an unknown enum name, an id that is none.
    tolerant,
};

/// Reads one JSON value into `out`, an object of the type that `type` describes, freshly default-constructed. Refuses
/// with `malformed_json` (400) when the text is not one JSON value in valid UTF-8 or is nested deeper than 32, and with
/// `invalid` (422) and one `FieldError` per fault (at most 64) when it does not fit the type. After a refusal `out`
/// holds whatever had been read.
///
/// Codes of field errors: `missing`, `unknown_field`, `wrong_type`, `null_not_allowed`, `out_of_range`, `too_short`,
/// `too_long`, `bad_format`, `unknown_value` (enums), `too_few`, `too_many` (lists, maps), `duplicate_key`, and
/// whatever a `check` says.
[[nodiscard]] Result<void> read(
    const Type& type, void* out, std::string_view json, Reading reading
);

/// As `read`, `tolerant`, and keeps what it does not know: members of newer versions go to `unknown`, in a form that
/// only `write_stored` understands (empty when there are none). Members of objects inside lists are not kept.
[[nodiscard]] Result<void> read_stored(
    const Type& type, void* out, std::string_view json, std::string& unknown
);

/// Reads a `T`: `unwrap(read<NewReview>(body))`.
template <class T>
[[nodiscard]] Result<T> read(std::string_view json, Reading reading = Reading::strict) {
    Result<T> made;
    if (Result<void> done = read(type_of<T>(), &*made, json, reading); !done) {
        return std::unexpected(std::move(done.error()));
    }
    return made;
}

/// Appends the value as compact JSON, fields in the order of their description; empty optionals and absent patches are
/// left out. Invalid UTF-8 becomes U+FFFD. A `Secret` breaks an invariant: it has no place in an answer or an event.
void write_json(const Type& type, const void* value, std::string& out);

template <class T> [[nodiscard]] std::string write_json(const T& value) {
    std::string out;
    write_json(type_of<T>(), &value, out);
    return out;
}

/// As `write_json` for a document on its way into a store: secrets are written too, and `unknown`, from the
/// `read_stored` of the same document, is put back where it was.
void write_stored(const Type& type, const void* value, std::string_view unknown, std::string& out);

/// As `write_json` for a configuration that people look at: every secret is `"***"`.
void write_masked(const Type& type, const void* value, std::string& out);

/// Appends `text` as a JSON string, in quotes and escaped.
void append_json_string(std::string_view text, std::string& out);

} // namespace backline::schema
