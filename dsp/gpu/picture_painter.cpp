#include "dsp/gpu/picture_painter.h"

#include <array>
#include <cstddef>
#include <utility>

#include "dsp/core/viridis.h"

namespace dsm::gpu {
namespace {

constexpr int kColourStops = 9;
static_assert(kViridisStops.size() == kColourStops, "as many as the shader has");

void set_colours(const Program& program) {
    std::array<float, std::size_t{3} * kColourStops> stops{};
    for (std::size_t i = 0; i < stops.size(); ++i) {
        stops[i] = static_cast<float>(kViridisStops[i / 3][i % 3]) / 255.0F;
    }
    program.set("colour_stops", stops);
    program.set("lightest_grey", static_cast<float>(kLightestGrey));
    program.set("unknown_grey", static_cast<float>(kUnknownGrey) / 255.0F);
    program.set("unknown_among_colours", static_cast<float>(kUnknownAmongColours) / 255.0F);
    program.set("surround", 0.03F, 0.03F, 0.035F);
    program.set("picture", 0);
    program.set("anatomy", 1);
}

float low_of(const DisplayWindow& window) {
    return static_cast<float>(window.center - 0.5 * window.width);
}

void set_point(const Program& program, const char* uniform, Point point) {
    program.set(uniform, static_cast<float>(point.x), static_cast<float>(point.y));
}

}  // namespace

Result<PicturePainter> PicturePainter::load(const std::filesystem::path& shaders) {
    auto program =
        Program::load(shaders / "display/picture.vert", shaders / "display/picture.frag");
    if (!program) {
        return tl::unexpected(program.error());
    }
    program->use();
    set_colours(*program);
    return PicturePainter(std::move(*program));
}

void PicturePainter::paint(const Painting& painting, Extent target) const {
    const Extent picture = painting.values->extent();
    const DisplayMapping& mapping = painting.mapping;
    program_.use();
    set_point(program_, "target_size",
              {static_cast<double>(target.width), static_cast<double>(target.height)});
    set_point(program_, "image_size",
              {static_cast<double>(picture.width), static_cast<double>(picture.height)});
    const PixelRect shutter =
        painting.shutter.value_or(PixelRect{0, 0, picture.width, picture.height});
    set_point(program_, "shutter_low", {shutter.x - 0.5, shutter.y - 0.5});
    set_point(program_, "shutter_high",
              {shutter.x + shutter.width - 0.5, shutter.y + shutter.height - 0.5});
    set_point(program_, "image_at_origin", painting.at_corner);
    set_point(program_, "image_per_view_x", painting.right);
    set_point(program_, "image_per_view_y", painting.down);
    program_.set("value_scale", painting.scale);
    program_.set("value_offset", painting.offset);
    program_.set("window_low", low_of(mapping.window));
    program_.set("window_width", static_cast<float>(mapping.window.width));
    program_.set("inverted", mapping.inverted ? 1 : 0);
    program_.set("in_colours", mapping.in_colours ? 1 : 0);
    const bool anatomy = painting.anatomy != nullptr;
    program_.set("blend", anatomy ? static_cast<float>(painting.anatomy_part) : 0.0F);
    program_.set("anatomy_scale", painting.anatomy_scale);
    program_.set("anatomy_low", low_of(painting.anatomy_mapping.window));
    program_.set("anatomy_width", static_cast<float>(painting.anatomy_mapping.window.width));
    program_.set("anatomy_inverted", painting.anatomy_mapping.inverted ? 1 : 0);
    painting.values->bind(0);
    if (anatomy) {
        painting.anatomy->bind(1);
    }
    program_.draw_covering_triangle();
}

}  // namespace dsm::gpu
