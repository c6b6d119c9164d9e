#pragma once

#include "platform/base/change.hpp"

#include <tuple>
#include <utility>

namespace backline {

/// What a state event does to the copy that a consumer keeps of it: the newest `(epoch, sequence)` wins, whatever came
/// late or twice changes nothing. `T` has both numbers as fields, from the event that it was made of.
template <class T> [[nodiscard]] Change<T> keep_newest(const T* known, T news) {
    const bool newer = known == nullptr || std::tie(known->epoch, known->sequence) <
                                               std::tie(news.epoch, news.sequence);
    return newer ? Change<T>::to(std::move(news)) : Change<T>::nothing();
}

} // namespace backline
