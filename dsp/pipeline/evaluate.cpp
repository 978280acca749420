#include "dsp/pipeline/evaluate.h"

#include <algorithm>
#include <limits>
#include <set>
#include <system_error>

#include "dsp/pipeline/evaluate_opacity.h"
#include "dsp/pipeline/result_json.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

struct Match {
    std::size_t leak;
    double distance_mm;
};

double distance_mm(const std::vector<Point>& points, const TrueStructure& leak, double pixel_mm) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Point point : points) {
        nearest = std::min(nearest, distance_to_polyline(point, leak.path_px));
    }
    return nearest * pixel_mm;
}

std::optional<Match> best_match(const std::vector<Point>& points, FrameIndex frame,
                                const std::vector<const TrueStructure*>& leaks, double pixel_mm) {
    std::optional<Match> best;
    for (std::size_t i = 0; i < leaks.size(); ++i) {
        const TrueStructure& leak = *leaks[i];
        const double away = distance_mm(points, leak, pixel_mm);
        const bool in_time = frame >= leak.onset_frame - kEarliestBeforeOnset;
        if (away <= reach_mm(leak, kHitDistance_mm) && in_time &&
            (!best || away < best->distance_mm)) {
            best = Match{i, away};
        }
    }
    return best;
}

std::vector<const TrueStructure*> leaks_of(const Truth& truth) {
    std::vector<const TrueStructure*> leaks;
    for (const TrueStructure& structure : truth.structures) {
        if (is_leak_word(structure.kind)) {
            leaks.push_back(&structure);
        }
    }
    return leaks;
}

double delay_s(const Highlight& highlight, const TrueStructure& leak, const Truth& truth) {
    const auto time = [&](FrameIndex frame) {
        const auto last = static_cast<FrameIndex>(truth.frame_time_s.size()) - 1;
        return truth.frame_time_s[static_cast<std::size_t>(std::min(frame, last))];
    };
    return time(highlight.alarm_frame) - time(leak.onset_frame);
}

std::vector<const Highlight*> leaks_by_confidence(const RunResult& result) {
    std::vector<const Highlight*> order;
    for (const Highlight& highlight : result.highlights) {
        if (is_leak(highlight.kind)) {
            order.push_back(&highlight);
        }
    }
    std::stable_sort(order.begin(), order.end(), [](const Highlight* a, const Highlight* b) {
        return a->confidence > b->confidence;
    });
    return order;
}

RunScore missing_run(const std::string& name, const Truth& truth) {
    RunScore score;
    score.name = name;
    score.missing = true;
    score.truths = static_cast<int>(
        std::count_if(truth.structures.begin(), truth.structures.end(),
                      [](const TrueStructure& s) { return is_leak_word(s.kind); }));
    return score;
}

void score_pair(const TruthAndResult& pair, Score& score) {
    const auto truth = read_truth(pair.truth);
    if (!truth) {
        score.problems.push_back(truth.error());
        return;
    }
    const auto result = read_result_json(pair.result);
    if (!result) {
        score.problems.push_back(result.error());
        score.runs.push_back(missing_run(pair.name, *truth));
        return;
    }
    RunScore run = score_highlights(*result, *truth);
    run.name = pair.name;
    run.detail = detail_of(*result, *truth);
    const fs::path opacity = pair.result.parent_path() / "opacity.npy";
    std::error_code unknown;
    const bool measurable =
        !truth->opacity.empty() && !truth->sac_mask.empty() && !truth->contrast_free_mask.empty();
    if (measurable && fs::exists(opacity, unknown)) {
        auto measured = score_opacity(opacity, *truth, result->opacity_relative);
        if (measured) {
            run.opacity = std::move(*measured);
        } else {
            score.problems.push_back(measured.error());
        }
    }
    score.runs.push_back(std::move(run));
}

}  // namespace

std::vector<TruthAndResult> pairs_of(const fs::path& results, const fs::path& truths) {
    std::error_code unknown;
    if (fs::is_regular_file(truths, unknown)) {
        const fs::path result =
            fs::is_directory(results, unknown) ? results / "result.json" : results;
        return {{truths.parent_path().filename().string(), truths, result}};
    }
    std::vector<TruthAndResult> pairs;
    for (const auto& entry : fs::directory_iterator(truths, unknown)) {
        if (fs::is_regular_file(entry.path() / "truth.json", unknown)) {
            const fs::path name = entry.path().filename();
            pairs.push_back(
                {name.string(), entry.path() / "truth.json", results / name / "result.json"});
        }
    }
    if (pairs.empty() && fs::is_regular_file(truths / "truth.json", unknown)) {
        pairs.push_back(
            {truths.filename().string(), truths / "truth.json", results / "result.json"});
    }
    std::sort(pairs.begin(), pairs.end(),
              [](const TruthAndResult& a, const TruthAndResult& b) { return a.name < b.name; });
    return pairs;
}

double reach_mm(const TrueStructure& leak, double within_mm) {
    const bool patch = leak.kind == to_string(LeakKind::extravasation);
    return within_mm + (patch ? 0.5 * leak.width_mm : 0.0);
}

bool on_true_leak(const std::vector<Point>& points, FrameIndex frame, const Truth& truth) {
    return best_match(points, frame, leaks_of(truth), truth.pixel_mm).has_value();
}

RunScore score_highlights(const RunResult& result, const Truth& truth) {
    RunScore score;
    score.category = to_string(result.conclusion.category);
    const std::vector<const TrueStructure*> leaks = leaks_of(truth);
    score.truths = static_cast<int>(leaks.size());
    std::set<std::size_t> hit;
    for (const Highlight* highlight : leaks_by_confidence(result)) {
        std::vector<Point> points = highlight->path_px;
        points.push_back(highlight->seed_px);
        const auto match = best_match(points, highlight->alarm_frame, leaks, truth.pixel_mm);
        const bool first = match && !hit.contains(match->leak);
        score.detections.push_back({highlight->confidence, match.has_value(), first});
        if (highlight->confidence < kHitConfidence) {
            continue;
        }
        if (!match) {
            ++score.false_alarms;
        } else if (!first) {
            ++score.repeats;
        } else {
            hit.insert(match->leak);
            const TrueStructure& leak = *leaks[match->leak];
            score.hits.push_back({match->distance_mm, delay_s(*highlight, leak, truth),
                                  highlight->level == leak.level,
                                  to_string(highlight->side) == leak.side});
        }
    }
    return score;
}

Result<Score> evaluate(const fs::path& results, const fs::path& truths) {
    const auto pairs = pairs_of(results, truths);
    if (pairs.empty()) {
        return fail(ErrorKind::not_found, truths.string(), "holds no truth.json",
                    "give the folder that dsm phantom wrote, or the one above");
    }
    Score score;
    for (const TruthAndResult& pair : pairs) {
        score_pair(pair, score);
    }
    return score;
}

}  // namespace dsm
