// What the reader drew: listed, and shown in the frames it was drawn in.
#include <algorithm>
#include <set>

#include "dsp/reading/curve_picture.h"
#include "dsp/reading/drawn_marks.h"
#include "dsp/reading/framed_picture.h"
#include "dsp/reading/sections.h"
#include "dsp/review/measure.h"

namespace dsm::reading {

namespace {

std::string frames_of(const Annotation& mark) {
    if (!mark.frames) {
        return "whole run";
    }
    return std::to_string(mark.frames->first + 1) +
           (mark.frames->last > mark.frames->first ? "-" + std::to_string(mark.frames->last + 1)
                                                   : "");
}

Table marks_table(const RunInfo& run, const RunReview& review) {
    Table table{{"Mark", "Frames", "Text", "By"}, {0.26, 0.14, 0.38, 0.22}, {}};
    for (const Annotation& mark : review.annotations) {
        const auto measured = measured_text(mark.shape, run);
        table.rows.push_back({{std::to_string(mark.id) + " " + name_of(mark.shape) +
                               (measured ? ", " + *measured : std::string())},
                              {frames_of(mark)},
                              {mark.text},
                              {mark.stamp.author}});
    }
    return table;
}

// The entry of its highest value.
Cell peak_of(const RunInfo& run, const OpacityCurve& curve) {
    const auto peak = std::max_element(curve.opacity.begin(), curve.opacity.end());
    if (peak == curve.opacity.end()) {
        return {"not measured", Tone::doubtful};
    }
    const auto at = static_cast<std::size_t>(peak - curve.opacity.begin());
    std::string words = number(*peak, 4);
    if (at < curve.time_s.size()) {
        words += run.has_timing() ? " at " + number(curve.time_s[at], 1) + " s"
                                  : " in frame " + number(curve.time_s[at], 0);
    }
    return {words};
}

Table regions_table(const ReportRequest& request) {
    Table table{{"Region", "Peak of its mean opacity", "Noise"}, {0.30, 0.42, 0.28}, {}};
    for (const Annotation& mark : request.review.annotations) {
        if (!is_region(mark.shape)) {
            continue;
        }
        const auto found = request.region_curves.find(mark.id);
        const OpacityCurve curve =
            found == request.region_curves.end() ? OpacityCurve{} : found->second;
        const auto noise = median_of(curve.noise);
        table.rows.push_back({{label_of(mark, request.result.run)},
                              peak_of(request.result.run, curve),
                              {noise ? number(*noise, 4) : "not measured"}});
    }
    return table;
}

// What the regions say, as numbers and as curves; nothing where there are none.
Result<void> add_regions(const ReportRequest& request, Section& section) {
    Table table = regions_table(request);
    if (table.rows.empty()) {
        return {};
    }
    section.blocks.emplace_back(std::move(table));
    section.blocks.emplace_back(Paragraph{
        Paragraph::Style::note,
        "Mean over the pixels of the region. Noise is one standard error of that mean in one "
        "frame, from the noise of each pixel; the median over the run."});
    std::vector<NamedCurve> curves;
    for (const Annotation& mark : request.review.annotations) {
        if (const auto found = request.region_curves.find(mark.id);
            found != request.region_curves.end() && !found->second.opacity.empty()) {
            curves.push_back({label_of(mark, request.result.run), found->second});
        }
    }
    if (curves.empty()) {
        return {};
    }
    auto drawn = picture_of(curves_chart(request.result.run, curves, {840, 400}),
                            "Mean opacity in the regions of the reader against time, with one "
                            "standard error.");
    if (!drawn) {
        return tl::unexpected(drawn.error());
    }
    drawn->size = Picture::Size::page;
    section.blocks.emplace_back(std::move(*drawn));
    return {};
}

// Each mark's first frame; the last of the run for those that hold for all of it.
std::set<FrameIndex> frames_to_show(const RunReview& review, int frames) {
    std::set<FrameIndex> shown;
    for (const Annotation& mark : review.annotations) {
        if (mark.frames) {
            shown.insert(std::clamp(mark.frames->first, 0, std::max(0, frames - 1)));
        }
    }
    if (shown.empty()) {
        shown.insert(std::max(0, frames - 1));
    }
    return shown;
}

Result<Picture> marked_frame(const ReportRequest& request, ImageView<const float> opacity,
                             FrameIndex frame) {
    RunResult shown;
    shown.run = request.result.run;
    shown.levels = request.result.levels;
    const FramedPicture picture = framed(shown, opacity);
    for (const Annotation& mark : request.review.annotations) {
        if (!mark.frames || mark.frames->contains(frame)) {
            draw_mark(picture.canvas, picture.place, mark.shape, std::to_string(mark.id));
        }
    }
    return picture_of(picture.canvas, frame_caption(shown.run, frame) +
                                          ", with the marks of the reader; dark is contrast.");
}

}  // namespace

Result<void> add_marks(const ReportRequest& request, Section& section) {
    constexpr std::size_t kMostPictures = 6;
    if (request.review.annotations.empty()) {
        return {};
    }
    section.blocks.emplace_back(Paragraph{Paragraph::Style::heading, "Marks of the reader"});
    section.blocks.emplace_back(marks_table(request.result.run, request.review));
    if (auto added = add_regions(request, section); !added) {
        return added;
    }
    std::size_t pictures = 0;
    for (const FrameIndex frame : frames_to_show(request.review, request.result.run.frames)) {
        const auto opacity =
            request.opacity_of ? request.opacity_of(frame) : std::optional<Image<float>>{};
        if (!opacity || pictures == kMostPictures) {
            break;
        }
        auto picture = marked_frame(request, opacity->view(), frame);
        if (!picture) {
            return tl::unexpected(picture.error());
        }
        section.blocks.emplace_back(std::move(*picture));
        ++pictures;
    }
    return {};
}

}  // namespace dsm::reading
