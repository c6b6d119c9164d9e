// At stake: whoever runs the shop sees it only through these lines; a line that is not JSON is lost.
// How: values that fight back, and a file that is read again.
#include "platform/observe/log.hpp"
#include "platform/observe/metrics.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace backline::observe {
namespace {

std::string members(std::string_view event, std::initializer_list<LogField> fields) {
    return json_members(event, {fields.begin(), fields.size()});
}

TEST(Log, writes_fields_by_their_type) {
    EXPECT_EQ(
        members("request", {{"status", 200}, {"route", "/v1/orders"}, {"cached", false}}),
        R"("event":"request","status":200,"route":"/v1/orders","cached":false)"
    );
}

TEST(Log, stays_json_whatever_a_cause_holds) {
    EXPECT_EQ(members("x", {{"cause", "a\"b\\c\nd"}}), R"("event":"x","cause":"a\"b\\c\u000ad")");
    EXPECT_EQ(members("x", {{"cause", "\xFF{}"}}), "\"event\":\"x\",\"cause\":\"\xEF\xBF\xBD{}\"");
}

TEST(Log, appends_lines_to_its_file_from_its_level_on) {
    const std::string path = testing::TempDir() + "backline_observe_test.log";
    std::remove(path.c_str());
    {
        const auto log = make_json_log({.path = path});
        log->debug("hidden");
        log->info("shown", {{"percent", "%v {}"}});
        log->flush();
    }
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::remove(path.c_str());
    EXPECT_TRUE(line.starts_with(R"({"time":"20)")) << line;
    EXPECT_TRUE(line.ends_with(R"(Z","level":"info","event":"shown","percent":"%v {}"})")) << line;
}

TEST(Log, says_in_one_sentence_that_a_file_cannot_be_opened) {
    EXPECT_THROW((void)make_json_log({.path = "/proc/none/such.log"}), std::runtime_error);
}

TEST(Metrics, gives_the_same_metric_for_the_same_name_and_labels) {
    Metrics metrics;
    metrics.counter("backline_tests_total", "Tests.", {{"kind", "unit"}}).add();
    metrics.counter("backline_tests_total", "Tests.", {{"kind", "unit"}}).add(2);
    EXPECT_NE(metrics.text().find("backline_tests_total{kind=\"unit\"} 3"), std::string::npos)
        << metrics.text();
}

TEST(Metrics, prints_what_prometheus_reads) {
    Metrics metrics;
    metrics.gauge("backline_connections", "Open connections.").set(7);
    metrics.timing("backline_request_seconds", "Time.").observe_seconds(0.002);
    const std::string text = metrics.text();
    EXPECT_NE(
        text.find("# TYPE backline_connections gauge\nbackline_connections 7"), std::string::npos
    ) << text;
    EXPECT_NE(text.find("backline_request_seconds_bucket{le=\"0.0025\"} 1"), std::string::npos)
        << text;
}

} // namespace
} // namespace backline::observe
