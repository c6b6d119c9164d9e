#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace backline::observe {

/// `{{"route", "/v1/orders"}, {"status", "201"}}`. Values come from small, fixed sets: never an id or anything that a
/// caller can choose.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// Something that only rises. A cheap handle; lives as long as its `Metrics`. Any thread.
class Counter final {
public:
    void add(double amount = 1);

private:
    friend class Metrics;

    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}

    prometheus::Counter* counter_;
};

/// Something that rises and falls.
class Gauge final {
public:
    void set(double value);

private:
    friend class Metrics;

    explicit Gauge(prometheus::Gauge& gauge) : gauge_(&gauge) {}

    prometheus::Gauge* gauge_;
};

/// How often and how long: buckets from 0.5 ms to 10 s.
class Timing final {
public:
    void observe_seconds(double seconds);

private:
    friend class Metrics;

    explicit Timing(prometheus::Histogram& histogram) : histogram_(&histogram) {}

    prometheus::Histogram* histogram_;
};

/// The program's metrics, as Prometheus reads them. Made once and passed in; asking twice for one name and labels gives
/// the same metric. Names are `backline_…` with their unit, counters end in `_total`.
class Metrics final {
public:
    Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;
    ~Metrics();

    [[nodiscard]] Counter counter(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );
    [[nodiscard]] Gauge gauge(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );
    [[nodiscard]] Timing timing(
        const std::string& name, const std::string& help, const Labels& labels = {}
    );

    /// All of them in Prometheus' text format, for `/metrics`.
    [[nodiscard]] std::string text() const;

private:
    struct Registry;

    std::unique_ptr<Registry> registry_;
};

} // namespace backline::observe
