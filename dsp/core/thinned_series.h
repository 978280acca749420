// A series of any length in fixed memory: every item up to a number, then every second from the
// first on, then every fourth, and so on. What is kept is kept as it was, and evenly spread.
#pragma once

#include <cassert>
#include <cstddef>
#include <utility>
#include <vector>

namespace dsm {

// Not thread-safe.
template <class T>
class ThinnedSeries {
 public:
    // At least half of `most` items are kept once so many have come; `most` is even and not zero.
    explicit ThinnedSeries(std::size_t most) : most_(most) { assert(most > 0 && most % 2 == 0); }

    // Whether the item that comes next would be kept: where not, it need not be made.
    [[nodiscard]] bool keeps_next() const { return seen_ % step_ == 0; }
    // The next item, where keeps_next(); else nothing is taken of it.
    void add(T item) {
        if (keeps_next()) {
            if (items_.size() == most_) {
                halve();
            }
            items_.push_back(std::move(item));
        }
        ++seen_;
    }
    // The next item goes by unseen.
    void skip() {
        assert(!keeps_next());
        ++seen_;
    }

    [[nodiscard]] const std::vector<T>& items() const { return items_; }
    [[nodiscard]] std::size_t seen() const { return seen_; }
    // One of so many is kept.
    [[nodiscard]] std::size_t step() const { return step_; }

 private:
    // The next item has number most * step, which the doubled step divides: it is kept.
    void halve() {
        for (std::size_t i = 1; 2 * i < items_.size(); ++i) {
            items_[i] = std::move(items_[2 * i]);
        }
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(most_ / 2), items_.end());
        step_ *= 2;
    }

    std::size_t most_;
    std::size_t step_{1};
    std::size_t seen_{0};
    std::vector<T> items_;
};

// So many items of `bytes` fit in `budget`, as ThinnedSeries wants its number: even, within limits
// that are even as well.
[[nodiscard]] constexpr std::size_t even_number_in(std::size_t budget, std::size_t bytes,
                                                   std::size_t least, std::size_t most) {
    const std::size_t fit = bytes == 0 ? most : budget / bytes / 2 * 2;
    return fit < least ? least : fit > most ? most : fit;
}

}  // namespace dsm
