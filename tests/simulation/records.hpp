#pragma once

#include "adapters/memory/memory_disk.hpp"
#include "platform/base/problem.hpp"
#include "platform/schema/json.hpp"

#include <map>
#include <string>
#include <vector>

namespace backline::simulation {

/// All documents of a collection, decoded, by id.
template <class T>
std::map<std::string, T> documents(const memory::MemoryDisk& disk, const std::string& collection) {
    std::map<std::string, T> all;
    for (const store::Stored& stored : disk.all(collection)) {
        all.emplace(stored.id, unwrap(schema::read<T>(stored.body, schema::Reading::tolerant)));
    }
    return all;
}

/// The whole log of one document, decoded.
template <class Entry> std::vector<Entry> entries(
    const memory::MemoryDisk& disk, const store::CollectionSpec& spec, const std::string& id
) {
    std::vector<Entry> all;
    for (const store::LogEntry& entry : disk.log(spec, id, 0, 1'000'000)) {
        all.push_back(unwrap(schema::read<Entry>(entry.body, schema::Reading::tolerant)));
    }
    return all;
}

} // namespace backline::simulation
