#include "dsp/pipeline/result_check.h"

#include <cmath>
#include <set>

namespace dsm {
namespace {

bool finite(Point p) {
    return std::isfinite(p.x) && std::isfinite(p.y);
}
bool finite(const std::optional<double>& value) {
    return !value || std::isfinite(*value);
}
bool finite(const std::vector<Point>& points) {
    for (const Point p : points) {
        if (!finite(p)) {
            return false;
        }
    }
    return true;
}

// Curves may have gaps (NaN, written as null), but one entry per time.
std::string problem_in(const OpacityCurve& curve) {
    if (curve.noise.size() != curve.opacity.size()) {
        return "has noise and opacity of different lengths";
    }
    if (!curve.time_s.empty() && curve.time_s.size() != curve.opacity.size()) {
        return "has times and opacities of different lengths";
    }
    for (const double time : curve.time_s) {
        if (!std::isfinite(time)) {
            return "has a time that is not a number";
        }
    }
    return {};
}

class Check {
 public:
    explicit Check(const RunResult& result) : result_(result) {}

    std::string run() {
        check_run();
        check_motion();
        check_levels();
        for (std::size_t i = 0; i < result_.highlights.size(); ++i) {
            check_highlight(result_.highlights[i], "highlights[" + std::to_string(i) + "]");
        }
        check_coverage();
        check_live();
        require(finite(result_.sac_axis_px), "sac.axis_px",
                "holds a position that is not a number");
        check_curve(result_.sac_curve, "sac.curve");
        const Timing& timing = result_.timing;
        require(std::isfinite(timing.load_ms) && std::isfinite(timing.per_frame_p50_ms) &&
                    std::isfinite(timing.per_frame_p99_ms) && std::isfinite(timing.total_ms),
                "timing_ms", "holds a value that is not a number");
        return problem_;
    }

 private:
    void require(bool holds, const std::string& field, const std::string& what) {
        if (!holds && problem_.empty()) {
            problem_ = field + " " + what;
        }
    }
    [[nodiscard]] bool is_frame(FrameIndex frame) const {
        return frame >= 0 && frame < result_.run.frames;
    }
    void check_curve(const OpacityCurve& curve, const std::string& field) {
        const std::string wrong = problem_in(curve);
        require(wrong.empty(), field, wrong);
    }

    void check_run() {
        const RunInfo& run = result_.run;
        require(run.extent.width >= 0 && run.extent.height >= 0 && run.frames >= 0, "run",
                "has a negative size");
        require(run.frame_time_s.empty() ||
                    run.frame_time_s.size() == static_cast<std::size_t>(run.frames),
                "run.frame_time_s", "does not have one entry per frame");
        for (const double time : run.frame_time_s) {
            require(std::isfinite(time), "run.frame_time_s", "holds a value that is not a number");
        }
        require(
            !run.spacing || (std::isfinite(run.spacing->row_mm) && run.spacing->row_mm > 0.0 &&
                             std::isfinite(run.spacing->column_mm) && run.spacing->column_mm > 0.0),
            "run.pixel_spacing_mm", "is not positive");
        for (const FrameIndex mask : result_.mask_frames) {
            require(is_frame(mask), "masks.frames", "names a frame that the run does not have");
        }
        require(finite(result_.false_contrast_rate), "masks.false_contrast_rate",
                "is not a number");
        require(finite(result_.corridor.median_mm) && finite(result_.corridor.high_mm) &&
                    finite(result_.corridor.median_artefact_ratio),
                "corridor", "holds a value that is not a number");
        require(!result_.first_contrast_frame || is_frame(*result_.first_contrast_frame),
                "first_contrast_frame", "is outside the run");
    }

    void check_motion() {
        for (std::size_t i = 0; i < result_.motion.size(); ++i) {
            const FrameMotion& motion = result_.motion[i];
            const std::string field = "motion[" + std::to_string(i) + "]";
            require(is_frame(motion.frame), field + ".frame", "is outside the run");
            for (const FrameIndex mask : motion.masks) {
                require(is_frame(mask), field + ".masks",
                        "names a frame that the run does not have");
            }
            require(motion.quality == Quality::no_mask ||
                        (finite(motion.mean_px) && std::isfinite(motion.max_px)),
                    field, "has a displacement that is not a number");
            require(finite(motion.artefact_ratio) && finite(motion.worst_artefact_ratio),
                    field + ".artefact_ratio", "is not a number");
            require(finite(motion.corridor_artefact_ratio) && finite(motion.corridor_residual_mm),
                    field + ".corridor_residual_mm", "is not a number");
        }
    }

    void check_levels() {
        for (std::size_t i = 0; i < result_.levels.size(); ++i) {
            const std::string field = "levels[" + std::to_string(i) + "]";
            require(finite(result_.levels[i].center_px), field + ".center_px", "is not a position");
            require(!result_.levels[i].label.empty(), field + ".label", "is empty");
        }
    }

    void check_highlight(const Highlight& highlight, const std::string& field) {
        require(ids_.insert(highlight.id).second, field + ".id", "is used twice");
        require(highlight.confidence >= 0.0 && highlight.confidence <= 1.0, field + ".confidence",
                "is not between 0 and 1");
        require(is_frame(highlight.onset_frame), field + ".onset_frame", "is outside the run");
        require(is_frame(highlight.alarm_frame), field + ".alarm_frame", "is outside the run");
        require(finite(highlight.seed_px), field + ".seed_px", "is not a position");
        require(finite(highlight.path_px), field + ".path_px",
                "holds a position that is no number");
        require(highlight.bbox_px.width >= 0 && highlight.bbox_px.height >= 0, field + ".bbox_px",
                "has a negative size");
        require(!highlight.width_mm ||
                    (std::isfinite(*highlight.width_mm) && *highlight.width_mm >= 0.0),
                field + ".width_mm", "is not a width");
        require(std::isfinite(highlight.peak_opacity), field + ".peak_opacity", "is not a number");
        require(finite(highlight.delay_after_sac_s), field + ".delay_after_sac_s",
                "is not a number");
        check_curve(highlight.curve, field + ".curve");
    }

    void check_coverage() {
        for (std::size_t i = 0; i < result_.coverage.size(); ++i) {
            const LevelCoverage& entry = result_.coverage[i];
            const std::string field = "coverage[" + std::to_string(i) + "]";
            require(!entry.level.empty(), field + ".level", "is empty");
            require(finite(entry.sac_arrival_s), field + ".sac_arrival_s", "is not a number");
            require(finite(entry.watched_s), field + ".watched_s", "is not a number");
            require(finite(entry.detectable_opacity), field + ".detectable_opacity",
                    "is not a number");
        }
    }

    void check_live() {
        if (!result_.live) {
            return;
        }
        for (const LiveGap& gap : result_.live->gaps) {
            require(gap.before_frame >= 0 && gap.before_frame <= result_.run.frames &&
                        gap.missing.value_or(0) >= 0,
                    "live.gaps", "names a frame that the run does not have");
        }
        const LiveLatency latency = result_.live->latency.value_or(LiveLatency{});
        require(std::isfinite(latency.p50_ms) && std::isfinite(latency.p95_ms) &&
                    std::isfinite(latency.p99_ms) && std::isfinite(latency.max_ms),
                "live.latency_ms", "holds a value that is not a number");
    }

    const RunResult& result_;
    std::set<int> ids_;
    std::string problem_;
};

}  // namespace

std::string problem_in(const RunResult& result) {
    return Check(result).run();
}

}  // namespace dsm
