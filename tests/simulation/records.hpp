#pragma once

#include "adapters/memory/memory_disk.hpp"
#include "platform/base/problem.hpp"
#include "platform/http/message.hpp"
#include "platform/schema/json.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace backline::simulation {

/// What an answer holds. Throws if it is a refusal.
template <class T> T read(const http::Response& response) {
    if (response.status >= 300) throw std::runtime_error("unexpected: " + response.body);
    return unwrap(schema::read<T>(response.body, schema::Reading::tolerant));
}

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
