#include <algorithm>
#include <cmath>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

// Display Shutter 1600.. and Collimator 1700.. differ only in that digit.
struct Aperture {
    const char* name;
    Tag shape, left, right, upper, lower, centre, radius, vertices;
};
constexpr Aperture aperture(const char* name, std::uint16_t base) {
    const auto tag = [base](int offset) {
        return Tag{0x0018, static_cast<std::uint16_t>(base + offset)};
    };
    return {name,      tag(0x00), tag(0x02), tag(0x04), tag(0x06),
            tag(0x08), tag(0x10), tag(0x12), tag(0x20)};
}
constexpr Aperture kShutter = aperture("Display Shutter", 0x1600);
constexpr Aperture kCollimator = aperture("Collimator", 0x1700);

// Inclusive bounds, pixels from 0.
struct Bounds {
    double left, right, upper, lower;

    void cut(const Bounds& other) {
        left = std::max(left, other.left);
        right = std::min(right, other.right);
        upper = std::max(upper, other.upper);
        lower = std::min(lower, other.lower);
    }
};

// The edges themselves are visible, PS3.3 C.7.6.11; pixels are counted from 1 there.
std::optional<Bounds> rectangle(DcmItem& data, const Aperture& a) {
    const auto left = number(data, a.left);
    const auto right = number(data, a.right);
    const auto upper = number(data, a.upper);
    const auto lower = number(data, a.lower);
    if (!left || !right || !upper || !lower) {
        return std::nullopt;
    }
    return Bounds{*left - 1.0, *right - 1.0, *upper - 1.0, *lower - 1.0};
}

std::optional<Bounds> circle(DcmItem& data, const Aperture& a) {
    const auto centre = numbers(data, a.centre);  // row, then column
    const auto radius = number(data, a.radius);
    if (centre.size() < 2 || std::isnan(centre[0]) || std::isnan(centre[1]) || !radius ||
        *radius <= 0.0) {
        return std::nullopt;
    }
    const double x = centre[1] - 1.0;
    const double y = centre[0] - 1.0;
    return Bounds{std::ceil(x - *radius), std::floor(x + *radius), std::ceil(y - *radius),
                  std::floor(y + *radius)};
}

std::optional<Bounds> polygon(DcmItem& data, const Aperture& a) {
    const auto vertices = numbers(data, a.vertices);  // row, column, row, column ...
    if (vertices.size() < 6 || std::any_of(vertices.begin(), vertices.end(),
                                           [](double value) { return std::isnan(value); })) {
        return std::nullopt;
    }
    Bounds bounds{vertices[1], vertices[1], vertices[0], vertices[0]};
    for (std::size_t i = 0; i + 1 < vertices.size(); i += 2) {
        bounds.upper = std::min(bounds.upper, vertices[i]);
        bounds.lower = std::max(bounds.lower, vertices[i]);
        bounds.left = std::min(bounds.left, vertices[i + 1]);
        bounds.right = std::max(bounds.right, vertices[i + 1]);
    }
    return Bounds{bounds.left - 1.0, bounds.right - 1.0, bounds.upper - 1.0, bounds.lower - 1.0};
}

// Cuts `usable` by every shape of one aperture; several shapes leave the smallest area.
void cut_by(DcmItem& data, const Aperture& a, Bounds& usable, RunInfo& info) {
    for (const std::string& shape : texts(data, a.shape)) {
        std::optional<Bounds> bounds;
        if (shape == "RECTANGULAR") {
            bounds = rectangle(data, a);
        } else if (shape == "CIRCULAR") {
            bounds = circle(data, a);
        } else if (shape == "POLYGONAL") {
            bounds = polygon(data, a);
        }
        const std::string name = std::string(a.name) + " " + to_string(a.shape) + " " + shape;
        if (!bounds) {
            info.warnings.push_back(name + " is incomplete or unknown: not used");
            continue;
        }
        Bounds cut = usable;
        cut.cut(*bounds);
        if (cut.right - cut.left < 1.0 || cut.lower - cut.upper < 1.0) {
            info.warnings.push_back(name + " leaves nothing of the picture: not used");
            continue;
        }
        if (shape != "RECTANGULAR") {
            info.warnings.push_back(name + ": only the rectangle around it is used");
        }
        usable = cut;
    }
}

}  // namespace

void read_shutter(DcmItem& data, RunInfo& info) {
    const Bounds whole{0.0, info.extent.width - 1.0, 0.0, info.extent.height - 1.0};
    Bounds usable = whole;
    constexpr Tag kFrameShutter{0x0018, 0x9472};
    DcmItem& shutter = holder(data, kFrameShutter, kShutter.shape);
    for (const Tag edge : {kShutter.left, kShutter.right, kShutter.upper, kShutter.lower,
                           kShutter.centre, kShutter.radius, kShutter.vertices}) {
        if (frames_that_differ(data, kFrameShutter, edge, info.frames) > 0) {
            info.warnings.emplace_back(
                "Frame Display Shutter (0018,9472) changes from frame to frame: the first frame's "
                "is used");
            break;
        }
    }
    cut_by(shutter, kShutter, usable, info);
    cut_by(data, kCollimator, usable, info);
    const PixelRect rect{static_cast<int>(usable.left), static_cast<int>(usable.upper),
                         static_cast<int>(usable.right - usable.left) + 1,
                         static_cast<int>(usable.lower - usable.upper) + 1};
    if (rect != PixelRect{0, 0, info.extent.width, info.extent.height}) {
        info.shutter = rect;
    }
}

}  // namespace dsm::dicom
