// Images: Image<T> owns its pixels, ImageView<T> looks at some.
// x is the column, rightwards; y is the row, downwards; pixel centres lie at integers, the centre
// of the top-left pixel is (0, 0). Views are not thread-safe beyond what their pixels are.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace dsm {

struct Extent {
    int width{};
    int height{};

    [[nodiscard]] std::size_t pixels() const {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
    }
    friend bool operator==(const Extent&, const Extent&) = default;
};

template <class T>
class ImageView {
 public:
    ImageView() = default;
    // `stride` is in elements of T from one row to the next.
    ImageView(T* data, Extent extent, std::ptrdiff_t stride)
        : data_(data), extent_(extent), stride_(stride) {}
    ImageView(T* data, Extent extent) : ImageView(data, extent, extent.width) {}
    // NOLINTNEXTLINE(google-explicit-constructor): a writable view reads too
    operator ImageView<const T>() const requires(!std::is_const_v<T>) {
        return {data_, extent_, stride_};
    }

    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] int width() const { return extent_.width; }
    [[nodiscard]] int height() const { return extent_.height; }
    [[nodiscard]] std::ptrdiff_t stride() const { return stride_; }
    [[nodiscard]] bool empty() const { return extent_.width <= 0 || extent_.height <= 0; }
    [[nodiscard]] T* data() const { return data_; }

    [[nodiscard]] T* row(int y) const {
        assert(y >= 0 && y < extent_.height);
        return data_ + y * stride_;
    }
    [[nodiscard]] std::span<T> row_span(int y) const {
        return {row(y), static_cast<std::size_t>(extent_.width)};
    }
    [[nodiscard]] T& operator()(int x, int y) const {
        assert(x >= 0 && x < extent_.width);
        return row(y)[x];
    }

 private:
    T* data_{nullptr};
    Extent extent_{};
    std::ptrdiff_t stride_{0};
};

// Contiguous, movable owner; copying is said aloud with clone().
template <class T>
class Image {
 public:
    Image() = default;
    explicit Image(Extent extent, T value = T{})
        : extent_(extent), pixels_(extent.pixels(), value) {}
    Image(Image&&) noexcept = default;
    Image& operator=(Image&&) noexcept = default;
    Image(const Image&) = delete;
    Image& operator=(const Image&) = delete;
    ~Image() = default;

    [[nodiscard]] Image clone() const {
        Image copy;
        copy.extent_ = extent_;
        copy.pixels_ = pixels_;
        return copy;
    }
    // Keeps the memory when the size is unchanged; the pixels are then left as they were.
    void resize(Extent extent) {
        if (extent != extent_) {
            pixels_.assign(extent.pixels(), T{});
            extent_ = extent;
        }
    }
    // Makes room for so many pixels, and for any picture with no more.
    void reserve(std::size_t pixels) { pixels_.reserve(pixels); }
    void fill(T value) { std::fill(pixels_.begin(), pixels_.end(), value); }

    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] int width() const { return extent_.width; }
    [[nodiscard]] int height() const { return extent_.height; }
    [[nodiscard]] bool empty() const { return pixels_.empty(); }
    [[nodiscard]] std::span<T> pixels() { return pixels_; }
    [[nodiscard]] std::span<const T> pixels() const { return pixels_; }
    [[nodiscard]] ImageView<T> view() { return {pixels_.data(), extent_}; }
    [[nodiscard]] ImageView<const T> view() const { return {pixels_.data(), extent_}; }
    [[nodiscard]] ImageView<const T> cview() const { return view(); }
    [[nodiscard]] T& operator()(int x, int y) { return view()(x, y); }
    [[nodiscard]] const T& operator()(int x, int y) const { return view()(x, y); }

 private:
    Extent extent_{};
    std::vector<T> pixels_;
};

template <class T>
void copy_pixels(ImageView<const T> from, ImageView<T> to) {
    assert(from.extent() == to.extent());
    for (int y = 0; y < from.height(); ++y) {
        std::copy_n(from.row(y), from.width(), to.row(y));
    }
}

}  // namespace dsm
