// Finds room for a label beside what it names, so that labels cover neither findings nor one
// another.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "dsp/pipeline/canvas.h"

namespace dsm {

[[nodiscard]] double overlap_area(const Box& a, const Box& b);

class LabelPlacement {
 public:
    explicit LabelPlacement(const Box& frame) : frame_(frame) {}

    // What must stay visible.
    void avoid(const Box& box) { taken_.push_back(box); }
    void avoid(std::span<const Point> path, double radius);

    // The place of a label of this size nearest to one of `anchors` that lies within the frame and
    // touches nothing taken; it is then taken too. Nothing when there is no such place within
    // reach.
    [[nodiscard]] std::optional<Box> place(std::span<const Point> anchors, double width,
                                           double height);

 private:
    [[nodiscard]] bool is_free(const Box& box) const;

    Box frame_;
    std::vector<Box> taken_;
};

}  // namespace dsm
