#include "dsp/dicom/objects/state_attributes.h"

#include <array>
#include <cmath>

namespace dsm::dicom {

double logarithm_scale(int bits_stored) {
    constexpr double kLargestWord = 65535.0;
    return kLargestWord / std::log(std::exp2(bits_stored) - 1.0);
}

double units_per_opacity(const RunInfo& run) {
    return run.intensity.relationship == PixelIntensityRelationship::linear
               ? logarithm_scale(run.bits_stored)
               : 0.0;
}

void put_average_mask(AttributeWriter& item, const std::vector<FrameIndex>& masks) {
    item.text({0x0028, 0x6101}, "AVG_SUB");
    std::vector<int> from_one;
    for (const FrameIndex mask : masks) {
        from_one.push_back(mask + 1);
    }
    item.words({0x0028, 0x6110}, from_one);
    item.word({0x0028, 0x6112}, 1);
}

void put_mask_shift(AttributeWriter& item, Point shift_px) {
    const std::array<float, 2> row_then_column{static_cast<float>(-shift_px.y),
                                               static_cast<float>(shift_px.x)};
    item.floats({0x0028, 0x6114}, row_then_column);
}

}  // namespace dsm::dicom
