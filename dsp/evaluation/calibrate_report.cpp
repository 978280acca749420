#include <cstdio>

#include "dsp/evaluation/calibrate.h"
#include "dsp/pipeline/json_file.h"
#include "dsp/pipeline/text_table.h"

namespace dsm::evaluation {

using Json = nlohmann::ordered_json;

std::string calibration_text(const CalibrationFit& fit) {
    TextTable weights{{"feature", "weight"}};
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        weights.push_back(
            {std::string(kLeakFeatureNames[i]), figure(fit.calibration.weights[i], 3)});
    }
    weights.push_back({"bias", figure(fit.calibration.bias, 3)});
    TextTable bins{{"confidence", "lines", "mean", "true"}};
    for (const ReliabilityBin& bin : fit.reliability) {
        const bool any = bin.lines > 0;
        bins.push_back({figure(bin.from, 1) + "-" + figure(bin.to, 1), std::to_string(bin.lines),
                        any ? figure(bin.mean_confidence, 2) : "-",
                        any ? figure(bin.share_true, 2) : "-"});
    }
    char head[240];
    std::snprintf(head, sizeof head,
                  "%d runs, %d lines of a leak kind, %d of them true.\n"
                  "On runs left out: Brier %.3f (%.3f for the share of leaks said of each), "
                  "expected calibration error %.3f, area under ROC %.3f.\n",
                  fit.runs, fit.lines, fit.leaks, fit.brier, fit.brier_of_prior, fit.expected_error,
                  fit.area);
    return head + std::string("\n") + aligned(weights, "  ") + "\n" + aligned(bins, "  ");
}

std::string calibration_json(const CalibrationFit& fit, const std::string& provenance) {
    Json weights = Json::object();
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        weights[std::string(kLeakFeatureNames[i])] = number_or_null(fit.calibration.weights[i]);
    }
    Json bins = Json::array();
    for (const ReliabilityBin& bin : fit.reliability) {
        bins.push_back({{"from", bin.from},
                        {"to", bin.to},
                        {"lines", bin.lines},
                        {"mean_confidence", number_or_null(bin.mean_confidence)},
                        {"share_true", number_or_null(bin.share_true)}});
    }
    const Json json{{"schema", "dsm-calibration/1"},
                    {"provenance", provenance},
                    {"bias", number_or_null(fit.calibration.bias)},
                    {"weights", std::move(weights)},
                    {"low", number_or_null(fit.calibration.low)},
                    {"high", number_or_null(fit.calibration.high)},
                    {"offset", number_or_null(fit.calibration.offset)},
                    {"fitted_on", {{"runs", fit.runs}, {"lines", fit.lines}, {"leaks", fit.leaks}}},
                    {"on_runs_left_out",
                     {{"brier", number_or_null(fit.brier)},
                      {"brier_of_prior", number_or_null(fit.brier_of_prior)},
                      {"expected_calibration_error", number_or_null(fit.expected_error)},
                      {"area_under_roc", number_or_null(fit.area)},
                      {"reliability", std::move(bins)}}}};
    return json_text(json) + "\n";
}

}  // namespace dsm::evaluation
