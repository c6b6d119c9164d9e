#pragma once

#include <stdexcept>

namespace backline::rabbitmq {

/// The connection cannot be used any more, or could not be made: one sentence for an operator, without secrets. Every
/// trouble ends in a new connection after a pause. Never leaves the adapter: callers see `Unavailable`.
class Trouble final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace backline::rabbitmq
