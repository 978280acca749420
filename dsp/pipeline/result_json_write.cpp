#include <algorithm>
#include <cmath>

#include "dsp/core/atomic_file.h"
#include "dsp/core/version.h"
#include "dsp/pipeline/json_file.h"
#include "dsp/pipeline/result_check.h"
#include "dsp/pipeline/result_json.h"
#include "dsp/pipeline/result_words.h"

namespace dsm {
namespace {

using Json = nlohmann::ordered_json;

Json list() {
    return Json::array();
}

template <class T, class Convert>
Json list_of(const std::vector<T>& values, const Convert& convert) {
    Json out = list();
    for (const T& value : values) {
        out.push_back(convert(value));
    }
    return out;
}

Json numbers(const std::vector<double>& values) {
    return list_of(values, [](double value) { return number_or_null(value); });
}

// A list of two: braces alone would make an object of two texts.
Json pair(double first, double second) {
    return Json::array({first, second});
}

Json point(Point p) {
    return pair(p.x, p.y);
}

Json text_or_null(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json word_or_null(const char* word) {
    return word == nullptr ? Json(nullptr) : Json(word);
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

class Writer {
 public:
    explicit Writer(const RunResult& result) : result_(result) {}

    [[nodiscard]] Json document() const {
        Json json;
        json["schema"] = "dsm-result/1";
        json["software"] = {{"name", "dsm"},
                            {"version", kVersion},
                            {"backend", text_or_null(result_.backend)},
                            {"device", text_or_null(result_.device)},
                            {"notice", kNotice}};
        json["run"] = run();
        json["parameters"] = parameters();
        json["masks"] = {{"frames", result_.mask_frames},
                         {"source", words::word_of(words::kMaskSources, result_.mask_source)},
                         {"false_contrast_rate", or_null(result_.false_contrast_rate)}};
        json["first_contrast_frame"] = or_null(result_.first_contrast_frame);
        json["opacity_registered"] = result_.opacity_registered;
        json["opacity_scale"] = result_.opacity_relative ? "relative" : "absolute";
        json["noise"] = noise();
        json["motion"] = list_of(result_.motion, motion);
        json["calibration"] = text_or_null(result_.calibration);
        json["corridor"] = {
            {"median_residual_mm", or_null(result_.corridor.median_mm)},
            {"high_residual_mm", or_null(result_.corridor.high_mm)},
            {"median_artefact_ratio", or_null(result_.corridor.median_artefact_ratio)},
            {"why", text_or_null(result_.corridor.why)}};
        json["levels"] = list_of(result_.levels, level);
        json["sac"] = {{"axis_px", list_of(result_.sac_axis_px, point)},
                       {"curve", curve(result_.sac_curve)}};
        json["highlights"] = list_of(result_.highlights,
                                     [this](const Highlight& entry) { return highlight(entry); });
        json["coverage"] = list_of(result_.coverage,
                                   [this](const LevelCoverage& entry) { return coverage(entry); });
        json["conclusion"] = {{"category", to_string(result_.conclusion.category)},
                              {"text", result_.conclusion.text}};
        json["warnings"] = result_.warnings;
        json["pictures"] = pictures();
        json["timing_ms"] = {{"load", result_.timing.load_ms},
                             {"per_frame_p50", result_.timing.per_frame_p50_ms},
                             {"per_frame_p99", result_.timing.per_frame_p99_ms},
                             {"total", result_.timing.total_ms}};
        if (result_.live) {
            json["live"] = live(*result_.live);
        }
        return json;
    }

 private:
    static Json live(const LiveRecord& record) {
        Json json{{"source", words::word_of(words::kLiveSources, record.source)},
                  {"ended", text_or_null(record.ended)},
                  {"missing_frames", record.missing},
                  {"late_frames", record.too_late},
                  {"gaps", list_of(record.gaps,
                                   [](const LiveGap& gap) {
                                       return Json{{"before_frame", gap.before_frame},
                                                   {"missing", or_null(gap.missing)},
                                                   {"why", gap.why}};
                                   })},
                  {"more_gaps", record.more_gaps},
                  {"latency_ms", nullptr}};
        if (const auto& latency = record.latency) {
            json["latency_ms"] = {{"frames", latency->frames},
                                  {"p50", latency->p50_ms},
                                  {"p95", latency->p95_ms},
                                  {"p99", latency->p99_ms},
                                  {"max", latency->max_ms}};
        }
        return json;
    }

    // Without timing in the header a frame number is no time: seconds are unknown.
    [[nodiscard]] Json seconds(const std::optional<double>& value) const {
        return result_.run.has_timing() ? or_null(value) : Json(nullptr);
    }

    [[nodiscard]] Json curve(const OpacityCurve& values) const {
        return {{"time_s", result_.run.has_timing() ? numbers(values.time_s) : Json(nullptr)},
                {"opacity", numbers(values.opacity)},
                {"noise", numbers(values.noise)}};
    }

    [[nodiscard]] Json run() const {
        const RunInfo& run = result_.run;
        Json json;
        json["sop_instance_uid"] = text_or_null(run.sop_instance_uid);
        json["file"] = text_or_null(run.file.filename().string());
        json["rows"] = run.extent.height;
        json["columns"] = run.extent.width;
        json["frames"] = run.frames;
        json["frame_time_s"] = run.has_timing() ? numbers(run.frame_time_s) : Json(nullptr);
        json["timing_source"] = text_or_null(run.timing_source);
        json["timing_is_acquisition"] = run.timing_is_acquisition;
        json["pixel_spacing_mm"] =
            run.spacing ? pair(run.spacing->row_mm, run.spacing->column_mm) : Json(nullptr);
        json["spacing_basis"] = word_or_null(
            run.spacing ? words::word_of(words::kSpacingBases, run.spacing->basis) : nullptr);
        json["spacing_source"] = text_or_null(run.spacing_source);
        json["position"] = word_or_null(words::word_of(words::kPositions, run.position));
        json["position_source"] = text_or_null(run.position_source);
        json["left_in_image"] = word_or_null(words::word_of(words::kLeft, run.left_in_image));
        json["head_in_image"] = word_or_null(words::word_of(words::kHead, run.head_in_image));
        json["already_subtracted"] = run.already_subtracted;
        json["codec"] = text_or_null(run.codec_name);
        json["warnings"] = run.warnings;
        return json;
    }

    // The files beside the document.
    [[nodiscard]] Json pictures() const {
        Json names = Json::array({"overview.png", "timeline.png"});
        if (!result_.temporal_variance.empty()) {
            names.push_back("variance.png");
        }
        return names;
    }

    [[nodiscard]] Json parameters() const {
        const PipelineParams& params = result_.params;
        return {{"mode", words::word_of(words::kModes, params.mode)},
                {"backend", words::word_of(words::kBackends, params.backend)},
                {"registration", to_string(params.registration)},
                {"masks", params.masks.empty() ? Json("auto") : Json(params.masks)},
                {"levels", list_of(params.levels, level)},
                {"manual_shift_px", point(params.manual_shift_px)},
                {"find", params.find}};
    }

    [[nodiscard]] Json noise() const {
        if (!result_.noise.known()) {
            return nullptr;
        }
        const auto variance = [](float value) {
            return number_or_null(static_cast<double>(value));
        };
        return {{"log_intensity_first", variance(result_.noise.first())},
                {"log_intensity_step", variance(result_.noise.step())},
                {"variance", list_of(result_.noise.table(), variance)}};
    }

    static Json motion(const FrameMotion& motion) {
        const bool measured = motion.quality != Quality::no_mask;
        return {{"frame", motion.frame},
                {"masks", motion.masks},
                {"mean_px", measured ? point(motion.mean_px) : Json(nullptr)},
                {"max_px", measured ? Json(motion.max_px) : Json(nullptr)},
                {"artefact_ratio", or_null(motion.artefact_ratio)},
                {"worst_artefact_ratio", or_null(motion.worst_artefact_ratio)},
                {"quality", to_string(motion.quality)},
                {"registration", to_string(motion.used)},
                {"reason", text_or_null(motion.reason)},
                {"corridor_artefact_ratio", or_null(motion.corridor_artefact_ratio)},
                {"corridor_residual_mm", or_null(motion.corridor_residual_mm)}};
    }

    static Json level(const LevelMark& mark) {
        return {{"label", mark.label},
                {"center_px", point(mark.center_px)},
                {"source", to_string(mark.source)}};
    }

    [[nodiscard]] Json highlight(const Highlight& entry) const {
        const PixelRect& box = entry.bbox_px;
        return {{"id", entry.id},
                {"kind", to_string(entry.kind)},
                {"confidence", entry.confidence},
                {"grade", to_string(entry.grade)},
                {"onset_frame", entry.onset_frame},
                {"alarm_frame", entry.alarm_frame},
                {"seed_px", point(entry.seed_px)},
                {"path_px", list_of(entry.path_px, point)},
                {"bbox_px", Json::array({box.x, box.y, box.width, box.height})},
                {"side", to_string(entry.side)},
                {"level", text_or_null(entry.level)},
                {"drainage", to_string(entry.drainage)},
                {"drains_at", text_or_null(entry.drains_at)},
                {"width_mm", or_null(entry.width_mm)},
                {"peak_opacity", entry.peak_opacity},
                {"delay_after_sac_s", seconds(entry.delay_after_sac_s)},
                {"curve", curve(entry.curve)},
                {"why", entry.why}};
    }

    [[nodiscard]] Json coverage(const LevelCoverage& entry) const {
        return {{"level", entry.level},
                {"side", to_string(entry.side)},
                {"in_view", entry.in_view},
                {"sac_arrival_s", seconds(entry.sac_arrival_s)},
                {"watched_s", seconds(entry.watched_s)},
                {"detectable_opacity", or_null(entry.detectable_opacity)},
                {"adequate", entry.adequate},
                {"why", entry.why}};
    }

    const RunResult& result_;
};

}  // namespace

Result<std::string> result_json_text(const RunResult& result) {
    const std::string problem = problem_in(result);
    if (!problem.empty()) {
        return fail(ErrorKind::internal, result.run.file.filename().string(),
                    "the result is not fit to be written: " + problem, "please report it");
    }
    return json_text(Writer(result).document());
}

Result<void> write_result_json(const std::filesystem::path& file, const RunResult& result) {
    const auto text = result_json_text(result);
    if (!text) {
        return tl::unexpected(text.error());
    }
    return write_file_atomically(file, *text);
}

}  // namespace dsm
