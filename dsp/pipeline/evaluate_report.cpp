#include <algorithm>

#include "dsp/pipeline/evaluate.h"
#include "dsp/pipeline/json_file.h"
#include "dsp/pipeline/text_table.h"

namespace dsm {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

double ratio_of(int part, int whole) {
    return static_cast<double>(part) / std::max(1, whole);
}

std::string part_of(int part, int whole) {
    return std::to_string(part) + "/" + std::to_string(whole);
}

std::vector<std::string> row_of(const RunScore& run) {
    if (run.missing) {
        return {run.name, std::to_string(run.truths), "-", "-", "-", "-", "-", "-", "-", "missing"};
    }
    const bool one = run.hits.size() == 1;
    const auto& opacity = run.opacity;
    const auto vein = opacity && !opacity->kept_vein.empty()
                          ? std::optional(opacity->kept_vein.front())
                          : std::nullopt;
    return {run.name,
            std::to_string(run.truths),
            std::to_string(run.hits.size()),
            std::to_string(run.false_alarms),
            figure(one ? std::optional(run.hits.front().delay_s) : std::nullopt, 1),
            figure(one ? std::optional(run.hits.front().distance_mm) : std::nullopt, 1),
            figure(opacity ? std::optional(opacity->artefact_ratio) : std::nullopt, 2),
            figure(opacity ? opacity->kept_sac : std::nullopt, 3),
            figure(vein, 2),
            run.category};
}

Json run_json(const RunScore& run) {
    Json hits = Json::array();
    for (const Hit& hit : run.hits) {
        hits.push_back({{"distance_mm", hit.distance_mm},
                        {"delay_s", hit.delay_s},
                        {"level_correct", hit.level_correct},
                        {"side_correct", hit.side_correct}});
    }
    Json json{
        {"name", run.name},       {"missing", run.missing},
        {"truths", run.truths},   {"false_alarms", run.false_alarms},
        {"repeats", run.repeats}, {"category", run.missing ? Json(nullptr) : Json(run.category)}};
    json["hits"] = std::move(hits);
    const auto& opacity = run.opacity;
    json["artefact_ratio"] = opacity ? Json(opacity->artefact_ratio) : Json(nullptr);
    json["artefact_rms"] = opacity ? Json(opacity->artefact_rms) : Json(nullptr);
    json["kept_sac"] = opacity ? or_null(opacity->kept_sac) : Json(nullptr);
    json["kept_vein"] = opacity ? Json(opacity->kept_vein) : Json::array();
    return json;
}

}  // namespace

std::string score_table(const Score& score) {
    std::vector<std::vector<std::string>> rows{{"run", "truths", "hits", "false", "delay s", "mm",
                                                "artefact", "kept sac", "vein", "conclusion"}};
    for (const RunScore& run : score.runs) {
        rows.push_back(row_of(run));
    }
    const Totals totals = totals_of(score);
    const auto line = [](const std::string& name, const std::string& value) {
        return std::vector<std::string>{name, value};
    };
    std::vector<std::vector<std::string>> figures{
        line("sensitivity", part_of(totals.hits, totals.truths)),
        line("false alarms per run", figure(ratio_of(totals.false_alarms, totals.runs), 2)),
        line("negatives without alarm", part_of(totals.negatives_clean, totals.negatives)),
        line("delay, s (median)", figure(totals.delay_s, 1)),
        line("distance, mm (median)", figure(totals.distance_mm, 1)),
        line("level correct", part_of(totals.level_correct, totals.hits)),
        line("side correct", part_of(totals.side_correct, totals.hits)),
        line("Brier score", figure(totals.brier, 3)),
        line("free-response area", figure(totals.free_response_area, 3)),
        line("artefact ratio (median)", figure(totals.artefact_ratio, 2)),
        line("contrast kept, sac", figure(totals.kept_sac, 3)),
        line("contrast kept, vein", figure(totals.kept_vein, 2))};
    return aligned(rows) + "\n" + aligned(figures);
}

std::string score_json_text(const Score& score) {
    const Totals totals = totals_of(score);
    Json missing = Json::array();
    Json runs = Json::array();
    for (const RunScore& run : score.runs) {
        if (run.missing) {
            missing.push_back(run.name);
        }
        runs.push_back(run_json(run));
    }
    Json json;
    json["schema"] = "dsm-score/1";
    json["runs"] = totals.runs;
    json["missing"] = std::move(missing);
    json["truths"] = totals.truths;
    json["hits"] = totals.hits;
    json["sensitivity"] = ratio_of(totals.hits, totals.truths);
    json["false_per_run"] = ratio_of(totals.false_alarms, totals.runs);
    json["repeats"] = totals.repeats;
    json["negatives"] = totals.negatives;
    json["negatives_clean"] = totals.negatives_clean;
    json["delay_s"] = or_null(totals.delay_s);
    json["distance_mm"] = or_null(totals.distance_mm);
    json["level_correct"] = totals.level_correct;
    json["side_correct"] = totals.side_correct;
    json["brier"] = or_null(totals.brier);
    json["brier_median"] = or_null(totals.brier_median);
    json["free_response_area"] = or_null(totals.free_response_area);
    json["sensitivity_at_0.25_false_per_run"] = totals.sensitivity_at_quarter;
    json["sensitivity_at_0.5_false_per_run"] = totals.sensitivity_at_half;
    json["sensitivity_at_1.0_false_per_run"] = totals.sensitivity_at_one;
    json["artefact_ratio"] = or_null(totals.artefact_ratio);
    json["artefact_rms"] = or_null(totals.artefact_rms);
    json["kept_sac"] = or_null(totals.kept_sac);
    json["kept_vein"] = or_null(totals.kept_vein);
    json["per_run"] = std::move(runs);
    return json_text(json);
}

}  // namespace dsm
