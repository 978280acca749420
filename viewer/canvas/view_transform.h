// From image points (px, centres at integers) to view points (screen px from the view's top-left
// corner) and back. Uniform scale; mirrored and turned by right angles only, for a look.
#pragma once

#include "dsp/core/image.h"
#include "dsp/core/orientation.h"
#include "dsp/core/units.h"

namespace dsm::viewer {

class ViewTransform {
 public:
    // `center_px`: the image point in the middle of the view. `scale`: screen px per image px.
    ViewTransform(Point view_size, Point center_px, double scale, Orientation orientation = {})
        : view_size_(view_size), center_px_(center_px), scale_(scale), orientation_(orientation) {}

    [[nodiscard]] Point view_from_image(Point image_point) const {
        return scale_ * orientation_.onto_screen(image_point - center_px_) + 0.5 * view_size_;
    }
    [[nodiscard]] Point image_from_view(Point view_point) const {
        return (1.0 / scale_) * orientation_.from_screen(view_point - 0.5 * view_size_) +
               center_px_;
    }
    [[nodiscard]] double scale() const { return scale_; }
    [[nodiscard]] Point center_px() const { return center_px_; }
    [[nodiscard]] const Orientation& orientation() const { return orientation_; }
    [[nodiscard]] Point view_size() const { return view_size_; }

 private:
    Point view_size_;
    Point center_px_;
    double scale_;
    Orientation orientation_;
};

// How far a run is magnified and where: kept per run, used in all its views.
struct Magnification {
    double zoom{1.0};  // over the fitted size
    Point offset{};    // of the view's centre from the picture's, in parts of its size
    Orientation orientation{};
    friend bool operator==(const Magnification&, const Magnification&) = default;
};

inline constexpr double kSmallestZoom = 0.25;
inline constexpr double kLargestZoom = 32.0;

// The scale at which the whole picture just fits.
[[nodiscard]] double fit_scale(Extent picture, Point view_size, const Orientation& = {});
[[nodiscard]] ViewTransform make_transform(Extent picture, Point view_size, const Magnification&);
// Zooms by `factor` so that the image point under `view_point` stays there.
[[nodiscard]] Magnification zoomed_at(const Magnification&, Extent picture, Point view_size,
                                      Point view_point, double factor);
// Moves the picture by screen pixels; its centre never leaves the view.
[[nodiscard]] Magnification panned(const Magnification&, Extent picture, Point view_size,
                                   Point by_view_px);
// Puts `image_point` in the middle.
[[nodiscard]] Magnification centred_on(const Magnification&, Extent picture, Point image_point);

}  // namespace dsm::viewer
