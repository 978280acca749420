#include <algorithm>
#include <cmath>

#include "dsp/pipeline/picture_style.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/reading/framed_picture.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

// A square around the finding, with enough of its neighbourhood to know the place by.
PixelRect around(const Highlight& highlight, ImageView<const float> opacity) {
    constexpr double kLeast_px = 160.0;
    constexpr double kTimes = 1.5;
    Point low = highlight.seed_px;
    Point high = highlight.seed_px;
    for (const Point& point : highlight.path_px) {
        low = {std::min(low.x, point.x), std::min(low.y, point.y)};
        high = {std::max(high.x, point.x), std::max(high.y, point.y)};
    }
    const double size = std::max({kLeast_px, kTimes * (high.x - low.x), kTimes * (high.y - low.y)});
    const auto span = [&](double middle, int whole) {
        const int length = static_cast<int>(std::min(size, static_cast<double>(whole)));
        const double start =
            std::clamp(middle - 0.5 * length, 0.0, static_cast<double>(whole - length));
        return std::pair{static_cast<int>(start), length};
    };
    const auto [x, width] = span(0.5 * (low.x + high.x), opacity.width());
    const auto [y, height] = span(0.5 * (low.y + high.y), opacity.height());
    return {x, y, width, height};
}

// Levels and one highlight in the coordinates of a part of the picture; the others would hide what
// it is about.
RunResult within(const RunResult& result, const PixelRect& part, Highlight highlight) {
    RunResult shown;
    shown.run = result.run;
    const auto moved = [&](Point point) { return Point{point.x - part.x, point.y - part.y}; };
    for (LevelMark level : result.levels) {
        level.center_px = moved(level.center_px);
        shown.levels.push_back(std::move(level));
    }
    highlight.seed_px = moved(highlight.seed_px);
    std::transform(highlight.path_px.begin(), highlight.path_px.end(), highlight.path_px.begin(),
                   moved);
    highlight.bbox_px.x -= part.x;
    highlight.bbox_px.y -= part.y;
    shown.highlights.push_back(std::move(highlight));
    return shown;
}

}  // namespace

FramedPicture framed(const RunResult& shown, ImageView<const float> opacity) {
    constexpr double kLeft = 98.0;
    constexpr double kRight = 42.0;
    constexpr double kAbove = 58.0;
    constexpr double kBelow = 58.0;
    constexpr double kSmallest = 512.0;
    constexpr double kLargest = 1024.0;
    const double longest = std::max(1, std::max(opacity.width(), opacity.height()));
    picture::ImagePlace place;
    place.scale = std::clamp(longest, kSmallest, kLargest) / longest;
    place.box = {kLeft, kAbove, opacity.width() * place.scale, opacity.height() * place.scale};
    const double below = kBelow + picture::bar_drop(place);
    Canvas canvas(static_cast<int>(std::ceil(kLeft + place.box.width + kRight)),
                  static_cast<int>(std::ceil(kAbove + place.box.height + below)),
                  picture::kSurround);
    picture::draw_opacity(canvas, place, opacity, dsm::Tone(opacity));
    picture::draw_levels(canvas, place, shown);
    picture::draw_highlights(canvas, place, shown);
    picture::draw_orientation(canvas, place, shown);
    picture::draw_millimetres(canvas, place, shown.run);
    return {std::move(canvas), place};
}

Result<Picture> picture_of(const Canvas& canvas, std::string caption) {
    auto png = canvas.png();
    if (!png) {
        return tl::unexpected(png.error());
    }
    return Picture{std::move(*png), static_cast<int>(canvas.width()),
                   static_cast<int>(canvas.height()), std::move(caption)};
}

std::string frame_caption(const RunInfo& run, FrameIndex frame) {
    const auto time_s = time_of(run, frame);
    return "Subtracted frame " + std::to_string(frame + 1) + " of " + std::to_string(run.frames) +
           (time_s ? ", " + number(*time_s, 1) + " s" : std::string());
}

Result<Picture> peak_picture(const RunResult& result) {
    return picture_of(framed(result, result.peak_opacity.view()).canvas,
                      "Peak opacity over the whole run; dark is contrast.");
}

Result<Picture> close_up(const RunResult& result, const Highlight& highlight,
                         ImageView<const float> opacity, FrameIndex frame) {
    const PixelRect part = around(highlight, opacity);
    Image<float> cut({part.width, part.height});
    for (int y = 0; y < part.height; ++y) {
        for (int x = 0; x < part.width; ++x) {
            cut(x, y) = opacity(part.x + x, part.y + y);
        }
    }
    return picture_of(framed(within(result, part, highlight), cut.view()).canvas,
                      frame_caption(result.run, frame) + ", around the finding; dark is contrast.");
}

Result<Picture> curves_picture(const RunResult& result) {
    auto curves = picture_of(timeline_picture(result, TimelineFrame::bare),
                             "Opacity against time: the sac, and each highlight with its noise; "
                             "below, how good the subtraction of each frame is.");
    if (curves) {
        curves->size = Picture::Size::page;
    }
    return curves;
}

Result<Section> pictures_section(const ReportRequest& request) {
    Section section{"Pictures and curves", {}};
    if (!request.result.peak_opacity.empty()) {
        auto peak = peak_picture(request.result);
        if (!peak) {
            return tl::unexpected(peak.error());
        }
        section.blocks.emplace_back(std::move(*peak));
    }
    auto curves = curves_picture(request.result);
    if (!curves) {
        return tl::unexpected(curves.error());
    }
    section.blocks.emplace_back(std::move(*curves));
    return section;
}

}  // namespace dsm::reading
