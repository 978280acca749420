#include "dsp/evaluation/trial_summary.h"

#include <algorithm>
#include <functional>
#include <map>

#include "dsp/pipeline/evaluate_opacity.h"

namespace dsm::evaluation {
namespace {

using Rows = std::vector<const TrialRow*>;
using Figure = std::function<std::optional<double>(const TrialRow&)>;

std::optional<double> median_of(const Rows& rows, const Figure& figure) {
    std::vector<double> values;
    for (const TrialRow* row : rows) {
        if (const auto value = figure(*row)) {
            values.push_back(*value);
        }
    }
    return values.empty() ? std::nullopt : std::optional(median(values));
}

Figure kept_slope(std::optional<Kept> TrialFigures::*place) {
    return [place](const TrialRow& row) -> std::optional<double> {
        const auto& found = row.figures.*place;
        return found ? std::optional(found->slope) : std::nullopt;
    };
}

Figure kept_error(std::optional<Kept> TrialFigures::*place) {
    return [place](const TrialRow& row) -> std::optional<double> {
        const auto& found = row.figures.*place;
        return found ? std::optional(found->error) : std::nullopt;
    };
}

// The row of another method on the same frame.
const TrialRow* beside(const TrialTable& table, const TrialRow& row, const std::string& method) {
    for (const TrialRow& other : table.rows) {
        if (other.method == method && other.scene == row.scene && other.live == row.live) {
            return &other;
        }
    }
    return nullptr;
}

CaseSummary summary_of(const TrialTable& table, const Rows& rows) {
    CaseSummary summary;
    summary.trial_case = rows.front()->trial_case;
    summary.method = rows.front()->method;
    summary.frames = static_cast<int>(rows.size());
    const auto of = [&](const Figure& figure) { return median_of(rows, figure); };
    summary.artefact = *of([](const TrialRow& row) { return row.figures.artefact; });
    summary.ratio = *of([](const TrialRow& row) { return row.figures.ratio; });
    summary.end_point_error_px =
        of([](const TrialRow& row) { return row.figures.end_point_error_px; });
    summary.keep_column = of(kept_slope(&TrialFigures::column));
    summary.error_column = of(kept_error(&TrialFigures::column));
    summary.keep_leak = of(kept_slope(&TrialFigures::leak));
    summary.error_leak = of(kept_error(&TrialFigures::leak));
    summary.time_ms = *of([](const TrialRow& row) { return row.figures.time_ms; });
    summary.time_ratio = of([&](const TrialRow& row) -> std::optional<double> {
        const TrialRow* yardstick = beside(table, row, kYardstick);
        return yardstick != nullptr && yardstick->figures.time_ms > 0.0
                   ? std::optional(row.figures.time_ms / yardstick->figures.time_ms)
                   : std::nullopt;
    });
    for (const TrialRow* row : rows) {
        summary.artefact_worst = std::max(summary.artefact_worst, row->figures.artefact);
        const TrialRow* ours = beside(table, *row, kOurs);
        summary.worse_than_ours +=
            static_cast<int>(ours != nullptr && row->figures.artefact > ours->figures.artefact);
    }
    return summary;
}

const CaseSummary* find(const std::vector<CaseSummary>& summaries, TrialCase trial_case,
                        const std::string& method) {
    const auto found =
        std::find_if(summaries.begin(), summaries.end(), [&](const CaseSummary& each) {
            return each.trial_case == trial_case && each.method == method;
        });
    return found == summaries.end() ? nullptr : &*found;
}

bool breathes(TrialCase trial_case) {
    return trial_case != TrialCase::still && trial_case != TrialCase::translation &&
           trial_case != TrialCase::smooth;
}

}  // namespace

std::vector<CaseSummary> summarise(const TrialTable& table) {
    std::map<std::pair<TrialCase, std::size_t>, Rows> groups;
    for (const TrialRow& row : table.rows) {
        const auto method = std::find(table.methods.begin(), table.methods.end(), row.method);
        groups[{row.trial_case, static_cast<std::size_t>(method - table.methods.begin())}]
            .push_back(&row);
    }
    std::vector<CaseSummary> summaries;
    for (const auto& [key, rows] : groups) {
        summaries.push_back(summary_of(table, rows));
    }
    return summaries;
}

std::vector<Goal> goals_of(const std::vector<CaseSummary>& summaries) {
    constexpr double kAny = 1e9;
    std::vector<Goal> goals;
    const auto add = [&](const CaseSummary& ours, const char* what, std::optional<double> found,
                         double least, double most) {
        if (found) {
            goals.push_back(
                {std::string(to_string(ours.trial_case)) + ": " + what, least, most, *found});
        }
    };
    for (const CaseSummary& ours : summaries) {
        if (ours.method != kOurs) {
            continue;
        }
        switch (ours.trial_case) {
            case TrialCase::still:
                add(ours, "A", ours.artefact, 0.0, 0.01);
                break;
            case TrialCase::translation:
                add(ours, "A", ours.artefact, 0.0, 0.02);
                add(ours, "EPE px", ours.end_point_error_px, 0.0, 0.03);
                break;
            case TrialCase::smooth:
                add(ours, "A", ours.artefact, 0.0, 0.045);
                add(ours, "keep column", ours.keep_column, 0.98, 1.02);
                add(ours, "keep leak", ours.keep_leak, 0.97, 1.03);
                break;
            case TrialCase::breathing:
            case TrialCase::chest_breathing:
                add(ours, "A", ours.artefact, 0.0, 0.30);
                add(ours, "keep column", ours.keep_column, 0.98, kAny);
                break;
            case TrialCase::breathing_library:
            case TrialCase::chest_library:
                add(ours, "A", ours.artefact, 0.0, 0.08);
                break;
            default:
                break;
        }
        if (breathes(ours.trial_case)) {
            double best = kAny;
            for (const CaseSummary& other : summaries) {
                if (other.trial_case == ours.trial_case && other.method != kOurs &&
                    other.method != kOracle) {
                    best = std::min(best, other.artefact);
                }
            }
            add(ours, "A, below the best peer's", ours.artefact, 0.0, best);
        }
        if (find(summaries, ours.trial_case, kYardstick) != nullptr) {
            add(ours, "time over that of DIS medium", ours.time_ratio, 0.0, 0.5);
        }
    }
    return goals;
}

}  // namespace dsm::evaluation
