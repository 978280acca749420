#include "viewer/curves.h"

#include <spdlog/fmt/fmt.h>

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
