#include <algorithm>
#include <cmath>

#include "dsp/pipeline/overview_image.h"
#include "dsp/pipeline/overview_panel.h"
#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/subtraction/temporal_variance.h"

namespace dsm {
namespace {

using namespace picture;

constexpr double kGutter = 98.0;       // orientation letter and names of levels
constexpr double kLeastWidth = 560.0;  // room for the texts
constexpr double kBelow = 60.0;
constexpr double kScaleHeight = 92.0;
constexpr const char* kTitleOfScale = "Deviation of log intensity over the run, beyond quanta";
constexpr const char* kNote =
    "Made without a mask and without registration: dark is what changes. Contrast does, and so "
    "does "
    "everything that moves, breathes or beats. Nothing is measured in this picture.";

// Not smaller than can be read, not larger than a screen.
double scale_for(Extent extent) {
    constexpr double kSmallest = 640.0;
    constexpr double kLargest = 1080.0;
    const double longest = std::max({1, extent.width, extent.height});
    return std::clamp(longest, kSmallest, kLargest) / longest;
}

}  // namespace

Result<void> write_variance_picture(const std::filesystem::path& file, const RunResult& result) {
    const Image<float> deviation = deviation_for_display(result.temporal_variance.view());
    if (deviation.empty()) {
        return fail(ErrorKind::internal, file.string(), "there is no mask-free view of this run",
                    "please report it");
    }
    ImagePlace place;
    place.scale = scale_for(deviation.extent());
    place.box.width = std::max(1.0, deviation.width() * place.scale);
    place.box.height = std::max(1.0, deviation.height() * place.scale);
    const double room = std::max(place.box.width, kLeastWidth);
    const double width = 2 * (kMargin + kGutter) + room;
    const Canvas ruler(static_cast<int>(std::ceil(width)), 8, kSurround);
    const std::string subject = "mask-free view";
    const double header = draw_header(ruler, result, subject);
    const auto note = ruler.wrapped(kNote, kSmall, width - 2 * kMargin, 3);
    place.box.x = std::round(kMargin + kGutter + (room - place.box.width) / 2);
    place.box.y = std::round(header + (spine_lies_across(result) ? 58.0 : 30.0));
    const double scale_y = place.box.bottom() + kBelow + bar_drop(place);
    const double note_y = scale_y + kScaleHeight;
    const double height = note_y + static_cast<double>(note.size()) * line_height(kSmall) +
                          line_height(kSmall) + 14.0;
    const Canvas canvas(static_cast<int>(std::ceil(width)), static_cast<int>(std::ceil(height)),
                        kSurround);
    draw_header(canvas, result, subject);
    const Tone tone(deviation.view());
    draw_opacity(canvas, place, deviation.view(), tone);
    draw_levels(canvas, place, result);
    draw_orientation(canvas, place, result);
    draw_millimetres(canvas, place, result.run);
    draw_scale(canvas, {kMargin + kGutter, scale_y, room, kScaleHeight}, kTitleOfScale, tone);
    const double end = canvas.paragraph({kMargin, note_y}, note, kSmall);
    canvas.text({kMargin, end + 4.0}, "Research software, not for diagnostic use",
                {kSmall.size, kText, true});
    return canvas.write_png(file);
}

}  // namespace dsm
