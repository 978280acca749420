#include "dsp/evaluation/trial_report.h"

#include <algorithm>
#include <map>

#include "dsp/core/atomic_file.h"
#include "dsp/evaluation/trial_plots.h"
#include "dsp/evaluation/trial_summary.h"
#include "dsp/pipeline/evaluate_opacity.h"
#include "dsp/pipeline/json_file.h"
#include "dsp/pipeline/text_table.h"

namespace dsm::evaluation {
namespace {

using Json = nlohmann::ordered_json;
using Table = TextTable;
constexpr const char* kIndent = "  ";

std::string per_cent(std::optional<double> value) {
    return value ? figure(100.0 * *value, 1) : "-";
}

std::string scenes_text(const std::vector<CaseSummary>& summaries) {
    std::map<TrialCase, Table> cases;
    std::map<TrialCase, int> frames;
    for (const CaseSummary& each : summaries) {
        Table& table = cases[each.trial_case];
        if (table.empty()) {
            table.push_back({"method", "A", "worst", "R", "EPE px", "column %", "err %", "leak %",
                             "err %", "ms", "/ DIS medium", "worse than dsm"});
        }
        frames[each.trial_case] = std::max(frames[each.trial_case], each.frames);
        table.push_back(
            {each.method, figure(each.artefact, 3), figure(each.artefact_worst, 3),
             figure(each.ratio, 2), figure(each.end_point_error_px, 3), per_cent(each.keep_column),
             per_cent(each.error_column), per_cent(each.keep_leak), per_cent(each.error_leak),
             each.method == kOracle ? "-" : figure(each.time_ms, 1),
             each.method == kOracle ? "-" : figure(each.time_ratio, 2),
             each.method == kOurs
                 ? "-"
                 : std::to_string(each.worse_than_ours) + "/" + std::to_string(each.frames)});
    }
    std::string text;
    for (const auto& [trial_case, table] : cases) {
        text += std::string(to_string(trial_case)) + " (" + std::to_string(frames[trial_case]) +
                " live frames)\n" + aligned(table, kIndent) + "\n";
    }
    return text;
}

std::string goals_text(const std::vector<Goal>& goals) {
    constexpr double kUnlimited = 1e8;
    Table table{{"goal", "from", "to", "found", ""}};
    for (const Goal& goal : goals) {
        table.push_back({goal.what, figure(goal.least, 2),
                         goal.most > kUnlimited ? "-" : figure(goal.most, 3), figure(goal.found, 3),
                         goal.met() ? "met" : "missed"});
    }
    return goals.empty() ? "" : "Goals (medians)\n" + aligned(table, kIndent) + "\n";
}

std::optional<double> mean_vein(const OpacityScore& score) {
    if (score.kept_vein.empty()) {
        return std::nullopt;
    }
    double sum = 0.0;
    for (const double kept : score.kept_vein) {
        sum += kept;
    }
    return sum / static_cast<double>(score.kept_vein.size());
}

std::optional<double> median_or_nothing(const std::vector<double>& values) {
    return values.empty() ? std::nullopt : std::optional(median(values));
}

std::string run_medians_text(const RunTable& table) {
    Table medians{{"method", "artefact ratio", "worst", "sac %", "vein %", "ms", "/ DIS medium"}};
    for (const std::string& method : table.methods) {
        std::vector<double> ratios, sac, veins, times, to_yardstick;
        for (const RunRow& row : table.rows) {
            if (row.method != method) {
                continue;
            }
            ratios.push_back(row.score.artefact_ratio);
            times.push_back(row.time_ms);
            if (row.score.kept_sac) {
                sac.push_back(*row.score.kept_sac);
            }
            veins.insert(veins.end(), row.score.kept_vein.begin(), row.score.kept_vein.end());
            if (row.time_ratio) {
                to_yardstick.push_back(*row.time_ratio);
            }
        }
        if (ratios.empty()) {
            continue;
        }
        medians.push_back({method, figure(median(ratios), 2),
                           figure(*std::max_element(ratios.begin(), ratios.end()), 2),
                           per_cent(median_or_nothing(sac)), per_cent(median_or_nothing(veins)),
                           method == kFloor ? "-" : figure(median(times), 1),
                           figure(median_or_nothing(to_yardstick), 2)});
    }
    return aligned(medians, kIndent);
}

std::string runs_text(const RunTable& table) {
    if (table.rows.empty()) {
        return "";
    }
    std::map<std::string, Table> runs;
    std::vector<std::string> order;
    for (const RunRow& row : table.rows) {
        Table& rows = runs[row.run];
        if (rows.empty()) {
            order.push_back(row.run);
            rows.push_back(
                {"method", "artefact ratio", "rms", "sac %", "vein %", "ms", "/ DIS medium"});
        }
        rows.push_back(
            {row.method, figure(row.score.artefact_ratio, 2), figure(row.score.artefact_rms, 4),
             per_cent(row.score.kept_sac), per_cent(mean_vein(row.score)),
             row.method == kFloor ? "-" : figure(row.time_ms, 1), figure(row.time_ratio, 2)});
    }
    std::string text =
        "Medians over " + std::to_string(order.size()) + " runs\n" + run_medians_text(table) + "\n";
    for (const std::string& run : order) {
        text += run + "\n" + aligned(runs[run], kIndent) + "\n";
    }
    return text;
}

Json kept_json(const std::optional<Kept>& kept) {
    return kept ? Json{{"slope", kept->slope}, {"error", kept->error}} : Json(nullptr);
}

Json or_null(const std::optional<double>& value) {
    return value ? number_or_null(*value) : Json(nullptr);
}

Json row_json(const TrialRow& row) {
    return {{"scene", row.scene},
            {"case", to_string(row.trial_case)},
            {"live", row.live},
            {"method", row.method},
            {"artefact", number_or_null(row.figures.artefact)},
            {"ratio", number_or_null(row.figures.ratio)},
            {"end_point_error_px", or_null(row.figures.end_point_error_px)},
            {"column", kept_json(row.figures.column)},
            {"leak", kept_json(row.figures.leak)},
            {"time_ms", number_or_null(row.figures.time_ms)},
            {"note", row.note}};
}

Json summary_json(const CaseSummary& each) {
    return {{"case", to_string(each.trial_case)},
            {"method", each.method},
            {"frames", each.frames},
            {"artefact", each.artefact},
            {"artefact_worst", each.artefact_worst},
            {"ratio", each.ratio},
            {"end_point_error_px", or_null(each.end_point_error_px)},
            {"keep_column", or_null(each.keep_column)},
            {"keep_leak", or_null(each.keep_leak)},
            {"time_ms", each.time_ms},
            {"time_over_yardstick", or_null(each.time_ratio)},
            {"worse_than_ours", each.worse_than_ours}};
}

std::string quoted(const std::string& text) {
    std::string safe = text;
    std::replace(safe.begin(), safe.end(), '"', '\'');
    return "\"" + safe + "\"";
}

}  // namespace

std::string trial_text(const TrialReport& report) {
    std::string text =
        "Registration on trial. A: noise-free artefact over the noise floor; R: with noise; "
        "column, "
        "leak: contrast\nkept (slope) and its error; ms: one frame, estimate to subtraction, " +
        std::to_string(report.options.threads) + " threads.\n\n";
    const std::vector<CaseSummary> summaries = summarise(report.scenes);
    text += scenes_text(summaries) + goals_text(goals_of(summaries)) + runs_text(report.runs);
    for (const auto* notes : {&report.scenes.notes, &report.runs.notes}) {
        for (const std::string& note : *notes) {
            text += note + "\n";
        }
    }
    return text;
}

std::string trial_json(const TrialReport& report) {
    Json json;
    json["schema"] = "dsm-registration-trial/1";
    json["options"] = {{"size", report.options.size},
                       {"seed", report.options.seed},
                       {"threads", report.options.threads}};
    const std::vector<CaseSummary> summaries = summarise(report.scenes);
    json["cases"] = Json::array();
    for (const CaseSummary& each : summaries) {
        json["cases"].push_back(summary_json(each));
    }
    json["goals"] = Json::array();
    for (const Goal& goal : goals_of(summaries)) {
        json["goals"].push_back({{"what", goal.what},
                                 {"least", goal.least},
                                 {"most", goal.most},
                                 {"found", goal.found},
                                 {"met", goal.met()}});
    }
    json["scenes"] = Json::array();
    for (const TrialRow& row : report.scenes.rows) {
        json["scenes"].push_back(row_json(row));
    }
    json["runs"] = Json::array();
    for (const RunRow& row : report.runs.rows) {
        json["runs"].push_back({{"run", row.run},
                                {"method", row.method},
                                {"artefact_ratio", number_or_null(row.score.artefact_ratio)},
                                {"artefact_rms", number_or_null(row.score.artefact_rms)},
                                {"kept_sac", or_null(row.score.kept_sac)},
                                {"kept_vein", row.score.kept_vein},
                                {"time_ms", number_or_null(row.time_ms)},
                                {"time_over_yardstick", or_null(row.time_ratio)}});
    }
    json["notes"] = report.scenes.notes;
    return json_text(json);
}

std::string scenes_csv(const TrialTable& table) {
    std::string text =
        "scene,case,live,method,artefact,ratio,end_point_error_px,keep_column,error_column,"
        "keep_leak,error_leak,time_ms,note\n";
    for (const TrialRow& row : table.rows) {
        const TrialFigures& f = row.figures;
        const auto cell = [](std::optional<double> value, int decimals) {
            return value ? figure(value, decimals) : std::string();
        };
        const auto slope = [](const std::optional<Kept>& kept) {
            return kept ? std::optional(kept->slope) : std::nullopt;
        };
        const auto error = [](const std::optional<Kept>& kept) {
            return kept ? std::optional(kept->error) : std::nullopt;
        };
        text += quoted(row.scene) + "," + quoted(to_string(row.trial_case)) + "," +
                std::to_string(row.live) + "," + quoted(row.method) + "," + cell(f.artefact, 5) +
                "," + cell(f.ratio, 5) + "," + cell(f.end_point_error_px, 4) + "," +
                cell(slope(f.column), 4) + "," + cell(error(f.column), 4) + "," +
                cell(slope(f.leak), 4) + "," + cell(error(f.leak), 4) + "," + cell(f.time_ms, 2) +
                "," + quoted(row.note) + "\n";
    }
    return text;
}

std::string runs_csv(const RunTable& table) {
    std::string text = "run,method,artefact_ratio,artefact_rms,kept_sac,kept_vein,time_ms\n";
    for (const RunRow& row : table.rows) {
        const auto vein = mean_vein(row.score);
        text += quoted(row.run) + "," + quoted(row.method) + "," +
                figure(row.score.artefact_ratio, 4) + "," + figure(row.score.artefact_rms, 5) +
                "," + (row.score.kept_sac ? figure(row.score.kept_sac, 4) : "") + "," +
                (vein ? figure(vein, 4) : "") + "," + figure(row.time_ms, 2) + "\n";
    }
    return text;
}

Result<std::vector<std::filesystem::path>> write_trial(const TrialReport& report,
                                                       const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) {
        return fail(ErrorKind::io, folder.string(), "cannot be made: " + failed.message(),
                    "choose another folder");
    }
    std::vector<std::pair<std::string, std::string>> texts{
        {"registration.txt", trial_text(report)}, {"registration.json", trial_json(report)}};
    if (!report.scenes.rows.empty()) {
        texts.emplace_back("scenes.csv", scenes_csv(report.scenes));
    }
    if (!report.runs.rows.empty()) {
        texts.emplace_back("runs.csv", runs_csv(report.runs));
    }
    std::vector<std::filesystem::path> files;
    for (const auto& [name, text] : texts) {
        files.push_back(folder / name);
        if (auto written = write_file_atomically(files.back(), text); !written) {
            return tl::unexpected(written.error());
        }
    }
    const auto plots = write_trial_plots(report, folder);
    if (!plots) {
        return tl::unexpected(plots.error());
    }
    files.insert(files.end(), plots->begin(), plots->end());
    return files;
}

}  // namespace dsm::evaluation
