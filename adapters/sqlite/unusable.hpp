#pragma once

#include <stdexcept>

namespace backline::sqlite {

/// The data directory, the file in it or a collection of it cannot be used as it is. The text is one sentence for the
/// person who started the program, which ends with it.
class Unusable final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace backline::sqlite
