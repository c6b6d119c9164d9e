#include "adapters/rabbitmq/handlers.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace backline::rabbitmq {

void Handlers::Try::end(std::exception_ptr with) {
    if (over) return;
    over = true;
    failure = std::move(with);
    ended.notify();
}

Task<std::exception_ptr> Handlers::run(Member& member, bus::EventRecord event) {
    const auto tried = std::make_shared<Try>(runtime_, runtime_.now().monotonic + within_);
    const auto place = tries_.insert(tries_.end(), tried);
    tasks_.spawn(handle(member, std::move(event), tried));
    while (!tried->over) co_await tried->ended;
    tries_.erase(place);
    co_return tried->failure;
}

Task<> Handlers::handle(Member& member, bus::EventRecord event, std::shared_ptr<Try> tried) {
    std::exception_ptr failure = co_await hand_over(member, std::move(event));
    member.permits.give_back();
    tried->end(std::move(failure));
}

void Handlers::give_up_late() {
    const Monotonic now = runtime_.now().monotonic;
    for (const std::shared_ptr<Try>& tried : tries_) {
        if (tried->until > now) return;
        const std::runtime_error late(fmt::format("not handled within {} ms", within_.count()));
        tried->end(std::make_exception_ptr(late));
    }
}

} // namespace backline::rabbitmq
