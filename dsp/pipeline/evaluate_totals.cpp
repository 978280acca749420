#include <algorithm>
#include <numeric>

#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/evaluate_opacity.h"

namespace dsm {
namespace {

std::optional<double> median_of(const std::vector<double>& values) {
    return values.empty() ? std::nullopt : std::optional(median(values));
}

std::optional<double> mean_of(const std::vector<double>& values) {
    if (values.empty()) {
        return std::nullopt;
    }
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Sensitivity against false alarms per run as the confidence asked for falls: the free-response
// curve (Bunch et al., J. Appl. Photogr. Eng. 4, 1978).
class FreeResponse {
 public:
    FreeResponse(std::vector<Detection> detections, int runs, int truths)
        : runs_(std::max(1, runs)), truths_(std::max(1, truths)) {
        std::stable_sort(
            detections.begin(), detections.end(),
            [](const Detection& a, const Detection& b) { return a.confidence > b.confidence; });
        Step at;
        for (const Detection& detection : detections) {
            (detection.first_there ? at.hits : at.false_alarms) += 1;
            steps_.push_back(at);
        }
    }

    // The best reached with at most `false_per_run`.
    [[nodiscard]] double sensitivity_at(double false_per_run) const {
        int best = 0;
        for (const Step& step : steps_) {
            if (step.false_alarms <= false_per_run * runs_) {
                best = step.hits;
            }
        }
        return static_cast<double>(best) / truths_;
    }
    // Mean of sensitivity_at over 0 .. 1 false alarm per run; a staircase, so exact.
    [[nodiscard]] double area() const {
        double sum = 0.0;
        for (int false_alarms = 0; false_alarms < runs_; ++false_alarms) {
            sum += sensitivity_at(static_cast<double>(false_alarms) / runs_);
        }
        return sum / runs_;
    }

 private:
    struct Step {
        int hits{0};
        int false_alarms{0};
    };
    int runs_;
    int truths_;
    std::vector<Step> steps_;
};

struct Collected {
    std::vector<double> delay, distance, squares, ratio, rms, sac, vein;
    std::vector<Detection> detections;
};

void collect(const RunScore& run, Totals& totals, Collected& all) {
    totals.truths += run.truths;
    totals.hits += static_cast<int>(run.hits.size());
    totals.false_alarms += run.false_alarms;
    totals.repeats += run.repeats;
    if (run.truths == 0 && !run.missing) {
        ++totals.negatives;
        totals.negatives_clean += run.false_alarms == 0 ? 1 : 0;
    }
    for (const Hit& hit : run.hits) {
        all.delay.push_back(hit.delay_s);
        all.distance.push_back(hit.distance_mm);
        totals.level_correct += hit.level_correct ? 1 : 0;
        totals.side_correct += hit.side_correct ? 1 : 0;
    }
    for (const Detection& detection : run.detections) {
        const double off = detection.confidence - (detection.near_leak ? 1.0 : 0.0);
        all.squares.push_back(off * off);
        all.detections.push_back(detection);
    }
    if (run.opacity) {
        all.ratio.push_back(run.opacity->artefact_ratio);
        all.rms.push_back(run.opacity->artefact_rms);
        if (run.opacity->kept_sac) {
            all.sac.push_back(*run.opacity->kept_sac);
        }
        all.vein.insert(all.vein.end(), run.opacity->kept_vein.begin(),
                        run.opacity->kept_vein.end());
    }
}

}  // namespace

Totals totals_of(const Score& score) {
    Totals totals;
    Collected all;
    totals.runs = static_cast<int>(score.runs.size());
    for (const RunScore& run : score.runs) {
        collect(run, totals, all);
    }
    totals.delay_s = median_of(all.delay);
    totals.distance_mm = median_of(all.distance);
    totals.brier = mean_of(all.squares);
    totals.brier_median = median_of(all.squares);
    totals.artefact_ratio = median_of(all.ratio);
    totals.artefact_rms = median_of(all.rms);
    totals.kept_sac = median_of(all.sac);
    totals.kept_vein = median_of(all.vein);
    const FreeResponse response(all.detections, totals.runs, totals.truths);
    if (totals.truths > 0) {
        totals.free_response_area = response.area();
    }
    totals.sensitivity_at_quarter = response.sensitivity_at(0.25);
    totals.sensitivity_at_half = response.sensitivity_at(0.5);
    totals.sensitivity_at_one = response.sensitivity_at(1.0);
    return totals;
}

}  // namespace dsm
