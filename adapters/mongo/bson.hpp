#pragma once

#include <bson/bson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

/// The thinnest layer over libbson in which nothing has to be freed by hand and no key or text is cut at a NUL.
namespace backline::mongo {

class List;

/// A BSON document that is being built; it owns its bytes. What is added is copied.
class Bson final {
public:
    Bson() : document_(bson_new()) {}

    Bson& text(std::string_view key, std::string_view value);
    Bson& number(std::string_view key, std::int64_t value);
    Bson& flag(std::string_view key, bool value);
    Bson& null(std::string_view key);
    Bson& time(std::string_view key, std::int64_t milliseconds);
    Bson& least(std::string_view key); ///< MinKey: before every value.
    Bson& most(std::string_view key);  ///< MaxKey: behind every value.
    Bson& document(std::string_view key, const Bson& value);
    Bson& list(std::string_view key, const List& value);

    [[nodiscard]] const bson_t* get() const { return document_.get(); }

    [[nodiscard]] bson_t* get() { return document_.get(); }

private:
    struct Destroy {
        void operator()(bson_t* document) const { bson_destroy(document); }
    };

    std::unique_ptr<bson_t, Destroy> document_;
};

/// A BSON array that is being built.
class List final {
public:
    List& text(std::string_view value);
    List& number(std::int64_t value);
    List& document(const Bson& value);
    List& list(const List& value);

    [[nodiscard]] const Bson& elements() const { return elements_; }

    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::string_view next();

    Bson elements_;
    std::uint32_t size_ = 0;
    char key_[16] = {};
};

class Element;

/// Looks at a document or an array that somebody else owns.
class View final {
public:
    View() = default;

    View(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

    explicit View(const bson_t* document) : View(bson_get_data(document), document->len) {}

    explicit View(const Bson& document) : View(document.get()) {}

    [[nodiscard]] bool has(std::string_view key) const;

    // What lies under a key; empty, or 0, where there is nothing of that kind.
    [[nodiscard]] std::string_view text(std::string_view key) const;
    [[nodiscard]] std::int64_t number(std::string_view key) const; ///< Or an instant.
    [[nodiscard]] bool flag(std::string_view key) const;
    [[nodiscard]] View inside(std::string_view key) const; ///< A document or an array.

    /// The element of this key, if there is one.
    [[nodiscard]] std::optional<Element> find(std::string_view key) const;

    /// Calls `visit(const Element&)` for each in order.
    template <class Visit> void each(Visit visit) const;

private:
    const std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
};

/// One key and its value, somewhere in a document. Not for coroutines: it is aligned to more than their frames are.
class Element final {
public:
    explicit Element(const bson_iter_t& at) : at_(at) {}

    [[nodiscard]] std::string_view key() const { return bson_iter_key(&at_); }

    [[nodiscard]] bson_type_t type() const { return bson_iter_type(&at_); }

    [[nodiscard]] std::string_view text() const; ///< Empty if it is none.
    [[nodiscard]] std::int64_t number() const;   ///< 0 if it is none.
    [[nodiscard]] bool flag() const;             ///< False if it is none.
    [[nodiscard]] View inside() const;           ///< Empty unless it is a document or an array.

    [[nodiscard]] const bson_iter_t* get() const { return &at_; }

private:
    bson_iter_t at_;
};

template <class Visit> void View::each(Visit visit) const {
    bson_iter_t at;
    if (data_ == nullptr || !bson_iter_init_from_data(&at, data_, size_)) return;
    while (bson_iter_next(&at)) visit(Element(at));
}

} // namespace backline::mongo
