#include <nlohmann/json.hpp>

#include "dsp/core/spoken.h"
#include "dsp/pipeline/study.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

using Json = nlohmann::ordered_json;

std::string said_of(const LeakInRun& leak) {
    switch (leak.seen) {
        case SeenOrNot::seen:
            return figure(leak.confidence, 2) +
                   (leak.delay_after_sac_s
                        ? ", " + figure(leak.delay_after_sac_s, 1) + " s after the sac"
                        : "");
        case SeenOrNot::not_seen_though_cleared:
            return "not seen, cleared";
        case SeenOrNot::not_cleared:
            break;
    }
    return "not cleared";
}

std::string place_of(const Highlight& leak) {
    std::string text = leak.level.empty() ? "level unknown" : leak.level;
    if (leak.side != Side::undetermined) {
        text += std::string(" ") + to_string(leak.side);
    }
    return text + ", " + spoken(leak.kind);
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json json_of(const LeakOfStudy& leak, const StudySummary& study) {
    Json json;
    json["kind"] = to_string(leak.surest.kind);
    json["level"] = leak.surest.level.empty() ? Json(nullptr) : Json(leak.surest.level);
    json["side"] = to_string(leak.surest.side);
    json["confidence"] = leak.surest.confidence;
    json["runs"] = Json::array();
    for (std::size_t r = 0; r < leak.in_runs.size(); ++r) {
        const LeakInRun& here = leak.in_runs[r];
        Json run{{"run", study.runs[r].name}, {"seen", to_string(here.seen)}};
        if (here.seen == SeenOrNot::seen) {
            run["highlight"] = here.highlight;
            run["confidence"] = here.confidence;
            run["peak_opacity"] = here.peak_opacity;
            run["delay_after_sac_s"] = or_null(here.delay_after_sac_s);
        }
        json["runs"].push_back(std::move(run));
    }
    return json;
}

Json json_of(const LevelOfStudy& level, const StudySummary& study) {
    const LevelCoverage& all = level.together;
    return {{"level", all.level},
            {"side", to_string(all.side)},
            {"in_view", all.in_view},
            {"watched_s", or_null(all.watched_s)},
            {"detectable_opacity", or_null(all.detectable_opacity)},
            {"adequate", all.adequate},
            {"run", level.run ? Json(study.runs[*level.run].name) : Json(nullptr)},
            {"why", all.why}};
}

Json json_of(const StudySummary& study) {
    Json json;
    json["runs"] = Json::array();
    for (const RunOfStudy& run : study.runs) {
        json["runs"].push_back({{"run", run.name}, {"position", to_string(run.position)}});
    }
    json["leaks"] = Json::array();
    for (const LeakOfStudy& leak : study.leaks) {
        json["leaks"].push_back(json_of(leak, study));
    }
    json["coverage"] = Json::array();
    for (const LevelOfStudy& level : study.levels) {
        json["coverage"].push_back(json_of(level, study));
    }
    json["conclusion"] = {{"category", to_string(study.conclusion.category)},
                          {"text", study.conclusion.text}};
    return json;
}

}  // namespace

std::string study_text(const StudySummary& study) {
    TextTable rows{{"leak"}};
    std::string names;
    for (const RunOfStudy& run : study.runs) {
        rows[0].push_back(run.name);
        names +=
            (names.empty() ? "" : ", ") + run.name + " (" + spaced(to_string(run.position)) + ")";
    }
    for (const LeakOfStudy& leak : study.leaks) {
        std::vector<std::string>& row = rows.emplace_back();
        row.push_back(place_of(leak.surest));
        for (const LeakInRun& here : leak.in_runs) {
            row.push_back(said_of(here));
        }
    }
    std::string text = "Together: " + names + "\n";
    if (rows.size() > 1) {
        text += aligned(rows, "  ");
    }
    return text + "  " + study.conclusion.text + "\n";
}

std::string studies_json(std::span<const StudySummary> studies) {
    Json json;
    json["schema"] = "dsm-study/1";
    json["notice"] = "Research software, not for diagnostic use";
    json["studies"] = Json::array();
    for (const StudySummary& study : studies) {
        json["studies"].push_back(json_of(study));
    }
    return json.dump(1) + "\n";
}

}  // namespace dsm
