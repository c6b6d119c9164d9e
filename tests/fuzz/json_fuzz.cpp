// At stake: strangers choose every byte that the reader sees.
// Any bytes go through both readers; what is accepted must be written and read back as the same value.
#include "platform/base/equal.hpp"
#include "platform/base/invariant.hpp"
#include "platform/schema/json.hpp"
#include "platform/schema/sample_test.hpp"

namespace backline::schema {
namespace {

void survives_strictly(std::string_view bytes) {
    const Result<sample::Order> order = read<sample::Order>(bytes);
    if (!order) return;
    std::string text;
    write_stored(type_of<sample::Order>(), &*order, {}, text);
    const Result<sample::Order> again = read<sample::Order>(text);
    INVARIANT(again.has_value(), "what was accepted is accepted again");
    INVARIANT(equal(type_of<sample::Order>(), &*order, &*again), "and is the same value");
}

void survives_storage(std::string_view bytes) {
    sample::Order order;
    std::string unknown;
    if (!read_stored(type_of<sample::Order>(), &order, bytes, unknown)) return;
    std::string text;
    write_stored(type_of<sample::Order>(), &order, unknown, text);
    sample::Order again;
    std::string unknown_again;
    const Result<void> done = read_stored(type_of<sample::Order>(), &again, text, unknown_again);
    INVARIANT(done.has_value(), "what was stored can be loaded");
    INVARIANT(equal(type_of<sample::Order>(), &order, &again), "and is the same value");
    std::string text_again;
    write_stored(type_of<sample::Order>(), &again, unknown_again, text_again);
    INVARIANT(text == text_again, "with the same unknown members");
}

} // namespace
} // namespace backline::schema

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string bytes(data, data + size);
    backline::schema::survives_strictly(bytes);
    backline::schema::survives_storage(bytes);
    return 0;
}
