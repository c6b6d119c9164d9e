#pragma once

#include <stdexcept>

namespace backline::mongo {

/// The configuration, the server or a collection cannot be used as it is. The text is one sentence for the person who
/// started the program, which ends with it.
class Unusable final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace backline::mongo
