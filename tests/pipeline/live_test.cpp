// A run that is processed while it comes says what it says when it is all there.
#include "dsp/pipeline/live.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <thread>

#include "tests/pipeline/made_run.h"
#include "tests/pipeline/phantom_source.h"

using namespace dsm;
using namespace std::chrono_literals;
using dsm::test::MadeRun;

namespace {

constexpr Extent kSmall{192, 160};

double column(double x, double y, FrameIndex frame) {
    const double filled = frame > 6 && std::abs(x - 96.0) < 9.0 ? 0.3 : 0.0;
    return MadeRun::still(x, y, frame) * std::exp(-filled);
}

// Frame `frame` of a source that may be read from another thread, one at a time.
LiveFrame frame_of(FrameSource& source, FrameIndex frame) {
    LiveFrame live;
    live.read = [&source, frame](ImageView<std::uint16_t> words) {
        return source.read(frame, words);
    };
    live.content_s = 100.0 + source.info().frame_time_s[static_cast<std::size_t>(frame)];
    live.last_byte = std::chrono::system_clock::now();
    return live;
}

LiveRun::Start start_of(const FrameSource& source) {
    LiveRun::Start start;
    start.first = source.info();
    start.name = "made";
    return start;
}

PipelineParams on_cpu() {
    PipelineParams params;
    params.backend = Backend::cpu;
    return params;
}

}  // namespace

TEST_CASE("frames that come one by one give the result of the run in a file") {
    MadeRun source(kSmall, 24, column);
    source.info().spacing = PixelSpacing{0.5, 0.5, SpacingBasis::at_isocentre};
    const auto from_file = process_run(source, on_cpu());
    REQUIRE(from_file);
    LiveRun run(start_of(source));
    std::jthread sender([&] {
        for (FrameIndex frame = 0; frame < 24; ++frame) {
            run.offer(frame_of(source, frame));
            std::this_thread::sleep_for(2ms);
        }
        run.end("over");
    });
    std::vector<FrameIndex> done;
    LiveHooks hooks;
    hooks.on_latency = [&](FrameIndex frame, double latency_ms) {
        CHECK(latency_ms >= 0.0);
        done.push_back(frame);
    };
    const auto live = process_live(run, on_cpu(), hooks);
    REQUIRE(live);
    CHECK(done.size() == 24);
    CHECK(live->run.frames == 24);
    CHECK(live->run.frame_time_s == source.info().frame_time_s);
    CHECK(live->motion == from_file->motion);
    CHECK(live->highlights == from_file->highlights);
    CHECK(live->sac_curve == from_file->sac_curve);
    CHECK(live->conclusion == from_file->conclusion);
    CHECK(live->first_contrast_frame == from_file->first_contrast_frame);
    REQUIRE(live->live);
    CHECK(live->live->ended == "over");
    REQUIRE(live->live->latency);
    CHECK(live->live->latency->frames == 24);
    CHECK(live->live->latency->p50_ms <= live->live->latency->p99_ms);
    CHECK(!from_file->live);
}

TEST_CASE("a fistula raises one alarm, in the frame that the result names") {
    phantom::Recipe recipe;
    recipe.seed = 21;
    recipe.image.columns = 344;
    recipe.image.rows = 440;
    recipe.image.pixel_mm = 0.4;
    recipe.image.bits = 10;
    recipe.timing.frames = 40;
    recipe.timing.rate_hz = 1.25;
    recipe.anatomy.lung_depth_cm = 5.0;
    recipe.motion.breathing.amplitude_mm = 4.0;
    recipe.contrast.start_s = 4.0;
    recipe.contrast.front_mm_s = 20.0;
    recipe.detector.dose_ugy = 3.0;
    phantom::StructureRecipe vein;
    vein.iodine_mg_ml = 40.0;
    vein.width_mm = 2.6;
    vein.length_mm = 65.0;
    vein.delay_s = 8.0;
    vein.speed_mm_s = 8.0;
    recipe.structures = {vein};
    test::PhantomSource source(recipe);
    LiveRun run(start_of(source));
    for (FrameIndex frame = 0; frame < source.info().frames; ++frame) {
        run.offer(frame_of(source, frame));
    }
    run.end("over");
    std::vector<LiveAlarm> raised;
    LiveHooks hooks;
    hooks.on_alarm = [&](const LiveAlarm& alarm) { raised.push_back(alarm); };
    const auto live = process_live(run, on_cpu(), hooks);
    REQUIRE(live);
    REQUIRE(!raised.empty());
    CHECK(raised.front().kind == LiveAlarms::Kind::raised);
    CHECK(raised.front().highlight.confidence >= 0.5);
    CHECK(raised.front().frame == raised.front().highlight.alarm_frame);
    CHECK(raised.front().time_s == Approx(0.8 * raised.front().frame));
}

TEST_CASE("an alarm is raised once, gives way to another at its place, and is withdrawn") {
    std::string said;
    LiveAlarms alarms([&](FrameIndex frame, const Highlight& highlight, LiveAlarms::Kind kind) {
        const char* word = kind == LiveAlarms::Kind::raised    ? "raised"
                           : kind == LiveAlarms::Kind::changed ? "changed"
                                                               : "withdrawn";
        said += std::to_string(frame) + " " + word + " " + std::to_string(highlight.id) + "; ";
    });
    const auto highlight = [](int id, double confidence, int x) {
        Highlight made;
        made.id = id;
        made.kind = LeakKind::csf_venous_fistula;
        made.confidence = confidence;
        made.bbox_px = {x, 10, 20, 20};
        return made;
    };
    Highlight sleeve = highlight(9, 0.99, 200);
    sleeve.kind = LeakKind::nerve_root_sleeve;
    alarms.look(1, {highlight(1, 0.4, 0), sleeve});
    alarms.look(2, {highlight(1, 0.6, 0), sleeve});
    alarms.look(3, {highlight(1, 0.4, 0)});  // it stands
    alarms.look(4, {highlight(2, 0.7, 15)});
    alarms.look(5, {highlight(2, 0.7, 15), highlight(3, 0.9, 100)});
    alarms.look(6, {highlight(3, 0.2, 100)});
    CHECK(said == "2 raised 1; 4 changed 2; 5 raised 3; 6 withdrawn 2; 6 withdrawn 3; ");
}

TEST_CASE("a run of which no frame can be read is an error, not a result") {
    MadeRun source(kSmall, 1);
    source.unreadable = 0;
    LiveRun run(start_of(source));
    run.offer(frame_of(source, 0));
    run.end("over");
    const auto live = process_live(run, on_cpu(), {});
    REQUIRE(!live);
    CHECK(live.error().what.find("no frame") != std::string::npos);
}
