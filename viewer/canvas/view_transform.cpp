#include "viewer/canvas/view_transform.h"

#include <algorithm>
#include <utility>

namespace dsm::viewer {

namespace {

Point middle_of(Extent picture) {
    return {0.5 * (picture.width - 1), 0.5 * (picture.height - 1)};
}

Magnification with_center(Extent picture, Point center_px, double zoom,
                          const Orientation& orientation) {
    const Point away = center_px - middle_of(picture);
    const double width = std::max(picture.width, 1);
    const double height = std::max(picture.height, 1);
    return {zoom,
            {std::clamp(away.x / width, -0.5, 0.5), std::clamp(away.y / height, -0.5, 0.5)},
            orientation};
}

}  // namespace

double fit_scale(Extent picture, Point view_size, const Orientation& orientation) {
    if (orientation.quarter_turns % 2 != 0) {
        std::swap(picture.width, picture.height);
    }
    if (picture.width <= 0 || picture.height <= 0) {
        return 1.0;
    }
    return std::max(1e-3, std::min(view_size.x / picture.width, view_size.y / picture.height));
}

ViewTransform make_transform(Extent picture, Point view_size, const Magnification& magnification) {
    const Point center = middle_of(picture) + Point{magnification.offset.x * picture.width,
                                                    magnification.offset.y * picture.height};
    const double fitted = fit_scale(picture, view_size, magnification.orientation);
    return {view_size, center, fitted * magnification.zoom, magnification.orientation};
}

Magnification zoomed_at(const Magnification& magnification, Extent picture, Point view_size,
                        Point view_point, double factor) {
    const auto before = make_transform(picture, view_size, magnification);
    const double zoom = std::clamp(magnification.zoom * factor, kSmallestZoom, kLargestZoom);
    const double scale = fit_scale(picture, view_size, magnification.orientation) * zoom;
    const Point held = before.image_from_view(view_point);
    const Point away = magnification.orientation.from_screen(view_point - 0.5 * view_size);
    return with_center(picture, held - (1.0 / scale) * away, zoom, magnification.orientation);
}

Magnification panned(const Magnification& magnification, Extent picture, Point view_size,
                     Point by_view_px) {
    const auto before = make_transform(picture, view_size, magnification);
    const Point by = magnification.orientation.from_screen(by_view_px);
    return with_center(picture, before.center_px() - (1.0 / before.scale()) * by,
                       magnification.zoom, magnification.orientation);
}

Magnification centred_on(const Magnification& magnification, Extent picture, Point image_point) {
    return with_center(picture, image_point, magnification.zoom, magnification.orientation);
}

}  // namespace dsm::viewer
