#include "viewer/curves.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "dsp/review/measure.h"
#include "viewer/study/region_curve.h"

namespace dsm::viewer {

namespace {

void add_probe(const Workspace& workspace, const SubtractionJob& job,
               std::vector<CurveSeries>& series) {
    if (!workspace.view.probe_px) {
        return;
    }
    const auto& at = *workspace.view.probe_px;
    const auto region = pixels_around(at, kProbeRadius_px, workspace.run()->info().extent);
    if (!region.empty()) {
        series.push_back({fmt::format("at {:.0f}, {:.0f}", at.x, at.y), CurveSeries::Of::probe, 0,
                          region_curve(job, workspace.run()->info(), region)});
    }
}

void add_regions(const Workspace& workspace, const SubtractionJob& job,
                 std::vector<CurveSeries>& series) {
    int index = 0;
    for (const auto& annotation : workspace.run_review().annotations) {
        if (!is_region(annotation.shape)) {
            continue;
        }
        if (annotation.shows_curve) {
            const auto region = pixels_of(annotation.shape, workspace.run()->info().extent);
            series.push_back({label_of(annotation, workspace.run()->info()),
                              CurveSeries::Of::region, index,
                              region_curve(job, workspace.run()->info(), region)});
        }
        ++index;
    }
}

void add_highlight(const Workspace& workspace, std::vector<CurveSeries>& series) {
    const auto chosen = workspace.run_view().selected_highlight;
    const auto findings = shown_findings(workspace);
    if (!chosen || findings == nullptr) {
        return;
    }
    for (const auto& highlight : findings->highlights) {
        if (highlight.id == *chosen && !highlight.curve.opacity.empty()) {
            auto curve = highlight.curve;
            if (!workspace.run()->info().has_timing()) {
                for (std::size_t i = 0; i < curve.time_s.size(); ++i) {
                    curve.time_s[i] = static_cast<double>(i + 1);
                }
            }
            series.push_back({fmt::format("highlight {}", highlight.id), CurveSeries::Of::highlight,
                              highlight.id, std::move(curve)});
        }
    }
}

std::vector<Shape> region_shapes(const RunReview& review) {
    std::vector<Shape> shapes;
    for (const auto& annotation : review.annotations) {
        if (is_region(annotation.shape) && annotation.shows_curve) {
            shapes.push_back(annotation.shape);
        }
    }
    return shapes;
}

}  // namespace

std::vector<CurveSeries> curve_series(const Workspace& workspace) {
    std::vector<CurveSeries> series;
    const auto* job = workspace.run() == nullptr
                          ? nullptr
                          : workspace.run()->job_with(workspace.run_view().frame);
    if (job != nullptr) {
        add_highlight(workspace, series);
        add_regions(workspace, *job, series);
        add_probe(workspace, *job, series);
    }
    return series;
}

CurveSpan whole_span(const RunInfo& info) {
    const CurveSpan span = info.has_timing()
                               ? CurveSpan{info.frame_time_s.front(), info.frame_time_s.back()}
                               : CurveSpan{1.0, static_cast<double>(info.frames)};
    return {span.first, std::max(span.last, span.first + 1e-3)};
}

CurveSpan shown_span(const Workspace& workspace) {
    const auto whole = whole_span(workspace.run()->info());
    const auto& chosen = workspace.run_view().curve_span;
    return chosen ? moved(*chosen, 0.0, whole) : whole;
}

CurveSpan zoomed(const CurveSpan& span, double at, double factor, const CurveSpan& whole) {
    const double most = whole.last - whole.first;
    const double length = std::clamp((span.last - span.first) / factor, kShortestSpan * most, most);
    const double part = std::clamp((at - span.first) / (span.last - span.first), 0.0, 1.0);
    const double first = at - part * length;
    return moved({first, first + length}, 0.0, whole);
}

CurveSpan moved(const CurveSpan& span, double by, const CurveSpan& whole) {
    const double length = std::min(span.last - span.first, whole.last - whole.first);
    const double first = std::clamp(span.first + by, whole.first, whole.last - length);
    return {first, first + length};
}

std::optional<std::size_t> nearest_entry(const OpacityCurve& curve, double at) {
    const auto count = std::min(curve.time_s.size(), curve.opacity.size());
    std::optional<std::size_t> nearest;
    for (std::size_t i = 0; i < count; ++i) {
        if (!nearest || std::abs(curve.time_s[i] - at) < std::abs(curve.time_s[*nearest] - at)) {
            nearest = i;
        }
    }
    return nearest;
}

std::optional<std::size_t> entry_at(const OpacityCurve& curve, double time) {
    const auto nearest = nearest_entry(curve, time);
    return nearest && curve.time_s[*nearest] == time ? nearest : std::nullopt;
}

FrameIndex nearest_frame(const RunInfo& info, double at) {
    const int last = std::max(0, info.frames - 1);
    if (!info.has_timing()) {
        return static_cast<FrameIndex>(std::lround(std::clamp(at - 1.0, 0.0, 1.0 * last)));
    }
    const auto& times = info.frame_time_s;
    const auto nearest = std::min_element(times.begin(), times.end(), [at](double a, double b) {
        return std::abs(a - at) < std::abs(b - at);
    });
    return std::clamp(static_cast<FrameIndex>(nearest - times.begin()), 0, last);
}

const std::vector<CurveSeries>& CurveCache::series(const Workspace& workspace) {
    const auto* job = workspace.run() == nullptr
                          ? nullptr
                          : workspace.run()->job_with(workspace.run_view().frame);
    if (job == nullptr) {
        series_.clear();
        key_ = {};
        return series_;
    }
    Key now{job,
            job->serial(),
            job->snapshot()->motion.size(),
            workspace.view.probe_px,
            findings_withheld(workspace) ? std::nullopt : workspace.run_view().selected_highlight,
            region_shapes(workspace.run_review())};
    if (now == key_) {
        return series_;
    }
    key_ = std::move(now);
    series_ = curve_series(workspace);
    return series_;
}

}  // namespace dsm::viewer
