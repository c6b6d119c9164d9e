#include "tests/simulation/goods.hpp"

#include "platform/schema/json.hpp"

namespace backline::simulation {

bus::EventRecord offer_of(const Good& good, Instant at) {
    catalog::ProductChanged product;
    product.product = catalog::ProductId::from_parts(at, static_cast<std::uint64_t>(good.price), 0);
    product.name = catalog::ProductName::of(good.sku);
    const Money price{good.price, Currency("EUR")};
    product.variants.push_back(
        {catalog::Sku::of(good.sku), catalog::VariantName::of("standard"), price, true}
    );
    const std::string subject = product.product.text();
    bus::EventRecord record{.id = "catalog.products/" + subject + "/1", .source = "catalog"};
    record.type = catalog::ProductChanged::event.type;
    record.subject = subject;
    record.sequence = 1;
    record.time = at;
    record.data = schema::write_json(product);
    return record;
}

} // namespace backline::simulation
