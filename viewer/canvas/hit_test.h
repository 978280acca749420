// What lies under a point of the picture. No drawing, no window: it can be tested.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/review/review.h"

namespace dsm::viewer {

struct AnnotationHit {
    MarkId id{0};
    int handle{-1};  // as in moved(); -1: the shape itself
};

// The topmost annotation seen in `frame` within `reach_px` of `at_px`; handles of the selected one
// come first.
[[nodiscard]] std::optional<AnnotationHit> hit_annotation(const RunReview& review, FrameIndex frame,
                                                          Point at_px, double reach_px,
                                                          std::optional<MarkId> selected);
[[nodiscard]] std::optional<std::string> hit_level(std::span<const LevelMark> marks, Point at_px,
                                                   double reach_px);
[[nodiscard]] std::optional<int> hit_highlight(std::span<const Highlight> highlights, Point at_px,
                                               double reach_px);

// From the outline: a region is taken by its edge, so that its inside stays free for other marks.
[[nodiscard]] double distance_to_shape(const Shape& shape, Point at_px);
[[nodiscard]] std::vector<Point> handles_of(const Shape& shape);

}  // namespace dsm::viewer
