#include "dsp/review/dicom_state.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>

#include "dsp/dicom/objects/object_source.h"
#include "dsp/dicom/xa_writer.h"
#include "tests/review/random_commands.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::test;

namespace {

constexpr const char* kRun = "1.2.826.0.1.3680043.9.7";

// A run for the marks to refer to: 120 frames of 64 x 48.
class Scene {
 public:
    Scene() {
        XaRun run;
        run.info.extent = {64, 48};
        run.info.frames = 120;
        run.info.bits_stored = 12;
        run.info.sop_instance_uid = kRun;
        run.info.study_instance_uid = std::string(kRun) + ".1";
        run.info.series_instance_uid = std::string(kRun) + ".2";
        run.info.intensity.relationship = PixelIntensityRelationship::linear;
        for (int frame = 0; frame < run.info.frames; ++frame) {
            run.info.frame_time_s.push_back(0.5 * frame);
        }
        const std::vector<std::uint16_t> words(run.info.extent.pixels() * 120, 1000);
        REQUIRE(write_xa_run(file("run.dcm"), run, words));
        auto opened = ObjectSource::open(file("run.dcm"), "Reader^A");
        REQUIRE(opened);
        source.emplace(std::move(*opened));
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder.path() / name;
    }
    // Out to a file and in again.
    [[nodiscard]] Result<PresentationState> sent(const PresentationState& state,
                                                 StateClass state_class) {
        return write_presentation_state(file("state.dcm"), *source, state_class, state)
            .and_then(
                [&](const ObjectReference&) { return read_presentation_state(file("state.dcm")); });
    }

    TemporaryFolder folder;
    std::optional<ObjectSource> source;
};

RunReview reviewed(const std::vector<Command>& commands) {
    Review review;
    for (const Command& command : commands) {
        (void)execute(review, command);
    }
    return review.runs.empty() ? RunReview{} : review.runs.begin()->second;
}

ComputedState computed() {
    ComputedState state;
    state.mask_frames = {0, 1, 3};
    for (int frame = 4; frame < 120; ++frame) {
        FrameMotion motion;
        motion.frame = frame;
        motion.masks = {0, 1};
        motion.mean_px = {0.25 * (frame % 3), -0.5};
        motion.max_px = 3.0;
        state.motion.push_back(motion);
    }
    Highlight highlight;
    highlight.id = 1;
    highlight.kind = LeakKind::csf_venous_fistula;
    highlight.path_px = {{10, 12}, {14, 13.5}, {20, 15}};
    highlight.seed_px = {10, 12};
    highlight.onset_frame = 30;
    highlight.level = "T7-T8";
    state.highlights.push_back(highlight);
    state.levels = {{"T7", {30, 10}, LevelSource::interpolated}};
    return state;
}

bool near(Point a, Point b, double within_px) {
    return distance(a, b) <= within_px;
}

}  // namespace

TEST_CASE("any review goes out as a presentation state and comes back equal") {
    Scene scene;
    CHECK(rc::check([&] {
        const RunReview review = reviewed(*any_commands());
        const auto state = presentation_state_of(scene.source->info(), review, computed());
        RC_ASSERT(state.has_value());
        const bool grayscale = *rc::gen::arbitrary<bool>();
        const auto back =
            scene.sent(*state, grayscale ? StateClass::grayscale : StateClass::xa_xrf);
        RC_ASSERT(back.has_value());
        const auto marks = marks_of(*back);
        RC_ASSERT(marks.has_value());
        RC_ASSERT(marks->exact);
        RC_ASSERT(marks->review == review);
    }));
}

TEST_CASE("without the private record the marks come back from the graphics alone") {
    Scene scene;
    RunReview review;
    review.levels = {{"T7", {31.25, 10.5}, LevelSource::operator_marked},
                     {"T9", {30.0, 33.125}, LevelSource::operator_marked}};
    review.annotations = {
        {1, ArrowShape{{40, 30}, {21.5, 12.25}}, "vein?", FrameRange{30, 34}, false, {}},
        {2, TextShape{{5, 6}}, "Grüße", {}, false, {}},
        {3, EllipseShape{{20, 20}, 4, 9.5}, "", {}, true, {}},
        {4, PolygonShape{{{1, 1}, {9, 2}, {8, 11}}}, "region", FrameRange{0, 119}, true, {}}};
    auto state = presentation_state_of(scene.source->info(), review, computed());
    REQUIRE(state);
    state->exact_record.clear();
    const auto back = scene.sent(*state, StateClass::grayscale);
    REQUIRE(back);
    const auto marks = marks_of(*back);
    REQUIRE(marks);
    CHECK_FALSE(marks->exact);
    CHECK(marks->warnings.empty());
    const RunReview& got = marks->review;
    REQUIRE(got.levels.size() == 2);
    CHECK(got.levels == review.levels);
    REQUIRE(got.annotations.size() == 4);
    constexpr double kFloat_px = 1e-4;
    const auto& arrow = std::get<ArrowShape>(got.annotations[0].shape);
    CHECK(near(arrow.tail_px, {40, 30}, kFloat_px));
    CHECK(near(arrow.head_px, {21.5, 12.25}, kFloat_px));
    CHECK(got.annotations[0].text == "vein?");
    CHECK(got.annotations[0].frames == FrameRange{30, 34});
    CHECK(got.annotations[0].stamp.author == "Reader^A");
    CHECK(got.annotations[1].text == "Grüße");
    CHECK_FALSE(got.annotations[1].frames.has_value());
    const auto& ellipse = std::get<EllipseShape>(got.annotations[2].shape);
    CHECK(near(ellipse.center_px, {20, 20}, kFloat_px));
    CHECK(ellipse.radius_x_px == Approx(4));
    CHECK(ellipse.radius_y_px == Approx(9.5));
    CHECK(std::get<PolygonShape>(got.annotations[3].shape).vertices_px.size() == 3);
}

TEST_CASE("lengths and angles are drawn with their values for others, and come back without them") {
    Scene scene;
    RunReview review;
    review.annotations = {
        {1, LineShape{{10, 10}, {40, 50}}, "sac: widest", FrameRange{3, 3}, false, {}},
        {2, LineShape{{5, 5}, {5, 25}}, "", {}, false, {}},
        {3, AngleShape{{30, 10}, {10, 10}, {10, 40}}, "", {}, false, {}},
        {4, AngleShape{{30, 10}, {10, 10}, {30, 30}}, "rib", {}, false, {}}};
    auto state = presentation_state_of(scene.source->info(), review, computed());
    REQUIRE(state);
    std::vector<std::string> texts;
    for (const auto& annotation : state->annotations) {
        texts.push_back(annotation.text);
    }
    const auto written = [&](const std::string& text) {
        return std::find(texts.begin(), texts.end(), text) != texts.end();
    };
    CHECK(written("sac: widest: 50.0 px, no pixel spacing"));
    CHECK(written("20.0 px, no pixel spacing"));
    CHECK(written("90.0\xc2\xb0"));
    CHECK(written("rib: 45.0\xc2\xb0"));
    state->exact_record.clear();
    for (const auto state_class : {StateClass::grayscale, StateClass::xa_xrf}) {
        const auto back = scene.sent(*state, state_class);
        REQUIRE(back);
        const auto marks = marks_of(*back);
        REQUIRE(marks);
        CHECK(marks->warnings.empty());
        const auto& got = marks->review.annotations;
        REQUIRE(got.size() == 4);
        for (std::size_t i = 0; i < got.size(); ++i) {
            CAPTURE(i);
            CHECK(got[i].text == review.annotations[i].text);
            CHECK(got[i].frames == review.annotations[i].frames);
            CHECK(got[i].shape == review.annotations[i].shape);  // whole numbers are exact
        }
    }
}

TEST_CASE("a long text gives way to the length that was measured, and comes back whole") {
    Scene scene;
    std::string text;
    while (text.size() < 2000) {
        text += "\xc3\xa4";
    }
    RunReview review;
    review.annotations = {{1, LineShape{{10, 10}, {40, 50}}, text, {}, false, {}}};
    const auto state = presentation_state_of(scene.source->info(), review, computed());
    REQUIRE(state);
    const auto back = scene.sent(*state, StateClass::grayscale);
    REQUIRE(back);
    const auto shown = std::find_if(
        back->annotations.begin(), back->annotations.end(),
        [](const auto& each) { return each.text.find("50.0 px") != std::string::npos; });
    REQUIRE(shown != back->annotations.end());
    CHECK(shown->text.ends_with("...: 50.0 px, no pixel spacing"));
    CHECK(shown->text.starts_with("\xc3\xa4\xc3\xa4"));
    const auto marks = marks_of(*back);
    REQUIRE(marks);
    CHECK(marks->review.annotations.front().text == text);
}

TEST_CASE("masks and shifts go out per frame and come back in the project's convention") {
    Scene scene;
    const auto state = presentation_state_of(scene.source->info(), {}, computed());
    REQUIRE(state);
    const auto back = scene.sent(*state, StateClass::xa_xrf);
    REQUIRE(back);
    REQUIRE(back->shifts.size() == 116);  // neighbours differ
    CHECK(back->shifts[1].first == 5);
    CHECK(back->shifts[1].masks == std::vector<FrameIndex>{0, 1, 3});
    CHECK(near(back->shifts[1].shift_px, {0.5, -0.5}, 1e-6));
    CHECK(back->mask_explanation.find("Approximation") != std::string::npos);
    CHECK(back->mask_explanation.find("mesh") != std::string::npos);
    // The plain state holds one item, and no shift where the frames do not share one.
    const auto plain = scene.sent(*state, StateClass::grayscale);
    REQUIRE(plain);
    REQUIRE(plain->shifts.size() == 1);
    CHECK(plain->shifts[0].shift_px == Point{});
}

TEST_CASE("an import changes nothing that is there, and adds nothing twice") {
    Review there;
    const Annotation mine{1, ArrowShape{{0, 0}, {5, 5}}, "mine", {}, false, {}};
    REQUIRE(execute(there, AddAnnotation{kRun, mine}));
    REQUIRE(execute(there, SetLevelMark{kRun, "T7", {10, 10}}));
    RunReview marks;
    marks.annotations = {{1, TextShape{{3, 4}}, "theirs", {}, false, {}}, mine};
    marks.annotations[1].id = 2;
    marks.levels = {{"T7", {11, 10}, LevelSource::operator_marked},
                    {"T8", {10, 30}, LevelSource::operator_marked}};
    marks.mask_frames = {0, 2};

    std::vector<std::string> left_out;
    const CommandGroup first = commands_to_add(there, kRun, marks, false, left_out);
    REQUIRE(execute(there, Command{first}));
    const RunReview& now = review_of(there, kRun);
    REQUIRE(now.annotations.size() == 2);
    CHECK(*find_annotation(now, 1) == mine);
    CHECK(find_annotation(now, 2)->text == "theirs");
    CHECK(find_level(now, "T7")->center_px == Point{10, 10});
    CHECK(find_level(now, "T8") != nullptr);
    CHECK(now.mask_frames == std::vector<FrameIndex>{0, 2});
    REQUIRE(left_out.size() == 1);
    CHECK(left_out[0].find("T7") != std::string::npos);

    left_out.clear();
    CHECK(commands_to_add(there, kRun, marks, false, left_out).commands.empty());
    left_out.clear();
    const CommandGroup forced = commands_to_add(there, kRun, marks, true, left_out);
    CHECK(left_out.empty());
    REQUIRE(execute(there, Command{forced}));
    CHECK(find_level(review_of(there, kRun), "T7")->center_px == Point{11, 10});
}

TEST_CASE("a damaged record is refused, not half read") {
    PresentationState state;
    state.exact_record = R"({"schema": "dsm-command/1", "type": "group", "commands": [{]})";
    CHECK_FALSE(marks_of(state));
}

TEST_CASE("published presentation states of other makers are read") {
    const auto file = shared_data("xa/gsps_text_ps.dcm");
    if (!file) {
        WARN("no shared data");
        return;
    }
    const auto state = read_presentation_state(*file);
    REQUIRE(state);
    CHECK_FALSE(state->annotations.empty());
    const auto marks = marks_of(*state);
    REQUIRE(marks);
    CHECK_FALSE(marks->review.annotations.empty());
}
