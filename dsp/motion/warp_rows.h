// The inner loops of warp.h: eight pixels at a time along a row.
#pragma once

#include <cstdint>

#include "dsp/core/image.h"

namespace dsm {

// A displacement field in pixels of the picture it is applied to.
struct FieldView {
    ImageView<const float> dx, dy;
    int spacing{16};    // pixels between control points
    float scale{1.0F};  // of the values
};

struct WarpRows {
    ImageView<const float> mask;
    ImageView<float> registered;
};

template <class T>
struct CoverRows {
    ImageView<const std::uint8_t> mask_usable;
    ImageView<const std::uint8_t> live_usable;
    ImageView<T> both;  // 1 where both are usable; may be live_usable itself
};

// A registered mask added with a weight for each pixel of a row; where all eight neighbours have
// none the mask is not looked at.
struct AddRow {
    ImageView<const float> mask;
    ImageView<const std::uint8_t> mask_usable;
    const float* weight;
    float* sum;                      // of weight times mask
    float* squares;                  // of the weights
    ImageView<std::uint8_t> usable;  // cleared in this row where a mask with a weight is not usable
};
void add_warped_row(const FieldView& field, const AddRow& row, int y);

// Rows first <= y < last.
void warp_rows(const FieldView& field, const WarpRows& rows, int first, int last);
void cover_rows(const FieldView& field, const CoverRows<std::uint8_t>& rows, int first, int last);
void warp_and_cover_rows(const FieldView& field, const WarpRows& warp,
                         const CoverRows<float>& cover, int first, int last);

}  // namespace dsm
