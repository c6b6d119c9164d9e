#include "platform/observe/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace backline::observe {

struct Metrics::Registry {
    prometheus::Registry registry;
};

namespace {

const prometheus::Histogram::BucketBoundaries bounds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0
};

prometheus::Labels to_map(const Labels& labels) {
    return {labels.begin(), labels.end()};
}

} // namespace

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}

Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    auto& family = prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry);
    return Counter(family.Add(to_map(labels)));
}

Gauge Metrics::gauge(const std::string& name, const std::string& help, const Labels& labels) {
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(registry_->registry);
    return Gauge(family.Add(to_map(labels)));
}

Timing Metrics::timing(const std::string& name, const std::string& help, const Labels& labels) {
    auto& family = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_->registry);
    return Timing(family.Add(to_map(labels), bounds));
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(registry_->registry.Collect());
}

void Counter::add(double amount) {
    counter_->Increment(amount);
}

void Gauge::set(double value) {
    gauge_->Set(value);
}

void Timing::observe_seconds(double seconds) {
    histogram_->Observe(seconds);
}

} // namespace backline::observe
