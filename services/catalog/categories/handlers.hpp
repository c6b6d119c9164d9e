#pragma once

#include "platform/http/context.hpp"
#include "platform/http/reply.hpp"
#include "services/catalog/categories/store.hpp"

/// Requests about categories.
namespace backline::catalog {

class CategoryHandlers final {
public:
    explicit CategoryHandlers(CategoryCollection& categories) : categories_(categories) {}

    Task<CategoryTree> tree(http::Context& ctx);
    Task<http::Created<CategoryView>> create(http::Context& ctx, EditCategory body);
    Task<CategoryView> replace(http::Context& ctx, CategoryId id, EditCategory body);

private:
    CategoryCollection& categories_;
};

} // namespace backline::catalog
