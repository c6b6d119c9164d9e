#pragma once

#include "platform/store/collection.hpp"
#include "services/catalog/categories/model.hpp"

#include <string>
#include <vector>

/// What is kept about categories.
namespace backline::catalog {

/// `categories`: one document with all of them, so that no two edits can be right alone and wrong together.
extern const store::CollectionSpec categories_spec;
inline const std::string categories_document = "all";

using CategoryCollection = store::Collection<Categories>;

/// In the order of their creation.
Task<std::vector<Category>> all_categories(CategoryCollection& categories);

} // namespace backline::catalog
