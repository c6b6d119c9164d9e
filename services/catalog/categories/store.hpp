#pragma once

#include "platform/store/collection.hpp"
#include "services/catalog/categories/model.hpp"

/// What is kept about categories.
namespace backline::catalog {

/// `categories`: one document per category; there are never many.
extern const store::CollectionSpec categories_spec;
inline constexpr std::size_t categories_by_slug = 0;

using CategoryCollection = store::Collection<Category>;

/// All of them, with their versions.
Task<std::vector<store::Versioned<Category>>> all_categories(CategoryCollection& categories);

/// All of them.
[[nodiscard]] std::vector<Category> plain(const std::vector<store::Versioned<Category>>& categories
);

} // namespace backline::catalog
