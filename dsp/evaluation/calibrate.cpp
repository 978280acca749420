#include "dsp/evaluation/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <opencv2/core.hpp>
#include <optional>

#include "dsp/opacification/decoys.h"
#include "dsp/pipeline/candidates_json.h"
#include "dsp/pipeline/evaluate.h"

namespace dsm::evaluation {
namespace {

constexpr double kRidge = 8.0;
// Half of what likelihood ratios made one expect before anything was fitted; in the order of
// kLeakFeatureNames.
constexpr LeakFeatureValues kPrior{0.5,  0.5, 0.4, 0.45, 0.5,  0.35, 0.35, 0.2,  0.3,
                                   0.3,  0.5, 0.5, 0.25, 0.25, 0.25, 0.15, 0.15, 0.15,
                                   0.15, 0.5, 0.3, 0.3,  0.2,  0.3,  0.2,  0.15, 0.3};
constexpr int kFolds = 5;
constexpr int kBins = 5;
constexpr int kFewestLeaks = 20;

// A line is a leak where it runs along one; a sleeve of the same foramen only comes near. Less of
// it than this share, and it is neither: it says nothing of either kind.
constexpr double kMostlyOnLeak = 0.4;
constexpr double kAlong_mm = 2.5;

// Share of its path that runs along a true leak, by place alone: when a line was found is not what
// is learnt here. Nothing when it only comes near one.
std::optional<double> share_on_true_leak(const CandidateRecord& candidate, const Truth& truth) {
    double share = 0.0;
    for (const TrueStructure& leak : truth.structures) {
        if (!is_leak_word(leak.kind)) {
            continue;
        }
        const double reach_px = reach_mm(leak, kAlong_mm) / truth.pixel_mm;
        const auto on = std::count_if(
            candidate.path_px.begin(), candidate.path_px.end(),
            [&](Point p) { return distance_to_polyline(p, leak.path_px) <= reach_px; });
        share = std::max(share, static_cast<double>(on) / static_cast<double>(std::max<std::size_t>(
                                                              1, candidate.path_px.size())));
    }
    constexpr FrameIndex kLate = std::numeric_limits<FrameIndex>::max();
    const bool near = on_true_leak(candidate.path_px, kLate, truth);
    return near && share < kMostlyOnLeak ? std::nullopt : std::optional(near ? share : 0.0);
}

struct Sample {
    const LeakFeatureValues* features;
    bool leak;
};

double logistic(double z) {
    return 1.0 / (1.0 + std::exp(-z));
}

// Minus the logarithm of the likelihood, plus the ridge's share.
double misfit(const cv::Mat& x, const cv::Mat& y, const cv::Mat& w, const cv::Mat& prior,
              const cv::Mat& penalty) {
    const cv::Mat z = x * w;
    double sum = 0.0;
    for (int i = 0; i < x.rows; ++i) {
        const double speaks = y.at<double>(i) > 0.5 ? z.at<double>(i) : -z.at<double>(i);
        sum +=
            speaks > 0.0 ? std::log1p(std::exp(-speaks)) : -speaks + std::log1p(std::exp(speaks));
    }
    const cv::Mat off = w - prior;
    return sum + 0.5 * off.dot(penalty * off);
}

// Newton's method for logistic regression with a ridge around `prior`; columns of `x` are the
// terms, the last a constant that the ridge leaves alone.
cv::Mat regress(const cv::Mat& x, const cv::Mat& y, const cv::Mat& prior, double ridge) {
    const int terms = x.cols;
    cv::Mat w = prior.clone();
    cv::Mat penalty = ridge * cv::Mat::eye(terms, terms, CV_64F);
    penalty.at<double>(terms - 1, terms - 1) = 1e-9;
    for (int round = 0; round < 60; ++round) {
        const cv::Mat z = x * w;
        cv::Mat weighted = x.clone();
        cv::Mat error(x.rows, 1, CV_64F);
        for (int i = 0; i < x.rows; ++i) {
            const double p = logistic(z.at<double>(i));
            weighted.row(i) *= std::max(1e-9, p * (1.0 - p));
            error.at<double>(i) = y.at<double>(i) - p;
        }
        cv::Mat step;
        cv::solve(x.t() * weighted + penalty, x.t() * error - penalty * (w - prior), step,
                  cv::DECOMP_CHOLESKY);
        // A full step may overshoot, and go back and forth for ever: halved until it helps.
        const double here = misfit(x, y, w, prior, penalty);
        double part = 1.0;
        while (part > 1e-6 && misfit(x, y, w + part * step, prior, penalty) > here) {
            part *= 0.5;
        }
        w += part * step;
        if (cv::norm(step) < 1e-9) {
            break;
        }
    }
    return w;
}

// Leaves out, one after the other, features whose weight would be negative.
LeakCalibration fit_weights(const std::vector<Sample>& samples) {
    std::vector<std::size_t> used(kLeakFeatures);
    std::iota(used.begin(), used.end(), std::size_t{0});
    while (true) {
        const int terms = static_cast<int>(used.size()) + 1;
        cv::Mat x(static_cast<int>(samples.size()), terms, CV_64F);
        cv::Mat y(x.rows, 1, CV_64F);
        for (int i = 0; i < x.rows; ++i) {
            const Sample& sample = samples[static_cast<std::size_t>(i)];
            for (int k = 0; k + 1 < terms; ++k) {
                x.at<double>(i, k) = (*sample.features)[used[static_cast<std::size_t>(k)]];
            }
            x.at<double>(i, terms - 1) = 1.0;
            y.at<double>(i) = sample.leak ? 1.0 : 0.0;
        }
        cv::Mat prior = cv::Mat::zeros(terms, 1, CV_64F);
        for (int k = 0; k + 1 < terms; ++k) {
            prior.at<double>(k) = kPrior[used[static_cast<std::size_t>(k)]];
        }
        const cv::Mat w = regress(x, y, prior, kRidge);
        int lowest = -1;
        for (int k = 0; k + 1 < terms; ++k) {
            if (w.at<double>(k) < 0.0 && (lowest < 0 || w.at<double>(k) < w.at<double>(lowest))) {
                lowest = k;
            }
        }
        if (lowest < 0) {
            LeakCalibration fitted;
            fitted.bias = w.at<double>(terms - 1);
            for (int k = 0; k + 1 < terms; ++k) {
                fitted.weights[used[static_cast<std::size_t>(k)]] = w.at<double>(k);
            }
            return fitted;
        }
        used.erase(used.begin() + lowest);
    }
}

std::vector<Sample> samples_of(const std::vector<LabelledRun>& runs, int fold_left_out) {
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (static_cast<int>(i % kFolds) != fold_left_out) {
            for (const LabelledRun::Line& line : runs[i].bright) {
                samples.push_back({&line.features, line.leak});
            }
        }
    }
    return samples;
}

struct Judged {
    double confidence;  // beside the run's decoys
    bool leak;
};

void judge(const LabelledRun& run, const LeakCalibration& how, std::vector<Judged>& judged) {
    for (const bool over : {false, true}) {
        std::vector<double> decoys;
        for (const LeakFeatureValues& dark : run.dark) {
            if (over_sac(dark) == over) {
                decoys.push_back(log_odds(dark, how));
            }
        }
        std::sort(decoys.rbegin(), decoys.rend());
        for (const LabelledRun::Line& line : run.bright) {
            if (over_sac(line.features) == over) {
                const double p = confidence_beside(decoys, log_odds(line.features, how));
                judged.push_back({std::clamp(p, 1e-4, 1.0 - 1e-4), line.leak});
            }
        }
    }
}

// Beta calibration; a side whose slope would be negative is left flat.
void fit_scaling(const std::vector<Judged>& judged, LeakCalibration& how) {
    std::vector<int> sides{0, 1};
    while (true) {
        const int terms = static_cast<int>(sides.size()) + 1;
        cv::Mat x(static_cast<int>(judged.size()), terms, CV_64F);
        cv::Mat y(x.rows, 1, CV_64F);
        for (int i = 0; i < x.rows; ++i) {
            const Judged& line = judged[static_cast<std::size_t>(i)];
            const std::array<double, 2> value{std::log(line.confidence),
                                              -std::log(1.0 - line.confidence)};
            for (int k = 0; k + 1 < terms; ++k) {
                x.at<double>(i, k) =
                    value[static_cast<std::size_t>(sides[static_cast<std::size_t>(k)])];
            }
            x.at<double>(i, terms - 1) = 1.0;
            y.at<double>(i) = line.leak ? 1.0 : 0.0;
        }
        const cv::Mat w = regress(x, y, cv::Mat::zeros(terms, 1, CV_64F), 1e-6);
        const auto wrong = std::find_if(sides.begin(), sides.end(), [&](const int& side) {
            return w.at<double>(static_cast<int>(&side - sides.data())) < 0.0;
        });
        if (wrong != sides.end()) {
            sides.erase(wrong);
            continue;
        }
        std::array<double, 2> slopes{};
        for (int k = 0; k + 1 < terms; ++k) {
            slopes[static_cast<std::size_t>(sides[static_cast<std::size_t>(k)])] = w.at<double>(k);
        }
        how.low = slopes[0];
        how.high = slopes[1];
        how.offset = w.at<double>(terms - 1);
        return;
    }
}

// Share of pairs of a leak and another line in which the leak is judged surer; ties count half.
double area_of(const std::vector<Judged>& judged) {
    double right = 0.0;
    double pairs = 0.0;
    for (const Judged& leak : judged) {
        for (const Judged& other : judged) {
            if (leak.leak && !other.leak) {
                right += leak.confidence > other.confidence
                             ? 1.0
                             : (leak.confidence == other.confidence ? 0.5 : 0.0);
                pairs += 1.0;
            }
        }
    }
    return pairs > 0.0 ? right / pairs : 0.0;
}

void measure(const std::vector<Judged>& judged, CalibrationFit& fit) {
    fit.reliability.resize(kBins);
    for (int b = 0; b < kBins; ++b) {
        auto& bin = fit.reliability[static_cast<std::size_t>(b)];
        bin.from = static_cast<double>(b) / kBins;
        bin.to = static_cast<double>(b + 1) / kBins;
    }
    const double prior = static_cast<double>(fit.leaks) / fit.lines;
    for (const Judged& line : judged) {
        const double p = calibrated(line.confidence, fit.calibration);
        const double truth = line.leak ? 1.0 : 0.0;
        fit.brier += (p - truth) * (p - truth) / fit.lines;
        fit.brier_of_prior += (prior - truth) * (prior - truth) / fit.lines;
        auto& bin = fit.reliability[static_cast<std::size_t>(
            std::clamp(static_cast<int>(p * kBins), 0, kBins - 1))];
        ++bin.lines;
        bin.mean_confidence += p;
        bin.share_true += truth;
    }
    for (ReliabilityBin& bin : fit.reliability) {
        if (bin.lines > 0) {
            bin.mean_confidence /= bin.lines;
            bin.share_true /= bin.lines;
            fit.expected_error +=
                std::abs(bin.mean_confidence - bin.share_true) * bin.lines / fit.lines;
        }
    }
    fit.area = area_of(judged);
}

}  // namespace

Result<std::vector<LabelledRun>> label_runs(const std::filesystem::path& results,
                                            const std::filesystem::path& truths) {
    std::vector<LabelledRun> runs;
    for (const TruthAndResult& pair : pairs_of(results, truths)) {
        const auto truth = read_truth(pair.truth);
        if (!truth) {
            return tl::unexpected(truth.error());
        }
        if (truth->held_out) {
            return fail(ErrorKind::invalid_input, pair.truth.string(),
                        "belongs to the held-out split, which is never fitted on",
                        "make runs with dsm phantom --cohort N --split train");
        }
        const auto candidates = read_candidates(pair.result.parent_path() / "candidates.json");
        if (!candidates) {
            return tl::unexpected(candidates.error());
        }
        LabelledRun run;
        run.name = pair.name;
        for (const CandidateRecord& candidate : *candidates) {
            if (!is_leak(candidate.kind)) {
                continue;
            }
            if (candidate.dark) {
                run.dark.push_back(candidate.features);
            } else if (const auto share = share_on_true_leak(candidate, *truth)) {
                run.bright.push_back({candidate.features, *share > 0.0});
            }
        }
        runs.push_back(std::move(run));
    }
    if (runs.empty()) {
        return fail(ErrorKind::not_found, truths.string(), "holds no truth.json",
                    "give the folder that dsm phantom wrote, or the one above");
    }
    return runs;
}

Result<CalibrationFit> fit_calibration(const std::vector<LabelledRun>& runs) {
    CalibrationFit fit;
    fit.runs = static_cast<int>(runs.size());
    for (const LabelledRun& run : runs) {
        fit.lines += static_cast<int>(run.bright.size());
        fit.leaks += static_cast<int>(std::count_if(run.bright.begin(), run.bright.end(),
                                                    [](const auto& line) { return line.leak; }));
    }
    if (fit.runs < 2 * kFolds || fit.leaks < kFewestLeaks || fit.lines - fit.leaks < kFewestLeaks) {
        return fail(ErrorKind::invalid_input, "calibrate",
                    std::to_string(fit.leaks) + " true and " +
                        std::to_string(fit.lines - fit.leaks) + " other lines in " +
                        std::to_string(fit.runs) + " runs are too few",
                    "give at least " + std::to_string(2 * kFolds) + " runs with " +
                        std::to_string(kFewestLeaks) + " lines of both kinds");
    }
    std::vector<Judged> judged;
    for (int fold = 0; fold < kFolds; ++fold) {
        const LeakCalibration without = fit_weights(samples_of(runs, fold));
        for (std::size_t i = 0; i < runs.size(); ++i) {
            if (static_cast<int>(i % kFolds) == fold) {
                judge(runs[i], without, judged);
            }
        }
    }
    fit.calibration = fit_weights(samples_of(runs, -1));
    fit_scaling(judged, fit.calibration);
    measure(judged, fit);
    return fit;
}

}  // namespace dsm::evaluation
