#pragma once

#include "platform/base/kinds.hpp"
#include "platform/base/problem.hpp"
#include "platform/base/raw_json.hpp"
#include "platform/schema/faults.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/raw_text.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace backline::schema {

/// Fills one value from the pieces that a JSON parser reports in order, guided by the value's `Type`. It knows no
/// parser and never stops one: what does not fit becomes a fault and is skipped, so that all faults are found. The
/// parser guarantees well-formed nesting, at most 32 deep.
class Reader final {
public:
    /// `out` and `unknown` (may be null) outlive the reader.
    Reader(const Type& type, void* out, Reading reading, std::string* unknown);

    void null();
    void boolean(bool value);
    void integer(std::int64_t value, std::string_view digits);
    void other_number(std::string_view digits); ///< A fraction, an exponent, or more than 64 bits.
    void string(std::string_view value);
    void key(std::string_view key);
    void begin_object();
    void end_object();
    void begin_array();
    void end_array();

    /// The faults in the order in which they were met, at most 64.
    [[nodiscard]] std::vector<FieldError> take_errors() { return std::move(errors_); }

private:
    /// Where the next value goes. Without a type it is skipped.
    struct Slot {
        const Type* type = nullptr;
        void* target = nullptr;
    };

    /// One object, map or list that has begun and not yet ended.
    struct Frame {
        const Type* type;
        void* target;
        bool in_list; ///< This or an outer frame is an element of a list.
        std::size_t errors_before;
        Slot next{};            ///< Objects and maps: set by the key.
        std::uint64_t seen = 0; ///< Objects: one bit per field.
        std::size_t index =
            0; ///< Objects: the field of the last key. Lists and maps: elements so far.
        std::string map_key{};
    };

    enum class Capture { none, json, unknown };

    [[nodiscard]] bool enforces() const { return reading_ != Reading::tolerant; }

    Slot take_slot();
    Slot append_element(Frame& list);
    static Slot unwrap(Slot slot);
    template <class Put> void scalar(std::string_view raw, bool quoted, Put put);
    void begin(Kind wanted, char bracket, std::string_view got);
    void push(Slot slot);

    void object_key(Frame& frame, std::string_view key);
    void known_field(Frame& frame, std::size_t index);
    void unknown_field(Frame& frame, std::string_view key);
    void map_key(Frame& frame, std::string_view key);
    void finish_object(const Frame& frame);
    void report_missing(const Frame& frame);
    void report_checks(const Frame& frame);
    void finish_count(std::size_t count, std::size_t min);

    bool captures(std::string_view raw, bool quoted);
    void capture_begin(char bracket);
    void capture_end(char bracket);
    void capture_key(std::string_view key);
    void finish_capture();

    [[nodiscard]] std::string pointer(std::size_t frames) const;
    void add_fault(std::string pointer, Fault fault);
    void fault_here(Fault fault); ///< At the value that is being read.
    void fault_at_member(
        std::string_view name, Fault fault
    ); ///< At a member of the innermost frame.

    Slot root_;
    Reading reading_;
    std::string* unknown_;
    std::vector<Frame> frames_;
    std::size_t skipped_depth_ = 0;
    std::vector<FieldError> errors_;

    Capture capture_ = Capture::none;
    RawText raw_;
    Json* json_ = nullptr;
    std::vector<std::set<std::string, std::less<>>>
        raw_keys_; ///< Per open object of what is captured; strict only.
};

} // namespace backline::schema
