#include "dsp/motion/warp_rows.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "dsp/core/lanes.h"

namespace dsm {
namespace {

constexpr Lanes kIota{0, 1, 2, 3, 4, 5, 6, 7};

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

// Displacement along eight pixels.
struct Shift {
    Split across, down;
};

// Catmull-Rom.
template <class T>
DSM_INLINE void cubic_weights(const T& t, T (&w)[4]) {
    const T t2 = t * t;
    w[0] = t * (t * (1.0F - 0.5F * t) - 0.5F);
    w[1] = 1.0F + t2 * (1.5F * t - 2.5F);
    w[3] = t2 * (0.5F * t - 0.5F);
    w[2] = ((1.0F - w[1]) - w[0]) - w[3];
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
    const Split& across = shift.across;
    const Split& down = shift.down;
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
            result = ((across.whole == ox.high) & (down.whole == oy.high)) ? other : result;
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

// The pixel nearest to where a displacement leads.
DSM_INLINE void nearest_of(const Split& displacement, IntLanes& nearest) {
    nearest = displacement.whole - (displacement.part >= 0.5F);
}

// Eight bytes of 1 or 0, nearly always alike.
DSM_INLINE void put_eight(std::uint64_t bytes, std::uint8_t* out) {
    std::memcpy(out, &bytes, sizeof bytes);
}

DSM_INLINE void put_eight(std::uint64_t bytes, float* out) {
    constexpr std::uint64_t kAll = 0x0101010101010101U;
    if (bytes == kAll || bytes == 0) {
        store((bytes == kAll ? 1.0F : 0.0F) + Lanes{}, out);
        return;
    }
    std::uint8_t each[kLanes];
    std::memcpy(each, &bytes, sizeof bytes);
    for (int i = 0; i < kLanes; ++i) {
        out[i] = static_cast<float>(each[i]);
    }
}

template <class T>
DSM_INLINE void cover_eight(const CoverRows<T>& rows, int x, int y, const Shift& shift) {
    IntLanes across;
    IntLanes down;
    nearest_of(shift.across, across);
    nearest_of(shift.down, down);
    const Range ox = range_of(across);
    const Range oy = range_of(down);
    const int from_x = x + ox.low;
    const int from_y = y + oy.low;
    if (ox.low != ox.high || oy.low != oy.high || from_x < 0 || from_y < 0 ||
        from_x + kLanes > rows.mask_usable.width() || from_y >= rows.mask_usable.height()) {
        for (int i = 0; i < kLanes; ++i) {
            cover_one(rows, x + i, y, x + i + across[i], y + down[i]);
        }
        return;
    }
    std::uint64_t mask;
    std::uint64_t live;
    std::memcpy(&mask, rows.mask_usable.row(from_y) + from_x, sizeof mask);
    std::memcpy(&live, rows.live_usable.row(y) + x, sizeof live);
    put_eight(mask & live, rows.both.row(y) + x);
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

// Calls eight(x, shift) for each eight pixels of a row, and some(x, count, shift) for
// what is left between control points or at the row's end, from left to right. Where more of the
// row follows, `some` may write eight pixels: the next call writes those beyond `count` again.
template <class Eight, class Some>
DSM_INLINE void along(const FieldView& field, const FieldRow& row, int width, int height,
                      const Eight& eight, const Some& some) {
    const int last = field.dx.width() - 1;
    const float per_pixel = 1.0F / static_cast<float>(field.spacing);
    const float limit = static_cast<float>(2 * std::max(width, height));
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
            Shift shift;
            split(dx + slope_x * at, limit, shift.across);
            split(dy + slope_y * at, limit, shift.down);
            if (length - i >= kLanes) {
                eight(start + i, shift);
            } else {
                some(start + i, length - i, shift);
            }
        }
    }
}

DSM_INLINE void warp_some(const WarpRows& rows, int x, int y, int count, const Shift& shift) {
    for (int i = 0; i < count; ++i) {
        rows.registered(x + i, y) =
            one_pixel(rows.mask, x + i + shift.across.whole[i], y + shift.down.whole[i],
                      shift.across.part[i], shift.down.part[i]);
    }
}

template <class T>
DSM_INLINE void cover_some(const CoverRows<T>& rows, int x, int y, int count, const Shift& shift) {
    IntLanes across;
    IntLanes down;
    nearest_of(shift.across, across);
    nearest_of(shift.down, down);
    for (int i = 0; i < count; ++i) {
        cover_one(rows, x + i, y, x + i + across[i], y + down[i]);
    }
}

DSM_INLINE void add_eight(const AddRow& to, const WarpRows& rows,
                          const CoverRows<std::uint8_t>& cover, int x, int y, const Shift& shift) {
    Lanes weight;
    load(to.weight + x, weight);
    const Lanes square = weight * weight;
    if (sum_of(square) == 0.0F) {
        return;
    }
    float warped[kLanes];
    warp_eight(rows, x, y, shift, warped);
    Lanes value;
    Lanes sum;
    Lanes squares;
    load(warped, value);
    load(to.sum + x, sum);
    load(to.squares + x, squares);
    store(sum + weight * value, to.sum + x);
    store(squares + square, to.squares + x);
    cover_eight(cover, x, y, shift);
}

DSM_INLINE void add_some(const AddRow& to, const CoverRows<std::uint8_t>& cover, int x, int y,
                         int count, const Shift& shift) {
    IntLanes across;
    IntLanes down;
    nearest_of(shift.across, across);
    nearest_of(shift.down, down);
    for (int i = 0; i < count; ++i) {
        const float weight = to.weight[x + i];
        if (weight == 0.0F) {
            continue;
        }
        to.sum[x + i] +=
            weight * one_pixel(to.mask, x + i + shift.across.whole[i], y + shift.down.whole[i],
                               shift.across.part[i], shift.down.part[i]);
        to.squares[x + i] += weight * weight;
        cover_one(cover, x + i, y, x + i + across[i], y + down[i]);
    }
}

}  // namespace

DSM_HOT void add_warped_row(const FieldView& field, const AddRow& to, int y) {
    const Extent extent = to.mask.extent();
    const CoverRows<std::uint8_t> cover{to.mask_usable, to.usable, to.usable};
    const WarpRows rows{to.mask, {}};
    const FieldRow row = row_of(field, y);
    along(
        field, row, extent.width, extent.height,
        [&](int x, const Shift& s) DSM_LAMBDA { add_eight(to, rows, cover, x, y, s); },
        [&](int x, int n, const Shift& s) DSM_LAMBDA { add_some(to, cover, x, y, n, s); });
}

DSM_HOT void warp_rows(const FieldView& field, const WarpRows& rows, int first, int last) {
    for (int y = first; y < last; ++y) {
        float* out = rows.registered.row(y);
        const int width = rows.mask.width();
        const FieldRow row = row_of(field, y);
        along(
            field, row, width, rows.mask.height(),
            [&](int x, const Shift& s) DSM_LAMBDA { warp_eight(rows, x, y, s, out + x); },
            [&](int x, int n, const Shift& s) DSM_LAMBDA {
                if (x + kLanes <= width) {
                    warp_eight(rows, x, y, s, out + x);
                } else {
                    warp_some(rows, x, y, n, s);
                }
            });
    }
}

DSM_HOT void cover_rows(const FieldView& field, const CoverRows<std::uint8_t>& rows, int first,
                        int last) {
    for (int y = first; y < last; ++y) {
        const FieldRow row = row_of(field, y);
        along(
            field, row, rows.both.width(), rows.both.height(),
            [&](int x, const Shift& s) DSM_LAMBDA { cover_eight(rows, x, y, s); },
            [&](int x, int n, const Shift& s) DSM_LAMBDA { cover_some(rows, x, y, n, s); });
    }
}

DSM_HOT void warp_and_cover_rows(const FieldView& field, const WarpRows& warp,
                                 const CoverRows<float>& cover, int first, int last) {
    for (int y = first; y < last; ++y) {
        float* out = warp.registered.row(y);
        const int width = warp.mask.width();
        const FieldRow row = row_of(field, y);
        along(
            field, row, width, warp.mask.height(),
            [&](int x, const Shift& s) DSM_LAMBDA {
                warp_eight(warp, x, y, s, out + x);
                cover_eight(cover, x, y, s);
            },
            [&](int x, int n, const Shift& s) DSM_LAMBDA {
                if (x + kLanes <= width) {
                    warp_eight(warp, x, y, s, out + x);
                    cover_eight(cover, x, y, s);
                } else {
                    warp_some(warp, x, y, n, s);
                    cover_some(cover, x, y, n, s);
                }
            });
    }
}

}  // namespace dsm
