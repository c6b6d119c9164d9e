#pragma once

#include "platform/base/time.hpp"

#include <boost/describe/class.hpp>

#include <string_view>

namespace backline::payments {

/// Every knob of the Payment Service. Durations are in milliseconds.
struct Config {
    static constexpr std::string_view schema_name = "PaymentsConfig";

    /// The pause before a call whose outcome is unknown is asked for again; doubled by every further try.
    Duration retry_first_for{1'000};

    /// The longest such pause. A provider that comes back is asked at most this much later.
    Duration retry_longest_for{15'000};

    /// When somebody else takes up work that whoever began it has not finished: longer than any call may take.
    Duration takeover_for{30'000};

    /// How often the service looks for payments that are due, and for what the provider gave notice of.
    Duration look_every{500};
};
BOOST_DESCRIBE_STRUCT(Config, (), (retry_first_for, retry_longest_for, takeover_for, look_every))

} // namespace backline::payments
