#include "dsp/pipeline/evaluate_detail.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>

#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/evaluate_opacity.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

constexpr double kCauseDistance_mm = 8.0;

std::vector<Point> points_of(const Highlight& highlight) {
    std::vector<Point> points = highlight.path_px;
    points.push_back(highlight.seed_px);
    return points;
}

double distance_mm(const Highlight& highlight, const TrueStructure& structure, double pixel_mm) {
    double nearest = std::numeric_limits<double>::infinity();
    for (const Point p : points_of(highlight)) {
        nearest = std::min(nearest, distance_to_polyline(p, structure.path_px));
    }
    return pixel_mm * nearest;
}

std::string cause_of(const Highlight& highlight, const Truth& truth) {
    std::string cause = "residue";
    double nearest = kCauseDistance_mm;
    for (const TrueStructure& structure : truth.structures) {
        const double away = distance_mm(highlight, structure, truth.pixel_mm);
        if (away < nearest) {
            nearest = away;
            cause = structure.kind;
        }
    }
    return cause;
}

// The surest highlight within reach of a structure, of any kind.
const Highlight* highlight_at(const RunResult& result, const TrueStructure& structure,
                              double pixel_mm) {
    const Highlight* best = nullptr;
    for (const Highlight& highlight : result.highlights) {
        if (distance_mm(highlight, structure, pixel_mm) <= kHitDistance_mm &&
            (best == nullptr || highlight.confidence > best->confidence)) {
            best = &highlight;
        }
    }
    return best;
}

double best_confidence(const RunResult& result, const TrueStructure& leak, const Truth& truth) {
    Truth alone = truth;
    alone.structures = {leak};
    double best = 0.0;
    for (const Highlight& highlight : result.highlights) {
        if (is_leak(highlight.kind) &&
            on_true_leak(points_of(highlight), highlight.alarm_frame, alone)) {
            best = std::max(best, highlight.confidence);
        }
    }
    return best;
}

TrueLeak leak_of(const RunResult& result, const TrueStructure& structure, const Truth& truth) {
    TrueLeak leak;
    leak.kind = structure.kind;
    leak.level = structure.level;
    leak.side = structure.side;
    leak.peak_opacity = structure.peak_opacity;
    if (truth.noise_opacity > 0.0) {
        leak.over_noise = structure.peak_opacity / truth.noise_opacity;
    }
    leak.width_mm = structure.width_mm;
    const auto time = [&](FrameIndex frame) {
        const auto last = static_cast<FrameIndex>(truth.frame_time_s.size()) - 1;
        return truth.frame_time_s[static_cast<std::size_t>(std::clamp(frame, 0, last))];
    };
    leak.after_first_contrast_s = time(structure.onset_frame) - time(truth.first_contrast_frame);
    std::vector<double> ratios;
    for (const FrameMotion& motion : result.motion) {
        if (motion.artefact_ratio) {
            ratios.push_back(*motion.artefact_ratio);
        }
    }
    if (!ratios.empty()) {
        leak.artefact_ratio = median(ratios);
    }
    leak.best_confidence = best_confidence(result, structure, truth);
    return leak;
}

// How many of the leaks for which `figure` lies in [from, to) were found.
struct Band {
    std::string name;
    double from, to;
};

using LeakFigure = std::function<std::optional<double>(const TrueLeak&)>;

void add_bands(const Score& score, const std::string& title, const LeakFigure& figure_of,
               const std::vector<Band>& bands, double quarter, TextTable& table) {
    for (const Band& band : bands) {
        int all = 0;
        int found = 0;
        int half = 0;
        for (const RunScore& run : score.runs) {
            for (const TrueLeak& leak : run.detail.leaks) {
                const auto value = figure_of(leak);
                if (value && *value >= band.from && *value < band.to) {
                    ++all;
                    found += leak.best_confidence >= quarter ? 1 : 0;
                    half += leak.best_confidence >= kHitConfidence ? 1 : 0;
                }
            }
        }
        if (all > 0) {
            table.push_back({title + " " + band.name, std::to_string(all),
                             figure(static_cast<double>(found) / all, 2),
                             figure(static_cast<double>(half) / all, 2)});
        }
    }
}

constexpr double kEver = std::numeric_limits<double>::infinity();

TextTable sensitivity_table(const Score& score) {
    const double quarter = confidence_for(score, 0.25);
    TextTable table{{"leaks", "all", "at 0.25 false/run", "at confidence 0.5"}};
    add_bands(
        score, "opacity over noise", [](const TrueLeak& l) { return l.over_noise; },
        {{"below 1", 0.0, 1.0}, {"1-2", 1.0, 2.0}, {"2-4", 2.0, 4.0}, {"4 or more", 4.0, kEver}},
        quarter, table);
    add_bands(
        score, "width, mm", [](const TrueLeak& l) { return std::optional(l.width_mm); },
        {{"below 1.5", 0.0, 1.5}, {"1.5-2.5", 1.5, 2.5}, {"2.5 or more", 2.5, kEver}}, quarter,
        table);
    add_bands(
        score, "after first contrast, s",
        [](const TrueLeak& l) { return std::optional(l.after_first_contrast_s); },
        {{"below 10", -kEver, 10.0}, {"10-20", 10.0, 20.0}, {"20 or more", 20.0, kEver}}, quarter,
        table);
    add_bands(
        score, "artefact ratio", [](const TrueLeak& l) { return l.artefact_ratio; },
        {{"below 1.1", 0.0, 1.1}, {"1.1-1.5", 1.1, 1.5}, {"1.5 or more", 1.5, kEver}}, quarter,
        table);
    return table;
}

TextTable causes_table(const Score& score) {
    std::map<std::string, int> causes;
    for (const RunScore& run : score.runs) {
        for (const JudgedHighlight& highlight : run.detail.highlights) {
            if (!highlight.near_leak && highlight.confidence >= kHitConfidence) {
                ++causes[highlight.cause];
            }
        }
    }
    TextTable table{{"false alarms near", "number"}};
    for (const auto& [cause, number] : causes) {
        table.push_back({cause, std::to_string(number)});
    }
    return table;
}

TextTable kinds_table(const Score& score) {
    std::map<std::string, std::map<std::string, int>> pairs;
    std::map<std::string, int> said;
    for (const RunScore& run : score.runs) {
        for (const KindPair& pair : run.detail.kinds) {
            ++pairs[pair.is][pair.said];
            ++said[pair.said];
        }
    }
    TextTable table{{"is \\ said"}};
    for (const auto& [word, number] : said) {
        table.front().push_back(word);
    }
    for (const auto& [is, row] : pairs) {
        std::vector<std::string> cells{is};
        for (const auto& [word, number] : said) {
            const auto at = row.find(word);
            cells.push_back(std::to_string(at == row.end() ? 0 : at->second));
        }
        table.push_back(std::move(cells));
    }
    return table;
}

}  // namespace

RunDetail detail_of(const RunResult& result, const Truth& truth) {
    RunDetail detail;
    for (const TrueStructure& structure : truth.structures) {
        if (is_leak_word(structure.kind)) {
            detail.leaks.push_back(leak_of(result, structure, truth));
        }
        const Highlight* there = highlight_at(result, structure, truth.pixel_mm);
        detail.kinds.push_back(
            {structure.kind, there == nullptr ? "nothing" : to_string(there->kind)});
    }
    for (const Highlight& highlight : result.highlights) {
        if (is_leak(highlight.kind)) {
            detail.highlights.push_back(
                {to_string(highlight.kind), highlight.confidence,
                 on_true_leak(points_of(highlight), highlight.alarm_frame, truth),
                 cause_of(highlight, truth)});
        }
    }
    return detail;
}

double confidence_for(const Score& score, double false_per_run) {
    std::vector<double> wrong;
    for (const RunScore& run : score.runs) {
        for (const JudgedHighlight& highlight : run.detail.highlights) {
            if (!highlight.near_leak) {
                wrong.push_back(highlight.confidence);
            }
        }
    }
    std::sort(wrong.rbegin(), wrong.rend());
    const auto allowed =
        static_cast<std::size_t>(false_per_run * static_cast<double>(score.runs.size()));
    // Just above the first that is one too many.
    return allowed < wrong.size()
               ? std::nextafter(wrong[allowed], std::numeric_limits<double>::infinity())
               : 0.0;
}

std::string detail_tables(const Score& score) {
    std::string text = aligned(sensitivity_table(score)) + "\n";
    for (const TextTable& table : {causes_table(score), kinds_table(score)}) {
        text += table.size() > 1 ? aligned(table) + "\n" : std::string();
    }
    return text;
}

}  // namespace dsm
