// At stake: what becomes of a payment when news come early, late, twice or in an order that nobody thought of.
// Tested by walking the whole table: every status times everything that can come in.
#include "platform/base/type.hpp"
#include "services/payments/payments/model/transitions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace backline::payments {

namespace {

using enum PaymentStatus;

bool one_of(PaymentStatus status, std::initializer_list<PaymentStatus> allowed) {
    return std::ranges::find(allowed, status) != allowed.end();
}

template <class E> std::string name(E value) {
    return std::string(enum_name(*type_of<E>().enumeration, &value));
}

/// A row as a person would say it, for messages.
std::string said(const Transition& row) {
    return name(row.from) + " + " + name(row.incoming);
}

/// The table as Mermaid draws it: one arrow per pair of statuses, what leads along it as its label.
std::string diagram() {
    std::map<std::pair<PaymentStatus, PaymentStatus>, std::string> arrows;
    for (const Transition& row : transitions()) {
        if (row.from == row.to) continue;
        std::string& label = arrows[{row.from, row.to}];
        label += (label.empty() ? "" : ", ") + name(row.incoming);
    }
    std::string text = "stateDiagram-v2\n    [*] --> authorising : authorise_asked\n"
                       "    [*] --> closed : close_asked\n";
    for (const auto& [pair, label] : arrows) {
        text += "    " + name(pair.first) + " --> " + name(pair.second) + " : " + label + "\n";
    }
    return text;
}

} // namespace

TEST(Transitions, have_one_row_for_every_status_and_everything_that_comes_in) {
    std::set<std::pair<PaymentStatus, Incoming>> pairs;
    for (const Transition& row : transitions()) pairs.insert({row.from, row.incoming});
    const std::size_t statuses = type_of<PaymentStatus>().enumeration->entries.size();
    const std::size_t incomings = type_of<Incoming>().enumeration->entries.size();
    EXPECT_EQ(pairs.size(), statuses * incomings);
    EXPECT_EQ(transitions().size(), pairs.size());
}

TEST(Transitions, never_charge_again_once_a_payment_closes) {
    for (const Transition& row : transitions()) {
        if (!one_of(row.from, {closing, closed})) continue;
        EXPECT_TRUE(one_of(row.to, {closing, closed})) << said(row);
    }
}

TEST(Transitions, close_whatever_is_asked_to_close) {
    for (const Transition& row : transitions()) {
        if (row.incoming != Incoming::close_asked) continue;
        EXPECT_TRUE(one_of(row.to, {closing, closed, needs_attention})) << said(row);
        EXPECT_EQ(row.answer == Answer::closed, row.to == closed) << said(row);
    }
}

TEST(Transitions, give_back_what_is_taken_after_a_no) {
    for (const Transition& row : transitions()) {
        const bool money = row.incoming == Incoming::provider_authorised ||
                           row.incoming == Incoming::provider_captured;
        if (!money || !one_of(row.from, {declined, closed})) continue;
        EXPECT_EQ(row.to, closing) << said(row);
    }
}

TEST(Transitions, end_nothing_while_the_outcome_is_unknown) {
    for (const Transition& row : transitions()) {
        const bool unknown = row.incoming == Incoming::provider_created ||
                             row.incoming == Incoming::provider_processing;
        if (!unknown) continue;
        EXPECT_EQ(row.to, row.from) << said(row);
        EXPECT_EQ(row.answer, Answer::nothing) << said(row);
    }
}

TEST(Transitions, answer_what_is_true_of_the_new_status) {
    for (const Transition& row : transitions()) {
        switch (row.answer) {
        case Answer::nothing:
            break;
        case Answer::authorised:
            EXPECT_TRUE(one_of(row.to, {authorised, capturing, captured})) << said(row);
            break;
        case Answer::declined:
            EXPECT_TRUE(one_of(row.to, {declined, closed})) << said(row);
            break;
        case Answer::captured:
            EXPECT_EQ(row.to, captured) << said(row);
            break;
        case Answer::capture_refused:
            EXPECT_TRUE(one_of(row.to, {declined, closed})) << said(row);
            break;
        case Answer::closed:
            EXPECT_EQ(row.to, closed) << said(row);
            break;
        }
    }
}

TEST(Transitions, are_what_the_readme_draws) {
    const auto here = std::filesystem::path(__FILE__).parent_path();
    std::ifstream file(here / "../../README.md");
    const std::string readme(std::istreambuf_iterator<char>(file), {});
    EXPECT_NE(readme.find(diagram()), std::string::npos) << "the README should hold\n" << diagram();
}

TEST(Transitions, leave_what_waits_for_a_person_alone) {
    for (const Transition& row : transitions()) {
        if (row.from != needs_attention) continue;
        EXPECT_EQ(row.to, needs_attention) << said(row);
        EXPECT_EQ(row.answer, Answer::nothing) << said(row);
    }
}

} // namespace backline::payments
