#include "dsp/pipeline/json_cursor.h"
#include "dsp/pipeline/json_file.h"
#include "dsp/pipeline/result_check.h"
#include "dsp/pipeline/result_json.h"
#include "dsp/pipeline/result_words.h"

namespace dsm {
namespace {

// More than any run has; keeps later arithmetic on sizes far from overflow.
constexpr int kMostFrames = 1'000'000;
constexpr int kMostPixelsPerSide = 65'535;

template <class E>
E word(const JsonCursor& field) {
    const auto value = from_string<E>(field.text());
    if (!value) {
        field.complain("is not a word this program knows");
        return E{};
    }
    return *value;
}

template <class E, std::size_t N>
E word_or(const JsonCursor& field, const words::Table<E, N>& table, E if_null) {
    const std::string text = field.text();
    if (text.empty() || text == "unknown") {
        return if_null;
    }
    const auto value = words::value_of(table, text);
    if (!value) {
        field.complain("is not a word this program knows");
        return if_null;
    }
    return *value;
}

OpacityCurve read_curve(const JsonCursor& field) {
    return {field.at("time_s").numbers(), field.at("opacity").numbers(),
            field.at("noise").numbers()};
}

RunInfo read_run(const JsonCursor& field) {
    RunInfo run;
    run.sop_instance_uid = field.at("sop_instance_uid").text();
    run.file = field.at("file").text();
    run.extent.height = field.at("rows").integer(0, kMostPixelsPerSide);
    run.extent.width = field.at("columns").integer(0, kMostPixelsPerSide);
    run.frames = field.at("frames").integer(0, kMostFrames);
    run.frame_time_s = field.at("frame_time_s").numbers();
    run.timing_source = field.at("timing_source").text();
    run.timing_is_acquisition = field.at("timing_is_acquisition").boolean(false);
    if (const JsonCursor spacing = field.at("pixel_spacing_mm"); !spacing.is_null()) {
        const Point both = spacing.point();
        run.spacing = PixelSpacing{
            both.x, both.y,
            word_or(field.at("spacing_basis"), words::kSpacingBases, SpacingBasis::unknown)};
    }
    run.spacing_source = field.at("spacing_source").text();
    run.position = word_or(field.at("position"), words::kPositions, PatientPosition::unknown);
    run.position_source = field.at("position_source").text();
    run.left_in_image = word_or(field.at("left_in_image"), words::kLeft, LeftInImage::undetermined);
    run.head_in_image = word_or(field.at("head_in_image"), words::kHead, HeadInImage::undetermined);
    run.already_subtracted = field.at("already_subtracted").boolean(false);
    run.codec_name = field.at("codec").text();
    run.warnings = field.at("warnings").texts();
    return run;
}

std::vector<LevelMark> read_levels(const JsonCursor& field) {
    std::vector<LevelMark> levels;
    for (const JsonCursor& entry : field.items()) {
        levels.push_back({entry.at("label").text(), entry.at("center_px").point(),
                          word<LevelSource>(entry.at("source"))});
    }
    return levels;
}

PipelineParams read_parameters(const JsonCursor& field) {
    PipelineParams params;
    if (field.is_null()) {
        return params;
    }
    params.mode = word_or(field.at("mode"), words::kModes, Mode::live);
    params.backend = word_or(field.at("backend"), words::kBackends, Backend::automatic);
    params.registration = word<RegistrationMethod>(field.at("registration"));
    if (const JsonCursor masks = field.at("masks"); !masks.is_string()) {
        params.masks = masks.integers(0, kMostFrames);
    }
    params.levels = read_levels(field.at("levels"));
    if (const JsonCursor shift = field.at("manual_shift_px"); !shift.is_null()) {
        params.manual_shift_px = shift.point();
    }
    params.find = field.at("find").boolean(true);
    return params;
}

NoiseModel read_noise(const JsonCursor& field) {
    if (field.is_null()) {
        return {};
    }
    std::vector<float> variance;
    for (const double value : field.at("variance").numbers()) {
        variance.push_back(static_cast<float>(value));
    }
    return {static_cast<float>(field.at("log_intensity_first").number()),
            static_cast<float>(field.at("log_intensity_step").number()), std::move(variance)};
}

FrameMotion read_motion(const JsonCursor& field) {
    FrameMotion motion;
    motion.frame = field.at("frame").integer(0, kMostFrames);
    motion.masks = field.at("masks").integers(0, kMostFrames);
    motion.quality = word<Quality>(field.at("quality"));
    if (motion.quality != Quality::no_mask) {
        motion.mean_px = field.at("mean_px").point();
        motion.max_px = field.at("max_px").number();
    }
    motion.artefact_ratio = field.at("artefact_ratio").number_or_null();
    motion.worst_artefact_ratio = field.at("worst_artefact_ratio").number_or_null();
    if (const JsonCursor used = field.at("registration"); !used.is_null()) {
        motion.used = word<RegistrationMethod>(used);
    }
    motion.reason = field.at("reason").text();
    motion.corridor_artefact_ratio = field.at("corridor_artefact_ratio").number_or_null();
    motion.corridor_residual_mm = field.at("corridor_residual_mm").number_or_null();
    return motion;
}

CorridorSummary read_corridor(const JsonCursor& field) {
    return {field.at("median_residual_mm").number_or_null(),
            field.at("high_residual_mm").number_or_null(),
            field.at("median_artefact_ratio").number_or_null(), field.at("why").text()};
}

Highlight read_highlight(const JsonCursor& field) {
    Highlight entry;
    entry.id = field.at("id").integer();
    entry.kind = word<LeakKind>(field.at("kind"));
    entry.confidence = field.at("confidence").number();
    entry.grade = word<Grade>(field.at("grade"));
    entry.onset_frame = field.at("onset_frame").integer(0, kMostFrames);
    entry.alarm_frame = field.at("alarm_frame").integer(0, kMostFrames);
    entry.seed_px = field.at("seed_px").point();
    entry.path_px = field.at("path_px").points();
    const auto box = field.at("bbox_px").integers(-kMostPixelsPerSide, 2 * kMostPixelsPerSide);
    if (box.size() == 4) {
        entry.bbox_px = {box[0], box[1], box[2], box[3]};
    } else {
        field.at("bbox_px").complain("is not [x, y, width, height]");
    }
    entry.side = word<Side>(field.at("side"));
    entry.level = field.at("level").text();
    entry.drainage = word<Drainage>(field.at("drainage"));
    entry.drains_at = field.at("drains_at").text();
    entry.width_mm = field.at("width_mm").number_or_null();
    entry.peak_opacity = field.at("peak_opacity").number();
    entry.delay_after_sac_s = field.at("delay_after_sac_s").number_or_null();
    entry.curve = read_curve(field.at("curve"));
    entry.why = field.at("why").text();
    return entry;
}

LevelCoverage read_coverage(const JsonCursor& field) {
    LevelCoverage entry;
    entry.level = field.at("level").text();
    entry.side = word<Side>(field.at("side"));
    entry.in_view = field.at("in_view").boolean(false);
    entry.sac_arrival_s = field.at("sac_arrival_s").number_or_null();
    entry.watched_s = field.at("watched_s").number_or_null();
    entry.detectable_opacity = field.at("detectable_opacity").number_or_null();
    entry.adequate = field.at("adequate").boolean(false);
    entry.why = field.at("why").text();
    return entry;
}

template <class T, class Read>
std::vector<T> list(const JsonCursor& field, const Read& read) {
    std::vector<T> values;
    for (const JsonCursor& entry : field.items()) {
        values.push_back(read(entry));
    }
    return values;
}

LiveRecord read_live(const JsonCursor& field) {
    LiveRecord record;
    record.source = word_or(field.at("source"), words::kLiveSources, LiveSourceKind::folder);
    record.ended = field.at("ended").text();
    record.missing = field.at("missing_frames").count();
    record.too_late = field.at("late_frames").integer(0, kMostFrames);
    record.gaps = list<LiveGap>(field.at("gaps"), [](const JsonCursor& entry) {
        LiveGap gap{entry.at("before_frame").integer(0, kMostFrames), std::nullopt,
                    entry.at("why").text()};
        if (!entry.at("missing").is_null()) {
            gap.missing = entry.at("missing").integer(0, kMostFrames);
        }
        return gap;
    });
    record.more_gaps = field.at("more_gaps").integer(0, kMostFrames);
    if (const JsonCursor latency = field.at("latency_ms"); !latency.is_null()) {
        const auto ms = [&](const char* key) {
            return latency.at(key).number_or_null().value_or(0.0);
        };
        record.latency =
            LiveLatency{static_cast<std::size_t>(latency.at("frames").integer(0, kMostFrames)),
                        ms("p50"), ms("p95"), ms("p99"), ms("max")};
    }
    return record;
}

RunResult read_document(const JsonCursor& root) {
    RunResult result;
    result.backend = root.at("software").at("backend").text();
    result.device = root.at("software").at("device").text();
    result.run = read_run(root.at("run"));
    result.params = read_parameters(root.at("parameters"));
    result.mask_frames = root.at("masks").at("frames").integers(0, kMostFrames);
    result.mask_source =
        word_or(root.at("masks").at("source"), words::kMaskSources, MaskSource::automatic);
    result.false_contrast_rate = root.at("masks").at("false_contrast_rate").number_or_null();
    result.corridor = read_corridor(root.at("corridor"));
    result.calibration = root.at("calibration").text();
    if (const JsonCursor first = root.at("first_contrast_frame"); !first.is_null()) {
        result.first_contrast_frame = first.integer(0, kMostFrames);
    }
    result.opacity_registered = root.at("opacity_registered").boolean(true);
    result.opacity_relative = root.at("opacity_scale").text() == "relative";
    result.noise = read_noise(root.at("noise"));
    result.motion = list<FrameMotion>(root.at("motion"), read_motion);
    result.levels = read_levels(root.at("levels"));
    result.sac_axis_px = root.at("sac").at("axis_px").points();
    result.sac_curve = read_curve(root.at("sac").at("curve"));
    result.highlights = list<Highlight>(root.at("highlights"), read_highlight);
    result.coverage = list<LevelCoverage>(root.at("coverage"), read_coverage);
    result.conclusion = {word<Category>(root.at("conclusion").at("category")),
                         root.at("conclusion").at("text").text()};
    result.warnings = root.at("warnings").texts();
    if (const JsonCursor live = root.at("live"); !live.is_null()) {
        result.live = read_live(live);
    }
    const JsonCursor timing = root.at("timing_ms");
    const auto milliseconds = [&](const char* key) {
        return timing.at(key).number_or_null().value_or(0.0);
    };
    result.timing = {milliseconds("load"), milliseconds("per_frame_p50"),
                     milliseconds("per_frame_p99"), milliseconds("total")};
    return result;
}

Result<RunResult> interpret(const nlohmann::json& json, const std::string& name) {
    std::string problem;
    const JsonCursor root(json, problem);
    const std::string schema = root.at("schema").is_string() ? root.at("schema").text() : "";
    if (schema != "dsm-result/1") {
        return fail(ErrorKind::unsupported, name,
                    schema.empty() ? "is not a result of dsm" : "has schema '" + schema + "'",
                    "give a result.json of schema dsm-result/1");
    }
    RunResult result = read_document(root);
    if (problem.empty()) {
        problem = problem_in(result);
    }
    if (!problem.empty()) {
        return fail(ErrorKind::invalid_input, name, problem, "process the run again");
    }
    return result;
}

}  // namespace

Result<RunResult> parse_result_json(const std::string& text, const std::string& name) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        return fail(ErrorKind::invalid_input, name, "is not JSON", "process the run again");
    }
    return interpret(json, name);
}

Result<RunResult> read_result_json(const std::filesystem::path& file) {
    const auto json = read_json_file(file);
    if (!json) {
        return tl::unexpected(json.error());
    }
    return interpret(*json, file.string());
}

}  // namespace dsm
