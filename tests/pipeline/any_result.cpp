#include "tests/pipeline/any_result.h"

#include <cmath>
#include <random>

namespace dsm::test {
namespace {

double any_double() {
    return *rc::gen::map(rc::gen::arbitrary<double>(),
                         [](double value) { return std::isfinite(value) ? value : 0.25; });
}
Point any_point() {
    const double x = any_double();
    return {x, any_double()};
}
std::string any_text() {
    return *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
}
std::string any_word() {
    return "x" + any_text();
}
std::optional<double> any_maybe() {
    return *rc::gen::arbitrary<bool>() ? std::optional(any_double()) : std::nullopt;
}
template <class E>
E any_of(int count) {
    return static_cast<E>(*rc::gen::inRange(0, count));
}
std::vector<double> any_numbers(int count) {
    std::vector<double> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(any_double());
    }
    return values;
}
int any_count() {
    return *rc::gen::inRange(0, 4);
}
std::vector<Point> any_points() {
    std::vector<Point> points(static_cast<std::size_t>(any_count()));
    for (Point& point : points) {
        point = any_point();
    }
    return points;
}

OpacityCurve any_curve(const RunInfo& run) {
    OpacityCurve curve;
    curve.time_s = run.frame_time_s;
    curve.opacity = any_numbers(run.frames);
    curve.noise = any_numbers(run.frames);
    return curve;
}

RunInfo any_run() {
    RunInfo run;
    run.file = "run.dcm";
    run.sop_instance_uid = any_text();
    run.extent = {*rc::gen::inRange(1, 65'000), *rc::gen::inRange(1, 65'000)};
    run.frames = *rc::gen::inRange(1, 6);
    if (*rc::gen::arbitrary<bool>()) {
        run.frame_time_s = any_numbers(run.frames);
        run.timing_is_acquisition = *rc::gen::arbitrary<bool>();
    }
    run.timing_source = any_text();
    if (*rc::gen::arbitrary<bool>()) {
        run.spacing = PixelSpacing{0.01 + std::abs(any_double()), 0.01 + std::abs(any_double()),
                                   any_of<SpacingBasis>(4)};
    }
    run.position = any_of<PatientPosition>(5);
    run.left_in_image = any_of<LeftInImage>(5);
    run.head_in_image = any_of<HeadInImage>(5);
    for (int i = any_count(); i > 0; --i) {
        run.warnings.push_back(any_text());
    }
    return run;
}

Highlight any_highlight(int id, const RunInfo& run) {
    Highlight entry;
    entry.id = id;
    entry.kind = any_of<LeakKind>(6);
    entry.confidence = *rc::gen::inRange(0, 1001) / 1000.0;
    entry.grade = any_of<Grade>(3);
    entry.onset_frame = *rc::gen::inRange(0, run.frames);
    entry.alarm_frame = *rc::gen::inRange(0, run.frames);
    entry.seed_px = any_point();
    entry.path_px = any_points();
    entry.bbox_px = {*rc::gen::inRange(-9, 99), *rc::gen::inRange(-9, 99), *rc::gen::inRange(0, 99),
                     *rc::gen::inRange(0, 99)};
    entry.side = any_of<Side>(3);
    entry.level = any_text();
    entry.drainage = any_of<Drainage>(4);
    entry.drains_at = any_text();
    entry.width_mm = 2.0;
    entry.peak_opacity = any_double();
    entry.delay_after_sac_s = run.has_timing() ? any_maybe() : std::nullopt;
    entry.curve = any_curve(run);
    entry.why = any_text();
    return entry;
}

LevelCoverage any_coverage(const RunInfo& run) {
    LevelCoverage entry;
    entry.level = any_word();
    entry.side = any_of<Side>(3);
    entry.in_view = *rc::gen::arbitrary<bool>();
    entry.sac_arrival_s = run.has_timing() ? any_maybe() : std::nullopt;
    entry.watched_s = run.has_timing() ? any_maybe() : std::nullopt;
    entry.detectable_opacity = any_maybe();
    entry.adequate = *rc::gen::arbitrary<bool>();
    entry.why = any_text();
    return entry;
}

FrameMotion any_motion(int frame, const RunInfo& run) {
    FrameMotion motion;
    motion.frame = frame;
    motion.quality = any_of<Quality>(5);
    motion.used = any_of<RegistrationMethod>(4);
    motion.reason = any_text();
    if (motion.quality != Quality::no_mask) {
        motion.masks = {*rc::gen::inRange(0, run.frames)};
        motion.mean_px = any_point();
        motion.max_px = any_double();
        motion.artefact_ratio = any_maybe();
        motion.corridor_artefact_ratio = any_maybe();
        motion.corridor_residual_mm = any_maybe();
    }
    return motion;
}

}  // namespace

rc::Gen<RunResult> any_result() {
    return rc::gen::exec([] {
        RunResult result;
        result.run = any_run();
        const RunInfo& run = result.run;
        result.params.mode = any_of<Mode>(2);
        result.params.registration = any_of<RegistrationMethod>(4);
        result.backend = "cpu";
        result.device = any_text();
        result.opacity_registered = *rc::gen::arbitrary<bool>();
        result.opacity_relative = *rc::gen::arbitrary<bool>();
        result.mask_frames = {0};
        result.mask_source = any_of<MaskSource>(3);
        result.false_contrast_rate = any_maybe();
        result.corridor = {any_maybe(), any_maybe(), any_maybe(), any_text()};
        if (*rc::gen::arbitrary<bool>()) {
            result.first_contrast_frame = *rc::gen::inRange(0, run.frames);
            result.noise = NoiseModel(1.5F, 0.25F, {1e-4F, 2e-4F, 3e-4F});
        }
        for (int frame = 0; frame < run.frames; ++frame) {
            result.motion.push_back(any_motion(frame, run));
        }
        for (int i = any_count(); i > 0; --i) {
            result.levels.push_back({any_word(), any_point(), any_of<LevelSource>(3)});
        }
        for (int i = any_count(); i > 0; --i) {
            result.highlights.push_back(any_highlight(i, run));
        }
        for (int i = any_count(); i > 0; --i) {
            result.coverage.push_back(any_coverage(run));
        }
        result.conclusion = {any_of<Category>(4), any_text()};
        result.sac_axis_px = any_points();
        result.sac_curve = any_curve(run);
        result.warnings = {any_text()};
        if (*rc::gen::arbitrary<bool>()) {
            result.live = LiveRecord{};
            result.live->source = any_of<LiveSourceKind>(2);
            result.live->ended = any_text();
            result.live->too_late = any_count();
            result.live->add({0, std::nullopt, any_text()});
            result.live->add({0, any_count(), any_text()});
            result.live->latency = LiveLatency{3, any_double(), any_double(), any_double(), 1.5};
        }
        result.timing = {1.0, 2.0, 3.0, 4.0};
        return result;
    });
}

namespace {

// A contrast column that rises up the middle, with cord and roots left out: a picture, not physics.
Image<float> sac_picture(const Scene& scene, std::mt19937& random) {
    Image<float> picture(scene.extent);
    std::normal_distribution<float> noise(0.008F, 0.004F);
    for (int y = 0; y < scene.extent.height; ++y) {
        const double half = 0.06 * scene.extent.width;
        const double middle = 0.5 * scene.extent.width +
                              0.02 * scene.extent.width * std::sin(y * 4.0 / scene.extent.height);
        for (int x = 0; x < scene.extent.width; ++x) {
            const double off = (x - middle) / half;
            const double depth = std::max(0.0, 1.0 - off * off);
            picture(x, y) = noise(random) + static_cast<float>(0.6 * std::sqrt(depth));
        }
    }
    return picture;
}

void draw_vein(Image<float>& picture, const std::vector<Point>& path, float opacity) {
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const double off =
                distance_to_polyline({static_cast<double>(x), static_cast<double>(y)}, path);
            if (off < 8.0) {
                picture(x, y) += opacity * static_cast<float>(std::exp(-off * off / 9.0));
            }
        }
    }
}

OpacityCurve rising_curve(const RunResult& result, double onset, double peak, double noise,
                          std::mt19937& random) {
    OpacityCurve curve;
    curve.time_s = result.run.frame_time_s;
    std::normal_distribution<double> jitter(0.0, noise);
    for (int frame = 0; frame < result.run.frames; ++frame) {
        const double since = frame - onset;
        curve.opacity.push_back((since > 0 ? peak * (1 - std::exp(-since / 6.0)) : 0.0) +
                                jitter(random));
        curve.noise.push_back(noise);
    }
    return curve;
}

Highlight scene_highlight(const Scene& scene, int number, const RunResult& result,
                          std::mt19937& random) {
    const double width = scene.extent.width;
    const double height = scene.extent.height;
    const bool left = number % 2 == 0;
    const double y = height * (0.12 + 0.76 * ((number * 7) % 11) / 11.0);
    const double way = left ? 1.0 : -1.0;
    Highlight entry;
    entry.id = number + 1;
    entry.kind = number == 0 ? LeakKind::csf_venous_fistula : static_cast<LeakKind>(number % 6);
    entry.confidence = 0.93 / (1 + 0.3 * number);
    entry.grade = static_cast<Grade>(number % 3);
    entry.onset_frame = std::min(result.run.frames - 1, 17 + number);
    entry.alarm_frame = std::min(result.run.frames - 1, entry.onset_frame + 3);
    for (int i = 0; i < 8; ++i) {
        entry.path_px.push_back({width * (0.5 + way * (0.06 + 0.025 * i)),
                                 y - height * 0.006 * i + height * 0.01 * std::sin(i * 1.3)});
    }
    entry.seed_px = entry.path_px.front();
    const Point last = entry.path_px.back();
    entry.bbox_px = {static_cast<int>(std::min(last.x, entry.seed_px.x)),
                     static_cast<int>(std::min(last.y, entry.seed_px.y)) - 4,
                     static_cast<int>(std::abs(last.x - entry.seed_px.x)), 16};
    entry.side = left ? Side::left : Side::right;
    entry.level = "T7-T8";
    entry.drainage = Drainage::paravertebral;
    entry.drains_at = "T7-T8";
    entry.width_mm = 1.8;
    entry.peak_opacity = 0.045;
    entry.delay_after_sac_s = 8.5;
    entry.curve = rising_curve(result, entry.onset_frame, 0.045, 0.004, random);
    entry.why = "thin line beside the sac, 8.5 s after it, growing away from the foramen";
    return entry;
}

}  // namespace

RunResult scene_result(const Scene& scene) {
    std::mt19937 random(7);
    RunResult result;
    RunInfo& run = result.run;
    run.file = scene.name;
    run.sop_instance_uid = "1.2.3";
    run.extent = scene.extent;
    run.frames = scene.frames;
    for (int frame = 0; scene.timing && frame < scene.frames; ++frame) {
        run.frame_time_s.push_back(frame * 0.5);
    }
    run.position = PatientPosition::left_decubitus;
    run.left_in_image = LeftInImage::towards_larger_x;
    run.head_in_image = HeadInImage::towards_smaller_y;
    if (scene.spacing) {
        run.spacing = PixelSpacing{0.24, 0.24, SpacingBasis::at_isocentre};
    }
    result.backend = "cpu";
    result.mask_frames = {0, 1, 2, 3};
    result.first_contrast_frame = std::min(6, scene.frames - 1);
    for (int frame = 0; frame < scene.frames; ++frame) {
        FrameMotion motion;
        motion.frame = frame;
        motion.used = RegistrationMethod::mesh;
        motion.quality =
            frame < 2 ? Quality::no_mask : (frame % 13 == 12 ? Quality::poor : Quality::good);
        if (motion.quality != Quality::no_mask) {
            motion.masks = {2};
            motion.artefact_ratio =
                motion.quality == Quality::poor ? 2.4 : 1.05 + 0.01 * (frame % 5);
            motion.mean_px = {0.4, -1.2};
            motion.max_px = 3.1;
        }
        result.motion.push_back(motion);
    }
    if (scene.levels) {
        for (int i = 0; i < 7; ++i) {
            result.levels.push_back(
                {"T" + std::to_string(5 + i),
                 {0.5 * scene.extent.width, scene.extent.height * (0.08 + 0.14 * i)},
                 i % 6 == 0 ? LevelSource::operator_marked : LevelSource::interpolated});
        }
    }
    for (const LevelMark& level : result.levels) {
        for (const Side side : {Side::left, Side::right}) {
            const bool adequate = level.label != "T5" && level.label != "T11";
            result.coverage.push_back({level.label, side, level.label != "T11", 6.5, 30.0,
                                       side == Side::left ? 0.009 : 0.0125, adequate,
                                       "short text"});
        }
    }
    result.sac_curve = rising_curve(result, 6, 0.6, 0.003, random);
    result.peak_opacity = sac_picture(scene, random);
    for (int number = 0; number < scene.highlights; ++number) {
        result.highlights.push_back(scene_highlight(scene, number, result, random));
        draw_vein(result.peak_opacity, result.highlights.back().path_px, 0.03F);
    }
    result.conclusion =
        scene.highlights > 0
            ? Conclusion{Category::positive,
                         "A suspected CSF-venous fistula at T7-T8 on the left (definite, 0.93)."}
            : Conclusion{Category::negative,
                         "No leak was seen at T5-T11 on either side. Not cleared: T5 left (arms)."};
    return result;
}

}  // namespace dsm::test
