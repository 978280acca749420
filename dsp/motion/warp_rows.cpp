#include "dsp/motion/warp_rows.h"

#include <algorithm>
#include <cstddef>

#include "dsp/core/lanes.h"

namespace dsm {
namespace {

constexpr Lanes kIota{0, 1, 2, 3, 4, 5, 6, 7};

// Displacement along eight pixels.
struct Shift {
    Lanes dx, dy;
};

// Whole and broken part of a displacement, for each of eight pixels.
struct Split {
    IntLanes whole;
    Lanes part;
};

DSM_INLINE void split(const Lanes& displacement, float limit, Split& out) {
    // Written so that what is not a number becomes the limit.
    const Lanes below = displacement < limit ? displacement : limit + Lanes{};
    const Lanes v = below > -limit ? below : -limit + Lanes{};
    const IntLanes truncated = __builtin_convertvector(v, IntLanes);
    const Lanes toward_zero = __builtin_convertvector(truncated, Lanes);
    out.whole = truncated + (v < toward_zero);
    out.part = v - __builtin_convertvector(out.whole, Lanes);
}

// Catmull-Rom.
template <class T>
DSM_INLINE void cubic_weights(const T& t, T (&w)[4]) {
    const T t2 = t * t;
    const T t3 = t2 * t;
    w[0] = 0.5F * (t2 + t2 - t3 - t);
    w[1] = 0.5F * (3.0F * t3 - 5.0F * t2 + 2.0F);
    w[2] = 0.5F * (4.0F * t2 + t - 3.0F * t3);
    w[3] = 0.5F * (t3 - t2);
}

float one_pixel(ImageView<const float> mask, int x, int y, float part_x, float part_y) {
    float across[4];
    float down[4];
    cubic_weights(part_x, across);
    cubic_weights(part_y, down);
    float sum = 0.0F;
    for (int j = 0; j < 4; ++j) {
        const float* row = mask.row(std::clamp(y - 1 + j, 0, mask.height() - 1));
        for (int i = 0; i < 4; ++i) {
            sum += down[j] * across[i] * row[std::clamp(x - 1 + i, 0, mask.width() - 1)];
        }
    }
    return sum;
}

// Whole displacements at both ends of eight pixels; between them they are monotone.
struct Range {
    int low, high;
};

DSM_INLINE Range range_of(const IntLanes& whole) {
    return {std::min(whole[0], whole[kLanes - 1]), std::max(whole[0], whole[kLanes - 1])};
}

// The pixels eight neighbours are made of, copied where some lie beyond the border: there the edge
// pixel repeats.
struct Source {
    const float* first;  // above and left of the first tap
    std::ptrdiff_t stride;
};

constexpr int kSourceRows = 5;
constexpr int kSourceColumns = kLanes + 4;

struct Padded {
    float pixels[kSourceRows][kSourceColumns];
};

DSM_INLINE Source padded(const ImageView<const float>& mask, int x, int y, Padded& copy) {
    for (int j = 0; j < kSourceRows; ++j) {
        const float* row = mask.row(std::clamp(y - 1 + j, 0, mask.height() - 1));
        for (int i = 0; i < kSourceColumns; ++i) {
            copy.pixels[j][i] = row[std::clamp(x - 1 + i, 0, mask.width() - 1)];
        }
    }
    return {copy.pixels[0], kSourceColumns};
}

DSM_INLINE void tap_eight(const Source& source, int x, int y, const Lanes (&wx)[4],
                          const Lanes (&wy)[4], Lanes& sum) {
    const float* from = source.first + y * source.stride + x;
    Lanes rows[4];
    for (Lanes& row : rows) {
        Lanes a;
        Lanes b;
        Lanes c;
        Lanes d;
        load(from, a);
        load(from + 1, b);
        load(from + 2, c);
        load(from + 3, d);
        row = (wx[0] * a + wx[1] * b) + (wx[2] * c + wx[3] * d);
        from += source.stride;
    }
    sum = (wy[0] * rows[0] + wy[1] * rows[1]) + (wy[2] * rows[2] + wy[3] * rows[3]);
}

DSM_INLINE void warp_eight(const WarpRows& rows, int x, int y, const Shift& shift, float* out) {
    const ImageView<const float>& mask = rows.mask;
    const float limit = static_cast<float>(mask.width() + mask.height());
    Split across;
    Split down;
    split(shift.dx, limit, across);
    split(shift.dy, limit, down);
    const Range ox = range_of(across.whole);
    const Range oy = range_of(down.whole);
    if (ox.high - ox.low > 1 || oy.high - oy.low > 1) {
        for (int i = 0; i < kLanes; ++i) {
            out[i] = one_pixel(mask, x + i + across.whole[i], y + down.whole[i], across.part[i],
                               down.part[i]);
        }
        return;
    }
    const int from_x = x + ox.low;
    const int from_y = y + oy.low;
    const bool inside = from_x >= 1 && from_x + kLanes + 3 <= mask.width() && from_y >= 1 &&
                        from_y + 4 <= mask.height();
    Padded copy;
    const Source source =
        inside ? Source{mask.data() + (from_y - 1) * mask.stride() + (from_x - 1), mask.stride()}
               : padded(mask, from_x, from_y, copy);
    Lanes wx[4];
    Lanes wy[4];
    cubic_weights(across.part, wx);
    cubic_weights(down.part, wy);
    Lanes result;
    tap_eight(source, 0, 0, wx, wy, result);
    // Eight neighbours seldom differ in their whole displacement.
    if (ox.low != ox.high) {
        Lanes other;
        tap_eight(source, 1, 0, wx, wy, other);
        result = across.whole == ox.high ? other : result;
    }
    if (oy.low != oy.high) {
        Lanes other;
        tap_eight(source, 0, 1, wx, wy, other);
        result = down.whole == oy.high ? other : result;
        if (ox.low != ox.high) {
            tap_eight(source, 1, 1, wx, wy, other);
            result = (across.whole == ox.high) & (down.whole == oy.high) ? other : result;
        }
    }
    store(result, out);
}

template <class T>
DSM_INLINE void cover_one(const CoverRows<T>& rows, int x, int y, int from_x, int from_y) {
    const bool inside = from_x >= 0 && from_y >= 0 && from_x < rows.mask_usable.width() &&
                        from_y < rows.mask_usable.height();
    const bool good =
        inside && rows.live_usable(x, y) != 0 && rows.mask_usable(from_x, from_y) != 0;
    rows.both(x, y) = good ? T{1} : T{0};
}

template <class T>
DSM_INLINE void cover_eight(const CoverRows<T>& rows, int x, int y, const Shift& shift) {
    const float limit = static_cast<float>(rows.mask_usable.width() + rows.mask_usable.height());
    Split across;
    Split down;
    split(shift.dx + 0.5F, limit, across);
    split(shift.dy + 0.5F, limit, down);
    const Range ox = range_of(across.whole);
    const Range oy = range_of(down.whole);
    const int from_x = x + ox.low;
    const int from_y = y + oy.low;
    if (ox.low != ox.high || oy.low != oy.high || from_x < 0 || from_y < 0 ||
        from_x + kLanes > rows.mask_usable.width() || from_y >= rows.mask_usable.height()) {
        for (int i = 0; i < kLanes; ++i) {
            cover_one(rows, x + i, y, x + i + across.whole[i], y + down.whole[i]);
        }
        return;
    }
    const std::uint8_t* mask = rows.mask_usable.row(from_y) + from_x;
    const std::uint8_t* live = rows.live_usable.row(y) + x;
    std::uint8_t both[kLanes];
    for (int i = 0; i < kLanes; ++i) {
        both[i] = mask[i] & live[i];
    }
    T* out = rows.both.row(y) + x;
    for (int i = 0; i < kLanes; ++i) {
        out[i] = static_cast<T>(both[i]);
    }
}

// Node values half way down between two rows of control points.
struct NodeRow {
    const float* above;
    const float* below;
    float part, scale;

    [[nodiscard]] DSM_INLINE float at(int node) const {
        return scale * (above[node] + part * (below[node] - above[node]));
    }
};

struct FieldRow {
    NodeRow dx, dy;
};

DSM_INLINE FieldRow row_of(const FieldView& field, int y) {
    const int last = field.dx.height() - 1;
    const float at = std::min(static_cast<float>(y) / static_cast<float>(field.spacing),
                              static_cast<float>(last));
    const int first = std::min(static_cast<int>(at), std::max(0, last - 1));
    const int next = std::min(first + 1, last);
    const float part = at - static_cast<float>(first);
    return {{field.dx.row(first), field.dx.row(next), part, field.scale},
            {field.dy.row(first), field.dy.row(next), part, field.scale}};
}

// Calls eight(x, shift) for each eight pixels of a row of `width`, and some(x, count, shift) for
// what is left between control points or at the row's end.
template <class Eight, class Some>
DSM_INLINE void along(const FieldView& field, const FieldRow& row, int width, const Eight& eight,
                      const Some& some) {
    const int last = field.dx.width() - 1;
    const float per_pixel = 1.0F / static_cast<float>(field.spacing);
    for (int node = 0; node * field.spacing < width; ++node) {
        const int here = std::min(node, last);
        const int next = std::min(here + 1, last);
        const float dx = row.dx.at(here);
        const float dy = row.dy.at(here);
        const float slope_x = (row.dx.at(next) - dx) * per_pixel;
        const float slope_y = (row.dy.at(next) - dy) * per_pixel;
        const int start = node * field.spacing;
        const int length = std::min(field.spacing, width - start);
        for (int i = 0; i < length; i += kLanes) {
            const Lanes at = kIota + static_cast<float>(i);
            const Shift shift{dx + slope_x * at, dy + slope_y * at};
            if (length - i >= kLanes) {
                eight(start + i, shift);
            } else {
                some(start + i, length - i, shift);
            }
        }
    }
}

DSM_INLINE void warp_some(const WarpRows& rows, int x, int y, int count, const Shift& shift) {
    const float limit = static_cast<float>(rows.mask.width() + rows.mask.height());
    Split across;
    Split down;
    split(shift.dx, limit, across);
    split(shift.dy, limit, down);
    for (int i = 0; i < count; ++i) {
        rows.registered(x + i, y) = one_pixel(rows.mask, x + i + across.whole[i], y + down.whole[i],
                                              across.part[i], down.part[i]);
    }
}

template <class T>
DSM_INLINE void cover_some(const CoverRows<T>& rows, int x, int y, int count, const Shift& shift) {
    const float limit = static_cast<float>(rows.mask_usable.width() + rows.mask_usable.height());
    Split across;
    Split down;
    split(shift.dx + 0.5F, limit, across);
    split(shift.dy + 0.5F, limit, down);
    for (int i = 0; i < count; ++i) {
        cover_one(rows, x + i, y, x + i + across.whole[i], y + down.whole[i]);
    }
}

}  // namespace

DSM_HOT void warp_rows(const FieldView& field, const WarpRows& rows, int first, int last) {
    for (int y = first; y < last; ++y) {
        float* out = rows.registered.row(y);
        const int width = rows.mask.width();
        const FieldRow row = row_of(field, y);
        along(
            field, row, width,
            [&](int x, const Shift& s) DSM_LAMBDA { warp_eight(rows, x, y, s, out + x); },
            [&](int x, int n, const Shift& s) DSM_LAMBDA { warp_some(rows, x, y, n, s); });
    }
}

DSM_HOT void cover_rows(const FieldView& field, const CoverRows<std::uint8_t>& rows, int first,
                        int last) {
    for (int y = first; y < last; ++y) {
        const FieldRow row = row_of(field, y);
        along(
            field, row, rows.both.width(),
            [&](int x, const Shift& s) DSM_LAMBDA { cover_eight(rows, x, y, s); },
            [&](int x, int n, const Shift& s) DSM_LAMBDA { cover_some(rows, x, y, n, s); });
    }
}

DSM_HOT void warp_and_cover_rows(const FieldView& field, const WarpRows& warp,
                                 const CoverRows<float>& cover, int first, int last) {
    for (int y = first; y < last; ++y) {
        float* out = warp.registered.row(y);
        const FieldRow row = row_of(field, y);
        along(
            field, row, warp.mask.width(),
            [&](int x, const Shift& s) DSM_LAMBDA {
                warp_eight(warp, x, y, s, out + x);
                cover_eight(cover, x, y, s);
            },
            [&](int x, int n, const Shift& s) DSM_LAMBDA {
                warp_some(warp, x, y, n, s);
                cover_some(cover, x, y, n, s);
            });
    }
}

}  // namespace dsm
