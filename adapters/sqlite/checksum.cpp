#include "adapters/sqlite/checksum.hpp"

#include <xxhash.h>

namespace backline::sqlite {

namespace {

/// Each field is hashed with the hash of those before it as seed, so that bytes cannot move between fields.
class Digest final {
public:
    Digest& add(std::string_view text) {
        hash_ = XXH3_64bits_withSeed(text.data(), text.size(), hash_);
        return *this;
    }

    Digest& add(std::int64_t number) {
        hash_ = XXH3_64bits_withSeed(&number, sizeof number, hash_);
        return *this;
    }

    [[nodiscard]] std::int64_t value() const { return static_cast<std::int64_t>(hash_); }

private:
    std::uint64_t hash_ = 0;
};

} // namespace

std::int64_t checksum(const store::Stored& document) {
    return Digest()
        .add(document.id)
        .add(document.version)
        .add(document.events)
        .add(document.entries)
        .add(std::int64_t{document.schema})
        .add(document.body)
        .value();
}

std::int64_t checksum(const store::LogEntry& entry) {
    return Digest().add(entry.aggregate).add(entry.number).add(entry.type).add(entry.body).value();
}

std::int64_t checksum(const store::EventRecord& event) {
    return Digest()
        .add(event.id)
        .add(event.source)
        .add(event.type)
        .add(event.subject)
        .add(event.epoch)
        .add(event.sequence)
        .add(std::int64_t{event.time.time_since_epoch().count()})
        .add(event.traceparent)
        .add(event.data)
        .value();
}

} // namespace backline::sqlite
