// Pictures to work in, lent for the length of a block and used again: what is done for every frame
// then takes no memory after the first ones.
#pragma once

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "dsp/core/image.h"

namespace dsm {

// Thread-safe. Outlives what it lends.
template <class T>
class ImagePool {
 public:
    // `least` is how large a picture will be at most, as far as that is known: each is made with
    // room for it, so that one that grows from frame to frame does not move.
    explicit ImagePool(Extent least = {}) : least_(least) {}

    class Lent {
     public:
        Lent(ImagePool& pool, Image<T> image) : pool_(&pool), image_(std::move(image)) {}
        ~Lent() { pool_->take_back(std::move(image_)); }
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        Lent(Lent&&) = delete;
        Lent& operator=(Lent&&) = delete;
        [[nodiscard]] Image<T>& operator*() { return image_; }

     private:
        ImagePool* pool_;
        Image<T> image_;
    };

    // Its pixels are what they are.
    [[nodiscard]] Lent lend(Extent extent) {
        Image<T> image = take_out();
        image.reserve(std::max(extent.pixels(), least_.pixels()));
        image.resize(extent);
        return Lent(*this, std::move(image));
    }

 private:
    [[nodiscard]] Image<T> take_out() {
        const std::scoped_lock lock(mutex_);
        if (free_.empty()) {
            return {};
        }
        Image<T> image = std::move(free_.back());
        free_.pop_back();
        return image;
    }
    void take_back(Image<T> image) {
        const std::scoped_lock lock(mutex_);
        free_.push_back(std::move(image));
    }

    Extent least_;
    std::mutex mutex_;
    std::vector<Image<T>> free_;
};

}  // namespace dsm
