#pragma once

#include "platform/async/runtime.hpp"
#include "platform/async/wait.hpp"
#include "platform/http/message.hpp"
#include "platform/http/reply.hpp"

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace backline::http {

/// What a handler made: its reply, and the headers that it set.
struct Handled {
    Reply reply;
    Headers headers{};
};

/// A page that may be kept is made once, however many ask in the moment in which it is no longer fresh: they wait for
/// it and share what it comes to, an exception too. Whoever asks when what it is made from has changed since that began
/// has it made anew, beside it. Loop thread only; outlives whoever asks.
class SingleFlight final {
public:
    using Make = std::function<Task<Handled>()>;

    explicit SingleFlight(Runtime& runtime) : runtime_(runtime) {}

    /// `key` says which page; `fresh` is of now, before anything is read.
    Task<Handled> make(std::string key, Freshness fresh, Make make);

private:
    struct Flight {
        Flight(Runtime& runtime, Freshness begun) : landed(runtime), fresh(begun) {}

        Signal landed;
        Freshness fresh;
        std::optional<Handled> made{};
        std::exception_ptr failure{};
    };

    Task<> lead(const std::string& key, const Make& make, std::shared_ptr<Flight> flight);

    Runtime& runtime_;
    std::map<std::string, std::shared_ptr<Flight>> under_way_;
};

/// The same text for requests that ask for the same page, and for no others: no part of a request holds a line break.
[[nodiscard]] std::string page_named(const Request& request);

} // namespace backline::http
