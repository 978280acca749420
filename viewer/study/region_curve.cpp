#include "viewer/study/region_curve.h"

#include <algorithm>

namespace dsm::viewer {

namespace {

PixelRect bounds_of(const RegionPixels& region) {
    int left = region.front().first;
    int right = region.front().last;
    int top = region.front().y;
    int bottom = region.front().y;
    for (const auto& span : region) {
        left = std::min(left, span.first);
        right = std::max(right, span.last);
        top = std::min(top, span.y);
        bottom = std::max(bottom, span.y);
    }
    return {left, top, right - left + 1, bottom - top + 1};
}

RegionPixels moved_to_origin(RegionPixels region, const PixelRect& bounds) {
    for (auto& span : region) {
        span.y -= bounds.y;
        span.first -= bounds.x;
        span.last -= bounds.x;
    }
    return region;
}

}  // namespace

std::optional<RegionOpacity> region_opacity(const SubtractionJob& job, FrameIndex frame,
                                            const RegionPixels& region) {
    if (region.empty() || !job.holds(frame)) {
        return std::nullopt;
    }
    const auto bounds = bounds_of(region);
    Image<float> opacity(Extent{bounds.width, bounds.height});
    Image<float> sigma(Extent{bounds.width, bounds.height});
    if (!job.read_part(frame, bounds, opacity, sigma)) {
        return std::nullopt;
    }
    return mean_opacity(moved_to_origin(region, bounds), opacity.cview(), sigma.cview());
}

OpacityCurve region_curve(const SubtractionJob& job, const RunInfo& info,
                          const RegionPixels& region) {
    OpacityCurve curve;
    for (FrameIndex frame = 0; frame < info.frames; ++frame) {
        if (const auto mean = region_opacity(job, frame, region)) {
            curve.time_s.push_back(time_of(info, frame).value_or(frame + 1.0));
            curve.opacity.push_back(mean->mean);
            curve.noise.push_back(mean->standard_error);
        }
    }
    return curve;
}

}  // namespace dsm::viewer
