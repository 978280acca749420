// What writing and reading a presentation state have to agree on. Private to dsp/dicom.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dsp/core/run_info.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm::dicom {

// PS3.3 C.10.5.1.2: 0.0 is the outer corner of the first pixel, whose centre is (0, 0) here.
inline constexpr double kCornerOffset = 0.5;
inline constexpr Tag kMaskSequence{0x0028, 0x6100};

// The private block of the exact record. Kept by archives, passed over by everyone else.
inline constexpr std::uint16_t kRecordGroup = 0x0077;
inline constexpr const char* kRecordCreator = "DSM REVIEW 1";

// k of the table v -> k ln v that fills 16 bits.
[[nodiscard]] double logarithm_scale(int bits_stored);
// Units of live - mask per opacity after that table; 0 where the run has no known law.
[[nodiscard]] double units_per_opacity(const RunInfo& run);

// Mask Operation AVG_SUB of these frames (from 0).
void put_average_mask(AttributeWriter& item, const std::vector<FrameIndex>& masks);
// Mask Sub-pixel Shift (0028,6114) for mask_registered(x, y) = mask(x + dx, y + dy): the row value
// is positive downwards, the column value positive towards the left (PS3.3 C.7.6.10.1.2), both
// applied to the mask, so row = -dy and column = +dx.
void put_mask_shift(AttributeWriter& item, Point shift_px);

}  // namespace dsm::dicom
