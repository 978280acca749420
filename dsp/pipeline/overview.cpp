#include <algorithm>
#include <array>
#include <cmath>

#include "dsp/pipeline/overview_image.h"
#include "dsp/pipeline/overview_panel.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"

namespace dsm {
namespace {

using namespace picture;

constexpr double kPanelWidth = 430.0;
constexpr double kLeftGutter = 98.0;  // orientation letter and names of levels
constexpr double kRightGutter = 38.0;
constexpr double kBelow = 46.0;  // millimetre bar and orientation letter

struct Layout {
    ImagePlace place;
    Box panel;
    double footer_y{};
    double width{};
    double height{};
};

double above(const RunResult& result) {
    return spine_lies_across(result) ? 58.0 : 30.0;
}

Layout lay_out(const RunResult& result, double header_height, double footer) {
    constexpr double kSmallest = 640.0;
    constexpr double kLargest = 1080.0;
    constexpr double kLeastWidth = 300.0;   // room for the millimetre bar
    constexpr double kLeastHeight = 560.0;  // room for the list beside
    const double columns = std::max(1, result.run.extent.width);
    const double rows = std::max(1, result.run.extent.height);
    const double longest = std::max(columns, rows);
    Layout layout;
    const double wanted = result.peak_opacity.empty() ? kSmallest : longest;
    layout.place.scale = std::clamp(wanted, kSmallest, kLargest) / longest;
    const double width = std::max(1.0, columns * layout.place.scale);
    const double height = std::max(1.0, rows * layout.place.scale);
    const double room_x = std::max(width, kLeastWidth);
    const double room_y = std::max(height, kLeastHeight);
    layout.place.box = {std::round(kMargin + kLeftGutter + (room_x - width) / 2),
                        std::round(header_height + above(result) + (room_y - height) / 2), width,
                        height};
    const double below = kBelow + bar_drop(layout.place);
    layout.panel = {kMargin + kLeftGutter + room_x + kRightGutter, header_height + 14.0,
                    kPanelWidth, above(result) + room_y + below - 22.0};
    layout.footer_y = header_height + above(result) + room_y + below + 6.0;
    layout.width = layout.panel.right() + kMargin;
    layout.height = layout.footer_y + footer;
    return layout;
}

void draw_no_picture(const Canvas& canvas, const Box& box) {
    canvas.fill(box, kPanel);
    const std::string text = "No subtracted picture of this run";
    canvas.text({box.x + box.width / 2, box.y + box.height / 2},
                canvas.fitted(text, kHeading, box.width - 24.0), kHeading, Align::centre);
}

}  // namespace

Result<void> write_overview(const std::filesystem::path& file, const RunResult& result) {
    // The heights of wrapped texts depend on the width alone, which a first layout tells.
    const double width = lay_out(result, 0.0, 0.0).width;
    const Canvas ruler(static_cast<int>(std::ceil(width)), 8, kSurround);
    const std::string subject = "peak opacity";
    const double header = draw_header(ruler, result, subject);
    const Layout layout = lay_out(result, header, footer_height(ruler, result));
    const Canvas canvas(static_cast<int>(std::ceil(layout.width)),
                        static_cast<int>(std::ceil(layout.height)), kSurround);
    draw_header(canvas, result, subject);
    const Tone tone(result.peak_opacity.view());
    if (result.peak_opacity.empty()) {
        draw_no_picture(canvas, layout.place.box);
    } else {
        draw_opacity(canvas, layout.place, result.peak_opacity.view(), tone);
        draw_levels(canvas, layout.place, result);
        draw_orientation(canvas, layout.place, result);
        draw_highlights(canvas, layout.place, result);
        draw_millimetres(canvas, layout.place, result.run);
    }
    draw_panel(canvas, layout.panel, result, tone);
    draw_footer(canvas, result, layout.footer_y);
    return canvas.write_png(file);
}

}  // namespace dsm
