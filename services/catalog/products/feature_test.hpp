#pragma once

#include "services/catalog/products/model.hpp"
#include "services/catalog/service.hpp"
#include "services/inventory/events.hpp"
#include "tests/support/service_bench.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

/// The Catalog Service on a bench, with three categories.
namespace backline::catalog {

using tests::Answer;
using tests::as;
using tests::Ask;
using tests::From;
using tests::ServiceBench;

struct Rows {
    std::vector<ProductRow> items;
    std::optional<std::string> next;
};
BOOST_DESCRIBE_STRUCT(Rows, (), (items, next))

inline const std::string staff = as("usr_staff", {"catalog:write"});

/// What a test says about a product; the rest is the same for all.
struct Sample {
    std::string name = "Stage Speaker";
    std::string slug = "stage-speaker";
    std::vector<std::string> skus{"SPK-12"};
    std::int64_t cents = 50'000;
    std::string status = "active";
    std::string currency = "EUR";
    std::string category{}; ///< Empty: speakers.
};

class ProductsFeature : public testing::Test {
protected:
    explicit ProductsFeature(Config config = {})
        : bench({[config](Backends on) { return make_service(on, config); }}) {
        speakers = add_category("speakers");
        subwoofers = add_category("subwoofers", speakers);
        mixers = add_category("mixers");
    }

    std::string add_category(const std::string& slug, const std::string& parent = {}) {
        const std::string below = parent.empty() ? "" : R"(,"parent":")" + parent + '"';
        const std::string body =
            R"({"slug":")" + slug + R"(","name":"Name","position":0)" + below + "}";
        const Answer made = bench.call({"POST", "/v1/categories", body, staff});
        return made.read<CategoryView>().id.text();
    }

    std::string body(const Sample& sample) const {
        std::string variants;
        for (const std::string& sku : sample.skus) {
            if (!variants.empty()) variants += ',';
            variants += fmt::format(
                R"({{"sku":"{}","name":"Black","price":{{"amount":{},"currency":"{}"}},"sellable":true}})",
                sku,
                sample.cents,
                sample.currency
            );
        }
        return fmt::format(
            R"({{"slug":"{}","name":"{}","description":"Loud.","category":"{}","status":"{}",)"
            R"("variants":[{}],"attributes":[{{"name":"Power","number":500,"unit":"watt"}}]}})",
            sample.slug,
            sample.name,
            sample.category.empty() ? speakers : sample.category,
            sample.status,
            variants
        );
    }

    Ask addition(const Sample& sample, const std::string& key) const {
        return {"POST", "/v1/products", body(sample), staff, {{"Idempotency-Key", key}}};
    }

    Answer add(const Sample& sample) {
        return bench.call(addition(sample, "key-" + sample.slug + std::to_string(++keys)));
    }

    Ask edit(const Answer& known, const Sample& sample) const {
        const std::string target = "/v1/products/" + known.read<ProductView>().id.text();
        return {"PUT", target, body(sample), staff, {{"If-Match", known.etag()}}};
    }

    Answer page(const Answer& known, const std::string& who = {}) {
        return bench.call({"GET", "/v1/products/" + known.read<ProductView>().id.text(), {}, who});
    }

    void stock(const std::string& sku, int units, From from) {
        bench.deliver(
            inventory::AvailabilityChanged{Sku::of(sku), inventory::ToldUnits::of(units)}, from
        );
    }

    int shown(const Answer& known) {
        return page(known).read<ProductView>().variants.front().available.value();
    }

    /// How many products say that they sell it.
    int owners(const std::string& sku) {
        int count = 0;
        for (const Product& product : bench.documents<Product>("catalog.products")) {
            if (sells(product, Sku::of(sku))) ++count;
        }
        return count;
    }

    std::string listed(const std::string& query, const std::string& who = {}) {
        std::string text;
        const Answer answer = bench.call({"GET", "/v1/products" + query, {}, who});
        for (const ProductRow& row : answer.read<Rows>().items) text += row.slug.text() + " ";
        return text;
    }

    /// A second, a third product, ...: one a millisecond, so that the newest is known.
    void add_several() {
        const Sample samples[] = {
            {"Big Bass", "big-bass", {"SUB-18"}, 90'000, "active", "EUR", subwoofers},
            {"Small Mixer", "small-mixer", {"MIX-08"}, 20'000, "active", "EUR", mixers},
            {"Stage Speaker", "stage-speaker", {"SPK-12"}, 50'000},
            {"Old Speaker", "old-speaker", {"SPK-01"}, 10'000, "archived"},
            {"New Speaker", "new-speaker", {"SPK-99"}, 60'000, "draft"},
        };
        for (const Sample& sample : samples) {
            add(sample);
            bench.advance(Duration{1});
        }
    }

    std::string speakers;
    std::string subwoofers;
    std::string mixers;
    int keys = 0;
    ServiceBench bench;
};

} // namespace backline::catalog
