#include "services/catalog/products/model.hpp"

#include "services/catalog/errors.hpp"

#include <algorithm>
#include <set>

namespace backline::catalog {

namespace {

bool on_sale(const Product& product, const EditVariant& variant) {
    return product.status == ProductStatus::active && variant.sellable;
}

ProductChanged news_of(const Product& product) {
    ProductChanged news{product.id, product.name, {}};
    for (const EditVariant& variant : product.variants) {
        news.variants.push_back(
            {variant.sku, variant.name, variant.price, on_sale(product, variant)}
        );
    }
    return news;
}

/// Of the variants that are for sale, or of all where none is.
Money cheapest(const Product& product) {
    std::optional<Money> lowest;
    for (const bool sellable : {true, false}) {
        for (const EditVariant& variant : product.variants) {
            if (variant.sellable != sellable) continue;
            if (!lowest || variant.price < *lowest) lowest = variant.price;
        }
        if (lowest) break;
    }
    return *lowest;
}

Result<void> check_variants(const Product* known, const EditProduct& asked, const Config& config) {
    for (const EditVariant& variant : asked.variants) {
        if (variant.price.currency != config.currency) {
            return refuse(
                error("currency_foreign"),
                "Prices are in " + std::string(config.currency.text()) + "."
            );
        }
    }
    if (known == nullptr) return {};
    for (const EditVariant& variant : known->variants) {
        if (std::ranges::find(asked.variants, variant.sku, &EditVariant::sku) ==
            asked.variants.end()) {
            return refuse(error("sku_dropped"), variant.sku.text() + " is missing.");
        }
    }
    return {};
}

} // namespace

std::vector<FieldError> check(const Attribute& attribute) {
    const int values = int{attribute.number.has_value()} + int{attribute.text.has_value()} +
                       int{attribute.flag.has_value()};
    std::vector<FieldError> errors;
    if (values != 1) errors.push_back({"#", "one_value", "give one of number, text and flag"});
    if (attribute.unit && !attribute.number) {
        errors.push_back({"#/unit", "unit_alone", "a unit goes with a number"});
    }
    return errors;
}

std::vector<FieldError> check(const EditVariant& variant) {
    const std::int64_t amount = variant.price.amount;
    if (amount >= 0 && amount <= price_max) return {};
    return {{"#/price/amount", "out_of_range", "0.." + std::to_string(price_max)}};
}

std::vector<FieldError> check(const EditProduct& product) {
    std::vector<FieldError> errors;
    std::set<Sku> seen;
    for (std::size_t i = 0; i < product.variants.size(); ++i) {
        if (seen.insert(product.variants[i].sku).second) continue;
        const std::string pointer = "#/variants/" + std::to_string(i) + "/sku";
        errors.push_back({pointer, "sku_twice", "a product has each SKU once"});
    }
    return errors;
}

Result<Change<SkuOwner>> claim_sku(
    const SkuOwner* known, const SkuOwner& wanted, const std::optional<SkuOwner>& lapsed
) {
    const bool free = known == nullptr || known->product == wanted.product || *known == lapsed;
    if (free) return Change<SkuOwner>::to(wanted);
    return refuse(error("sku_taken"), wanted.sku.text() + " is another product's.");
}

Result<Change<Product>> disown(const Product* known, ProductId id, const Sku& sku) {
    if (known != nullptr && sells(*known, sku)) {
        return refuse(error("sku_taken"), sku.text() + " is another product's.");
    }
    return Change<Product>::to(known == nullptr ? Product{.id = id} : *known);
}

bool sells(const Product& product, const Sku& sku) {
    const auto& variants = product.variants;
    return std::ranges::find(variants, sku, &EditVariant::sku) != variants.end();
}

std::vector<SkuOwner> claims_of(
    const Product* known, ProductId id, const EditProduct& asked, Instant now
) {
    std::vector<SkuOwner> claims;
    for (const EditVariant& variant : asked.variants) {
        if (known == nullptr || !sells(*known, variant.sku)) {
            claims.push_back({variant.sku, id, now});
        }
    }
    return claims;
}

Result<Change<Product>> edit(
    const Product* known, ProductId id, const EditProduct& asked, const Config& config, Instant now
) {
    if (Result<void> sound = check_variants(known, asked, config); !sound) {
        return std::unexpected(std::move(sound.error()));
    }
    Product next{
        .id = id,
        .slug = asked.slug,
        .name = asked.name,
        .description = asked.description,
        .category = asked.category,
        .status = asked.status,
        .variants = List<EditVariant, 100>(asked.variants.begin(), asked.variants.end()),
        .attributes = asked.attributes,
        .name_key = lower(asked.name.text()),
        .created_at = known ? known->created_at : now
    };
    next.price_from = cheapest(next);
    const ProductChanged news = news_of(next);
    return Change<Product>::to(std::move(next)).raise(news);
}

bool matches(const Product& product, const Wanted& wanted) {
    const auto& in = wanted.categories;
    if (!in.empty() && std::ranges::find(in, product.category) == in.end()) return false;
    if (wanted.price_min && product.price_from.amount < *wanted.price_min) return false;
    if (wanted.price_max && product.price_from.amount > *wanted.price_max) return false;
    return product.name_key.find(wanted.name_part) != std::string::npos;
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

ProductView view_of(const Product& product, std::int64_t version) {
    ProductView view{
        .id = product.id,
        .slug = *product.slug,
        .name = product.name,
        .description = product.description,
        .category = product.category,
        .status = *product.status,
        .attributes = product.attributes,
        .created_at = product.created_at,
        .version = version
    };
    for (const EditVariant& variant : product.variants) {
        view.variants.push_back(
            {variant.sku, variant.name, variant.price, on_sale(product, variant), {}}
        );
    }
    return view;
}

ProductRow row_of(const Product& product) {
    return {
        product.id,
        *product.slug,
        product.name,
        product.category,
        *product.status,
        product.price_from,
        false
    };
}

} // namespace backline::catalog
