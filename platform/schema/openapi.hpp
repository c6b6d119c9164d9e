#pragma once

#include "platform/base/type.hpp"

#include <map>
#include <string>
#include <string_view>

namespace backline::schema {

/// The part of an OpenAPI 3.1 document that describes types: `components/schemas`. Walk over everything that crosses
/// HTTP, ask `use` for each, then put `json` into the document.
///
/// A schema says exactly what a strict reader accepts: limits in code points, `required`, and no further properties.
class Components final {
public:
    /// The schema to write where a value of `type` stands: a `$ref` for objects and enumerations, otherwise the schema
    /// itself. Remembers every object and enumeration that it leads to. Two types with one name break an invariant.
    [[nodiscard]] std::string use(const Type& type);

    /// `{"Money":{...},...}`, sorted by name.
    [[nodiscard]] std::string json() const;

private:
    friend class SchemaWriter;

    struct Component {
        const Type* type;
        std::string schema{};
    };

    std::map<std::string_view, Component> components_;
};

/// The JSON Schema (2020-12) of one type by itself, with everything that it refers to under `$defs`: for a reference
/// page, an event or a configuration.
[[nodiscard]] std::string schema_json(const Type& type);

} // namespace backline::schema
