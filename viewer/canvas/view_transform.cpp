#include "viewer/canvas/view_transform.h"

#include <algorithm>

namespace dsm::viewer {

namespace {

Point middle_of(Extent picture) {
    return {0.5 * (picture.width - 1), 0.5 * (picture.height - 1)};
}

Magnification with_center(Extent picture, Point center_px, double zoom) {
    const Point away = center_px - middle_of(picture);
    const double width = std::max(picture.width, 1);
    const double height = std::max(picture.height, 1);
    return {zoom, {std::clamp(away.x / width, -0.5, 0.5), std::clamp(away.y / height, -0.5, 0.5)}};
}

}  // namespace

double fit_scale(Extent picture, Point view_size) {
    if (picture.width <= 0 || picture.height <= 0) {
        return 1.0;
    }
    return std::max(1e-3, std::min(view_size.x / picture.width, view_size.y / picture.height));
}

ViewTransform make_transform(Extent picture, Point view_size, const Magnification& magnification) {
    const Point center = middle_of(picture) + Point{magnification.offset.x * picture.width,
                                                    magnification.offset.y * picture.height};
    return {view_size, center, fit_scale(picture, view_size) * magnification.zoom};
}

Magnification zoomed_at(const Magnification& magnification, Extent picture, Point view_size,
                        Point view_point, double factor) {
    const auto before = make_transform(picture, view_size, magnification);
    const double zoom = std::clamp(magnification.zoom * factor, kSmallestZoom, kLargestZoom);
    const double scale = fit_scale(picture, view_size) * zoom;
    const Point held = before.image_from_view(view_point);
    return with_center(picture, held - (1.0 / scale) * (view_point - 0.5 * view_size), zoom);
}

Magnification panned(const Magnification& magnification, Extent picture, Point view_size,
                     Point by_view_px) {
    const auto before = make_transform(picture, view_size, magnification);
    return with_center(picture, before.center_px() - (1.0 / before.scale()) * by_view_px,
                       magnification.zoom);
}

Magnification centred_on(const Magnification& magnification, Extent picture, Point image_point) {
    return with_center(picture, image_point, magnification.zoom);
}

}  // namespace dsm::viewer
