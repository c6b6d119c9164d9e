#include "adapters/mongo/outbox.hpp"

#include "adapters/mongo/reads.hpp"
#include "platform/base/invariant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace backline::mongo {

using store::Store;

namespace {

constexpr std::size_t pulls_max = 500; ///< Documents of one command, which has a deadline.
constexpr std::size_t documents_max = 256;
constexpr Duration retries_after{1000};
constexpr Duration looks_every{100}; ///< Whether it is time to stop.

/// Takes events out of one document.
Bson pull_statement(const std::string& document, const std::vector<std::string>& event_ids) {
    List ids;
    for (const std::string& id : event_ids) ids.text(id);
    Bson among;
    among.list("$in", ids);
    Bson event;
    event.document("id", among);
    Bson outbox;
    outbox.document("outbox", event);
    Bson pull;
    pull.document("$pull", outbox);
    Bson filter;
    filter.text("_id", document);
    Bson statement;
    statement.document("q", filter).document("u", pull);
    return statement;
}

} // namespace

Origin origin_of(const std::string& event_id) {
    const std::size_t first = event_id.find('/');
    const std::size_t last = event_id.rfind('/');
    if (first == std::string::npos || first == last) return {};
    return {event_id.substr(0, first), event_id.substr(first + 1, last - first - 1)};
}

std::string place_text(const Place& place) {
    return fmt::format("{}/{}/{}", place.collection, place.sequence, place.document);
}

Place place_of(const std::string& text) {
    const std::size_t first = text.find('/');
    const std::size_t second = text.find('/', first + 1);
    INVARIANT(
        first != std::string::npos && second != std::string::npos, "a place comes from `pending`"
    );
    Place place{text.substr(0, first), 0, text.substr(second + 1)};
    const char* digits = text.data() + first + 1;
    const auto [end, error] = std::from_chars(digits, text.data() + second, place.sequence);
    INVARIANT(error == std::errc{} && end == text.data() + second, "a place comes from `pending`");
    return place;
}

// --- what waits -----------------------------------------------------------------------------------------------------

/// One call of `pending`: from collection to collection, from document to document, until it has enough.
class Outbox::Walk final {
public:
    Walk(Outbox& outbox, std::size_t limit) : outbox_(outbox), limit_(limit) { ++outbox_.walks_; }

    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    ~Walk() {
        if (--outbox_.walks_ == 0) outbox_.forget_pulled();
    }

    Task<std::vector<Store::Pending>> run(std::string after) {
        Place place;
        if (!after.empty()) place = place_of(after);
        auto at = outbox_.collections_.lower_bound(place.collection);
        for (; at != outbox_.collections_.end() && missing() > 0; ++at) {
            if (at->first != place.collection) place = {at->first};
            co_await collect(at->second, place);
        }
        co_return std::move(found_);
    }

private:
    [[nodiscard]] std::size_t missing() const { return limit_ - found_.size(); }

    Task<> collect(const Layout& layout, Place place) {
        for (bool more = true; more && missing() > 0;) {
            const std::size_t limit = std::min(missing() + 1, documents_max);
            const auto read = [&](Session& session) {
                return read_outbox(session, layout, place.document, limit);
            };
            std::vector<Waiting> documents = co_await outbox_.workshop_.ask(read);
            more = documents.size() == limit;
            for (Waiting& waiting : documents) take(waiting, place);
        }
    }

    /// What does not fit on the page comes with the next one.
    void take(Waiting& waiting, Place& place) {
        if (missing() == 0) return;
        const bool goes_on = waiting.id == place.document;
        if (!goes_on) place = {place.collection, 0, waiting.id};
        for (store::EventRecord& event : waiting.events) {
            if (missing() == 0) return;
            if (event.sequence <= place.sequence) continue;
            place.sequence = event.sequence;
            if (outbox_.settled_.contains(event.id)) continue;
            found_.push_back({place_text(place), std::move(event)});
        }
    }

    Outbox& outbox_;
    std::size_t limit_;
    std::vector<Store::Pending> found_;
};

Task<std::vector<Store::Pending>> Outbox::pending(std::string after, std::size_t limit) {
    for (;;) {
        Walk walk(*this, limit);
        std::vector<Store::Pending> found = co_await walk.run(std::move(after));
        if (found.empty()) co_return found;
        after = found.back().place;
        // What was settled while the walk went on.
        std::erase_if(found, [this](const auto& one) { return settled_.contains(one.event.id); });
        if (!found.empty()) co_return found;
    }
}

// --- what is to be taken out ----------------------------------------------------------------------------------------

void Outbox::settle(std::vector<std::string> event_ids) {
    for (const std::string& id : event_ids) {
        if (!collections_.contains(origin_of(id).collection)) continue;
        if (!settled_.insert(id).second) continue;
        --change_;
        add_pull(id);
    }
}

void Outbox::add_pull(const std::string& event_id) {
    const Origin origin = origin_of(event_id);
    to_pull_[origin.collection][origin.document].push_back(event_id);
    if (!pulling_) tasks_.spawn(pull_until_done());
}

std::vector<std::string> Outbox::take_settled(
    const std::string& collection, const std::string& document
) {
    const auto pulls = to_pull_.find(collection);
    if (pulls == to_pull_.end()) return {};
    auto taken = pulls->second.extract(document);
    if (pulls->second.empty()) to_pull_.erase(pulls);
    return taken.empty() ? std::vector<std::string>{} : std::move(taken.mapped());
}

/// Events are passed over for as long as somebody may have read them before they left.
void Outbox::left(const std::vector<std::string>& event_ids) {
    pulled_.insert(pulled_.end(), event_ids.begin(), event_ids.end());
    if (walks_ == 0) forget_pulled();
}

void Outbox::stayed(const std::vector<std::string>& event_ids) {
    for (const std::string& id : event_ids) add_pull(id);
}

/// While one batch is on its way, the next one gathers.
Task<> Outbox::pull_until_done() {
    pulling_ = true;
    bool crowded = false;
    while (!to_pull_.empty()) {
        if (!crowded) co_await gather();
        const Round round = co_await pull_in_turn();
        crowded = round.crowded;
        if (round.pulled) continue;
        if (stopping_) break;
        co_await sleep_for(workshop_.loop(), retries_after);
    }
    pulling_ = false;
}

Task<> Outbox::gather() {
    Runtime& loop = workshop_.loop();
    const Monotonic end = loop.now().monotonic + workshop_.settings().gathers_for;
    while (!stopping_ && loop.now().monotonic < end) {
        co_await sleep_until(loop, std::min(end, loop.now().monotonic + looks_every));
    }
}

/// One command for each collection. What cannot be pulled stays, and the relay of another process may send it again.
Task<Outbox::Round> Outbox::pull_in_turn() {
    Round round;
    for (std::size_t left_over = to_pull_.size(); left_over > 0 && !to_pull_.empty(); --left_over) {
        const auto [collection, pulls] = next_pulls();
        bool gone = true;
        try {
            co_await pull(collections_.at(collection), pulls);
        } catch (const Unavailable&) {
            round.pulled = gone = false;
        }
        round.crowded = round.crowded || pulls.size() == pulls_max;
        for (const auto& [document, event_ids] : pulls) {
            if (gone) {
                left(event_ids);
            } else {
                stayed(event_ids);
            }
        }
    }
    co_return round;
}

/// Of the collection whose turn it is, as many as one command shall have.
std::pair<std::string, Outbox::Pulls> Outbox::next_pulls() {
    auto turn = to_pull_.upper_bound(had_its_turn_);
    if (turn == to_pull_.end()) turn = to_pull_.begin();
    had_its_turn_ = turn->first;
    Pulls& all = turn->second;
    Pulls next;
    while (!all.empty() && next.size() < pulls_max) next.insert(all.extract(all.begin()));
    if (all.empty()) to_pull_.erase(turn);
    return {had_its_turn_, std::move(next)};
}

Task<> Outbox::pull(const Layout& layout, const Pulls& pulls) {
    List statements;
    for (const auto& [document, event_ids] : pulls) {
        statements.document(pull_statement(document, event_ids));
    }
    const auto work = [&](Session& session) {
        Bson command;
        command.text("update", layout.collection())
            .list("updates", statements)
            .flag("ordered", false);
        const Duration time = workshop_.settings().runs_within;
        return session.write(layout.database(), within(std::move(command), time));
    };
    const Bson reply = co_await workshop_.ask(work);
    if (View(reply).has("writeErrors")) {
        throw Unavailable(Unavailable::Outcome::unknown, "settled events were not all removed");
    }
}

void Outbox::forget_pulled() {
    for (const std::string& id : pulled_) settled_.erase(id);
    pulled_.clear();
}

Task<> Outbox::stop() {
    stopping_ = true;
    co_await tasks_.join();
}

// --- how much waits -------------------------------------------------------------------------------------------------

std::size_t Outbox::backlog() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, counted_ + change_));
}

void Outbox::tell(const std::string& collection, const OutboxCount& count) {
    const auto& listener = workshop_.settings().on_counted;
    if (listener) listener({collection, count.most_events, count.most_bytes});
}

Task<> Outbox::count() {
    const std::int64_t before = change_;
    const auto settled = static_cast<std::int64_t>(settled_.size());
    std::int64_t counted = 0;
    for (const auto& [name, layout] : collections_) {
        const Layout& counts = layout;
        const auto work = [&counts](Session& session) { return count_outbox(session, counts); };
        const OutboxCount count = co_await workshop_.ask(work);
        counted += count.events;
        tell(name, count);
    }
    counted_ = counted - settled;
    change_ -= before;
}

} // namespace backline::mongo
