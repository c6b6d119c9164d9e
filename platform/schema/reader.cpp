#include "platform/schema/reader.hpp"

#include "platform/base/utf8.hpp"
#include "platform/schema/pointer.hpp"
#include "platform/schema/scalar.hpp"

#include <algorithm>

namespace backline::schema {
namespace {

void* at(void* base, std::size_t bytes) {
    return static_cast<std::byte*>(base) + bytes;
}

bool is_digits(std::string_view number) {
    return std::ranges::all_of(number, [](char each) {
        return each == '-' || (each >= '0' && each <= '9');
    });
}

} // namespace

Reader::Reader(const Type& type, void* out, Reading reading, std::string* unknown)
    : root_{&type, out}
    , reading_(reading)
    , unknown_(unknown) {
    frames_.reserve(8);
}

// --- where values go ------------------------------------------------------------------------------------------------

Reader::Slot Reader::take_slot() {
    if (frames_.empty()) return root_;
    Frame& frame = frames_.back();
    return frame.type->kind == Kind::list ? append_element(frame) : frame.next;
}

Reader::Slot Reader::append_element(Frame& list) {
    const ListOps& ops = *list.type->list;
    ++list.index;
    if (enforces() && list.index > ops.max_items) {
        if (list.index == ops.max_items + 1) {
            add_fault(pointer(frames_.size() - 1), too_many_fault(ops.max_items));
        }
        return {};
    }
    return {&ops.element(), ops.append(list.target)};
}

Reader::Slot Reader::unwrap(Slot slot) {
    while (slot.type->wrap != nullptr) {
        slot = {&slot.type->wrap->inner(), slot.type->wrap->emplace(slot.target)};
    }
    return slot;
}

template <class Put> void Reader::scalar(std::string_view raw, bool quoted, Put put) {
    if (captures(raw, quoted) || skipped_depth_ > 0) return;
    Slot slot = take_slot();
    if (slot.type == nullptr) return;
    slot = unwrap(slot);
    if (slot.type->kind == Kind::json) {
        json_ = static_cast<Json*>(slot.target);
        capture_ = Capture::json;
        captures(raw, quoted);
        return;
    }
    if (std::optional<Fault> wrong = put(*slot.type, slot.target)) fault_here(*std::move(wrong));
}

void Reader::boolean(bool value) {
    scalar(value ? "true" : "false", false, [&](const Type& type, void* target) {
        return put_boolean(type, target, value);
    });
}

void Reader::integer(std::int64_t value, std::string_view digits) {
    scalar(digits, false, [&](const Type& type, void* target) {
        return put_integer(type, target, value, enforces());
    });
}

void Reader::other_number(std::string_view digits) {
    scalar(digits, false, [&](const Type& type, void*) -> std::optional<Fault> {
        if (type.kind != Kind::integer) return wrong_type_fault(type, "a number");
        if (is_digits(digits)) return range_fault(*type.integer);
        return wrong_type_fault(type, "a number with a fraction or an exponent");
    });
}

void Reader::string(std::string_view value) {
    scalar(value, true, [&](const Type& type, void* target) {
        return put_text(type, target, value, enforces());
    });
}

// A strict reader takes null for a patch only, and for an optional that is no field and could not be left out.
void Reader::null() {
    if (captures("null", false) || skipped_depth_ > 0) return;
    const Slot slot = take_slot();
    if (slot.type == nullptr) return;
    const Kind kind = slot.type->kind;
    if (kind == Kind::json) {
        static_cast<Json*>(slot.target)->text = "null";
        return;
    }
    const bool is_field = !frames_.empty() && frames_.back().type->kind == Kind::object;
    const bool may_be_null =
        kind == Kind::patch || (kind == Kind::optional && !(enforces() && is_field));
    if (may_be_null) {
        slot.type->wrap->set_null(slot.target);
    } else if (kind == Kind::optional) {
        fault_here({"null_not_allowed", "must not be null; leave it out instead"});
    } else if (enforces()) {
        fault_here({"null_not_allowed", "must not be null"});
    }
}

// --- objects, maps and lists ----------------------------------------------------------------------------------------

void Reader::begin_object() {
    begin(Kind::object, '{', "an object");
}

void Reader::begin_array() {
    begin(Kind::list, '[', "an array");
}

void Reader::begin(Kind wanted, char bracket, std::string_view got) {
    if (capture_ != Capture::none) return capture_begin(bracket);
    if (skipped_depth_ > 0) {
        ++skipped_depth_;
        return;
    }
    Slot slot = take_slot();
    if (slot.type != nullptr) slot = unwrap(slot);
    if (slot.type != nullptr && slot.type->kind == Kind::json) {
        json_ = static_cast<Json*>(slot.target);
        capture_ = Capture::json;
        return capture_begin(bracket);
    }
    const bool fits =
        slot.type != nullptr &&
        (slot.type->kind == wanted || (slot.type->kind == Kind::map && wanted == Kind::object));
    if (fits) return push(slot);
    if (slot.type != nullptr) fault_here(wrong_type_fault(*slot.type, got));
    skipped_depth_ = 1;
}

void Reader::push(Slot slot) {
    if (slot.type->kind == Kind::list) slot.type->list->clear(slot.target);
    if (slot.type->kind == Kind::map) slot.type->map->clear(slot.target);
    const bool in_list =
        !frames_.empty() && (frames_.back().in_list || frames_.back().type->kind == Kind::list);
    frames_.push_back(Frame{
        .type = slot.type,
        .target = slot.target,
        .in_list = in_list,
        .errors_before = errors_.size()
    });
}

void Reader::key(std::string_view key) {
    if (capture_ != Capture::none) return capture_key(key);
    if (skipped_depth_ > 0) return;
    Frame& frame = frames_.back();
    if (frame.type->kind == Kind::map) return map_key(frame, key);
    object_key(frame, key);
}

// Fields mostly arrive in the order of their description, so the search begins after the last one.
void Reader::object_key(Frame& frame, std::string_view key) {
    const std::span<const Field> fields = frame.type->object->fields;
    const std::size_t start = frame.seen == 0 ? 0 : frame.index + 1;
    for (std::size_t step = 0; step < fields.size(); ++step) {
        const std::size_t index = (start + step) % fields.size();
        if (fields[index].name == key) return known_field(frame, index);
    }
    unknown_field(frame, key);
}

void Reader::known_field(Frame& frame, std::size_t index) {
    const Field& field = frame.type->object->fields[index];
    const std::uint64_t bit = std::uint64_t{1} << index;
    const bool again = (frame.seen & bit) != 0;
    frame.seen |= bit;
    frame.index = index;
    frame.next = {&field.type(), at(frame.target, field.offset)};
    if (again && enforces()) {
        frame.next = {};
        fault_at_member(field.name, {"duplicate_key", "is there twice"});
    }
}

void Reader::unknown_field(Frame& frame, std::string_view key) {
    frame.next = {};
    if (enforces()) return fault_at_member(key, unknown_field_fault(*frame.type->object));
    if (unknown_ == nullptr || frame.in_list) return;
    capture_ = Capture::unknown;
    raw_.key(key);
}

void Reader::map_key(Frame& frame, std::string_view key) {
    const MapOps& ops = *frame.type->map;
    frame.next = {};
    frame.map_key = key;
    if (enforces() && code_points(key).value_or(0) > map_key_length_max) {
        return fault_here({"too_long", "the key must have at most 256 characters"});
    }
    if (enforces() && ++frame.index > ops.max_items) {
        if (frame.index == ops.max_items + 1) {
            add_fault(pointer(frames_.size() - 1), too_many_fault(ops.max_items));
        }
        return;
    }
    void* const value = ops.insert(frame.target, key);
    if (value == nullptr) return fault_here({"duplicate_key", "is there twice"});
    frame.next = {&ops.element(), value};
}

void Reader::end_object() {
    if (capture_ != Capture::none) return capture_end('}');
    if (skipped_depth_ > 0) {
        --skipped_depth_;
        return;
    }
    if (frames_.back().type->kind == Kind::object && enforces()) finish_object(frames_.back());
    frames_.pop_back();
}

void Reader::end_array() {
    if (capture_ != Capture::none) return capture_end(']');
    if (skipped_depth_ > 0) {
        --skipped_depth_;
        return;
    }
    const std::size_t min = frames_.back().type->list->min_items;
    const bool too_few = enforces() && frames_.back().index < min;
    frames_.pop_back();
    if (too_few) fault_here(too_few_fault(min));
}

void Reader::finish_object(const Frame& frame) {
    if (reading_ == Reading::strict) report_missing(frame);
    if (errors_.size() == frame.errors_before) report_checks(frame);
}

void Reader::report_missing(const Frame& frame) {
    const std::span<const Field> fields = frame.type->object->fields;
    for (std::size_t index = 0; index < fields.size(); ++index) {
        const bool there = ((frame.seen >> index) & 1) != 0;
        if (!there && fields[index].required) {
            fault_at_member(fields[index].name, {"missing", "is required"});
        }
    }
}

void Reader::report_checks(const Frame& frame) {
    if (frame.type->object->check == nullptr) return;
    const std::string base = pointer(frames_.size() - 1);
    for (FieldError& error : frame.type->object->check(frame.target)) {
        if (errors_.size() >= errors_max) return;
        if (error.pointer.starts_with('#')) error.pointer.replace(0, 1, base);
        errors_.push_back(std::move(error));
    }
}

// --- what is kept as it is ------------------------------------------------------------------------------------------

bool Reader::captures(std::string_view raw, bool quoted) {
    if (capture_ == Capture::none) return false;
    if (quoted) {
        raw_.string(raw);
    } else {
        raw_.literal(raw);
    }
    if (raw_.depth() == 0) finish_capture();
    return true;
}

void Reader::capture_begin(char bracket) {
    raw_.begin(bracket);
    if (enforces() && bracket == '{') raw_keys_.emplace_back();
}

void Reader::capture_end(char bracket) {
    raw_.end(bracket);
    if (enforces() && bracket == '}') raw_keys_.pop_back();
    if (raw_.depth() == 0) finish_capture();
}

void Reader::capture_key(std::string_view key) {
    raw_.key(key);
    if (!enforces()) return;
    const bool fresh = raw_keys_.back().emplace(key).second;
    if (!fresh) fault_here({"duplicate_key", "holds a key twice"});
}

void Reader::finish_capture() {
    if (capture_ == Capture::json) {
        json_->text = raw_.take();
    } else {
        add_unknown(*unknown_, pointer(frames_.size() - 1), raw_.take());
    }
    capture_ = Capture::none;
}

// --- faults ---------------------------------------------------------------------------------------------------------

// The value that is being read inside the first `frames` frames: with all of them the current one, with one less the
// innermost frame itself.
std::string Reader::pointer(std::size_t frames) const {
    std::string text = "#";
    for (std::size_t index = 0; index < frames; ++index) {
        const Frame& frame = frames_[index];
        if (frame.type->list != nullptr) {
            append_step(text, frame.index - 1);
        } else if (frame.type->map != nullptr) {
            append_step(text, frame.map_key);
        } else {
            append_step(text, frame.type->object->fields[frame.index].name);
        }
    }
    return text;
}

void Reader::add_fault(std::string pointer, Fault fault) {
    if (errors_.size() >= errors_max) return;
    errors_.push_back({std::move(pointer), std::string(fault.code), std::move(fault.detail)});
}

void Reader::fault_here(Fault fault) {
    add_fault(pointer(frames_.size()), std::move(fault));
}

void Reader::fault_at_member(std::string_view name, Fault fault) {
    std::string where = pointer(frames_.size() - 1);
    append_step(where, name);
    add_fault(std::move(where), std::move(fault));
}

} // namespace backline::schema
