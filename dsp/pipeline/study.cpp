#include "dsp/pipeline/study.h"

#include <algorithm>
#include <map>

#include "dsp/core/levels.h"
#include "dsp/opacification/conclusion.h"

namespace dsm {
namespace {

constexpr LevelNaming kWidest{.thoracic = 13, .lumbar = 6};

bool same_leak(const Highlight& a, const Highlight& b) {
    return a.kind == b.kind && !a.level.empty() && a.level == b.level && a.side == b.side &&
           a.side != Side::undetermined;
}

// Both vertebrae of "T7-T8", as far as the run has them; at least one.
bool cleared_there(const RunOfStudy& run, const Highlight& leak) {
    const auto dash = leak.level.find('-');
    const std::string upper = leak.level.substr(0, dash);
    const std::string lower = dash == std::string::npos ? upper : leak.level.substr(dash + 1);
    int judged = 0;
    for (const LevelCoverage& level : run.coverage) {
        if ((level.level == upper || level.level == lower) && level.side == leak.side) {
            if (!level.adequate) {
                return false;
            }
            ++judged;
        }
    }
    return judged > 0;
}

LeakInRun seen_in(const Highlight& highlight) {
    return {SeenOrNot::seen, highlight.id, highlight.confidence, highlight.peak_opacity,
            highlight.delay_after_sac_s};
}

std::vector<LeakOfStudy> leaks_of(const std::vector<RunOfStudy>& runs) {
    std::vector<LeakOfStudy> leaks;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        for (const Highlight& highlight : runs[r].highlights) {
            if (!is_leak(highlight.kind)) {
                continue;
            }
            auto same = std::find_if(leaks.begin(), leaks.end(), [&](const LeakOfStudy& leak) {
                return same_leak(leak.surest, highlight);
            });
            if (same == leaks.end()) {
                leaks.push_back({highlight, std::vector<LeakInRun>(runs.size())});
                same = leaks.end() - 1;
            }
            LeakInRun& here = same->in_runs[r];
            if (here.seen != SeenOrNot::seen || highlight.confidence > here.confidence) {
                here = seen_in(highlight);
            }
            if (highlight.confidence > same->surest.confidence) {
                same->surest = highlight;
            }
        }
    }
    for (LeakOfStudy& leak : leaks) {
        for (std::size_t r = 0; r < runs.size(); ++r) {
            if (leak.in_runs[r].seen != SeenOrNot::seen && cleared_there(runs[r], leak.surest)) {
                leak.in_runs[r].seen = SeenOrNot::not_seen_though_cleared;
            }
        }
    }
    std::stable_sort(leaks.begin(), leaks.end(), [](const LeakOfStudy& a, const LeakOfStudy& b) {
        return a.surest.confidence > b.surest.confidence;
    });
    return leaks;
}

// An adequate one beats others, then the one that would have shown less.
bool better(const LevelCoverage& a, const LevelCoverage& b) {
    if (a.adequate != b.adequate) {
        return a.adequate;
    }
    if (a.in_view != b.in_view) {
        return a.in_view;
    }
    return a.detectable_opacity.value_or(1e9) < b.detectable_opacity.value_or(1e9);
}

std::vector<LevelOfStudy> levels_of(const std::vector<RunOfStudy>& runs) {
    std::map<std::pair<int, Side>, LevelOfStudy> by_place;
    std::map<std::pair<int, Side>, std::string> why;
    for (std::size_t r = 0; r < runs.size(); ++r) {
        for (const LevelCoverage& level : runs[r].coverage) {
            const std::pair place{level_order(level.level, kWidest).value_or(1000), level.side};
            const auto [at, fresh] = by_place.try_emplace(place, LevelOfStudy{level, {}});
            if (!fresh && better(level, at->second.together)) {
                at->second.together = level;
            }
            if (level.adequate && !at->second.run) {
                at->second.run = r;
            }
            std::string& reasons = why[place];
            reasons += (reasons.empty() ? "" : "; ") + runs[r].name + ": " +
                       (level.why.empty() ? "not cleared" : level.why);
        }
    }
    std::vector<LevelOfStudy> levels;
    for (auto& [place, level] : by_place) {
        if (!level.together.adequate) {
            level.together.why = why[place];
        }
        levels.push_back(std::move(level));
    }
    return levels;
}

Conclusion conclude_study(const StudySummary& study) {
    std::vector<Highlight> highlights;
    std::vector<LevelCoverage> coverage;
    for (const LeakOfStudy& leak : study.leaks) {
        highlights.push_back(leak.surest);
    }
    for (const LevelOfStudy& level : study.levels) {
        coverage.push_back(level.together);
    }
    const bool contrast = std::any_of(study.runs.begin(), study.runs.end(),
                                      [](const RunOfStudy& run) { return run.contrast_seen; });
    return conclude({highlights, coverage, contrast});
}

StudySummary summarise(std::vector<RunOfStudy> runs) {
    const bool dated = std::all_of(
        runs.begin(), runs.end(), [](const RunOfStudy& run) { return run.acquired_s.has_value(); });
    if (dated) {
        std::stable_sort(runs.begin(), runs.end(), [](const RunOfStudy& a, const RunOfStudy& b) {
            return *a.acquired_s < *b.acquired_s;
        });
    }
    StudySummary study;
    study.runs = std::move(runs);
    study.leaks = leaks_of(study.runs);
    study.levels = levels_of(study.runs);
    study.conclusion = conclude_study(study);
    return study;
}

}  // namespace

const char* to_string(SeenOrNot seen) {
    switch (seen) {
        case SeenOrNot::seen:
            return "seen";
        case SeenOrNot::not_seen_though_cleared:
            return "not_seen_though_cleared";
        case SeenOrNot::not_cleared:
            break;
    }
    return "not_cleared";
}

RunOfStudy run_of_study(const std::string& name, const RunResult& result) {
    RunOfStudy run;
    run.name = name;
    run.patient =
        result.run.patient_id.empty() ? result.run.study_instance_uid : result.run.patient_id;
    run.position = result.run.position;
    run.acquired_s = result.run.acquired_s;
    run.contrast_seen = !result.sac_axis_px.empty();
    run.highlights = result.highlights;
    run.coverage = result.coverage;
    return run;
}

std::vector<StudySummary> summarise_studies(std::vector<RunOfStudy> runs) {
    std::vector<std::vector<RunOfStudy>> groups;
    for (RunOfStudy& run : runs) {
        const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
            return !run.patient.empty() && group.front().patient == run.patient;
        });
        if (same == groups.end()) {
            groups.emplace_back().push_back(std::move(run));
        } else {
            same->push_back(std::move(run));
        }
    }
    std::vector<StudySummary> studies;
    for (std::vector<RunOfStudy>& group : groups) {
        if (group.size() > 1) {
            studies.push_back(summarise(std::move(group)));
        }
    }
    return studies;
}

}  // namespace dsm
