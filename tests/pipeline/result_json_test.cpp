#include "dsp/pipeline/result_json.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/pipeline/any_result.h"
#include "tests/support/support.h"

using namespace dsm;
using nlohmann::json;

namespace {

void check_no_nonsense(const json& value) {
    if (value.is_number()) {
        CHECK(std::isfinite(value.get<double>()));
    }
    for (const auto& entry : value) {
        if (value.is_structured()) {
            check_no_nonsense(entry);
        }
    }
}

bool same(const RunResult& a, const RunResult& b) {
    return a.run.sop_instance_uid == b.run.sop_instance_uid && a.run.extent == b.run.extent &&
           a.run.frames == b.run.frames && a.run.frame_time_s == b.run.frame_time_s &&
           a.run.spacing == b.run.spacing && a.run.position == b.run.position &&
           a.run.left_in_image == b.run.left_in_image &&
           a.run.head_in_image == b.run.head_in_image && a.run.warnings == b.run.warnings &&
           a.params == b.params && a.opacity_registered == b.opacity_registered &&
           a.opacity_relative == b.opacity_relative && a.mask_frames == b.mask_frames &&
           a.first_contrast_frame == b.first_contrast_frame && a.noise.table() == b.noise.table() &&
           a.motion == b.motion && a.levels == b.levels && a.highlights == b.highlights &&
           a.coverage == b.coverage && a.conclusion == b.conclusion &&
           a.mask_source == b.mask_source && a.false_contrast_rate == b.false_contrast_rate &&
           a.corridor == b.corridor && a.sac_axis_px == b.sac_axis_px &&
           a.sac_curve == b.sac_curve && a.warnings == b.warnings && a.live == b.live;
}

json written(const RunResult& result) {
    const auto text = result_json_text(result);
    REQUIRE(text);
    return json::parse(*text);
}

}  // namespace

TEST_CASE("any result that is written comes back the same") {
    CHECK(rc::check([](const RunResult& result) {
        const auto text = result_json_text(result);
        RC_ASSERT(text.has_value());
        const auto back = parse_result_json(*text, "result.json");
        RC_ASSERT(back.has_value());
        RC_ASSERT(same(*back, result));
    }));
}

TEST_CASE("every field of the contract is there with its type") {
    const json result = written(test::scene_result({}));
    const auto is = [](const json& value, const char* kind) {
        return std::string(value.type_name()) == kind;
    };
    CHECK(result.at("schema") == "dsm-result/1");
    CHECK(result.at("software").at("name") == "dsm");
    CHECK(is(result["software"].at("version"), "string"));
    CHECK(is(result["software"].at("backend"), "string"));
    CHECK(result["software"].contains("device"));
    const json& run = result.at("run");
    CHECK(run.at("sop_instance_uid") == "1.2.3");
    CHECK(run.at("rows") == 640);
    CHECK(run.at("columns") == 512);
    CHECK(run.at("frames") == 48);
    CHECK(run.at("frame_time_s").size() == 48);
    CHECK(run.at("pixel_spacing_mm") == json::array({0.24, 0.24}));
    CHECK(run.at("position") == "left_decubitus");
    CHECK(run.at("warnings").is_array());
    CHECK(result.at("masks").at("frames") == json::array({0, 1, 2, 3}));
    CHECK(result.at("opacity_registered") == true);
    CHECK(result.at("opacity_scale") == "absolute");
    const json& motion = result.at("motion").at(7);
    CHECK(motion.at("frame") == 7);
    CHECK(motion.at("masks") == json::array({2}));
    CHECK(motion.at("mean_px") == json::array({0.4, -1.2}));
    CHECK(motion.at("max_px") == 3.1);
    CHECK(is(motion.at("artefact_ratio"), "number"));
    CHECK(motion.at("quality") == "good");
    const json& level = result.at("levels").at(0);
    CHECK(level.at("label") == "T5");
    CHECK(level.at("center_px").size() == 2);
    CHECK(level.at("source") == "operator");
    const json& highlight = result.at("highlights").at(0);
    CHECK(highlight.at("id") == 1);
    CHECK(highlight.at("kind") == "csf_venous_fistula");
    CHECK(is(highlight.at("confidence"), "number"));
    CHECK(highlight.at("grade") == "definite");
    CHECK(highlight.at("onset_frame") == 17);
    CHECK(highlight.at("alarm_frame") == 20);
    CHECK(highlight.at("seed_px").size() == 2);
    CHECK(highlight.at("path_px").at(0).size() == 2);
    CHECK(highlight.at("bbox_px").size() == 4);
    CHECK(highlight.at("side") == "left");
    CHECK(highlight.at("level") == "T7-T8");
    CHECK(highlight.at("drainage") == "paravertebral");
    CHECK(highlight.at("drains_at") == "T7-T8");
    CHECK(highlight.at("width_mm") == 1.8);
    CHECK(is(highlight.at("peak_opacity"), "number"));
    CHECK(highlight.at("delay_after_sac_s") == 8.5);
    for (const char* series : {"time_s", "opacity", "noise"}) {
        CHECK(highlight.at("curve").at(series).size() == 48);
    }
    CHECK(is(highlight.at("why"), "string"));
    CHECK(result.at("conclusion").at("category") == "positive");
    CHECK(is(result.at("conclusion").at("text"), "string"));
    for (const char* part : {"load", "per_frame_p50", "per_frame_p99", "total"}) {
        CHECK(is(result.at("timing_ms").at(part), "number"));
    }
    check_no_nonsense(result);
}

TEST_CASE("coverage tells what the contract asks of it") {
    RunResult scene = test::scene_result({});
    scene.coverage = {{"T7", Side::left, true, 6.5, 38.0, 0.009, true, "short text"}};
    const json entry = written(scene).at("coverage").at(0);
    CHECK(entry == json{{"level", "T7"},
                        {"side", "left"},
                        {"in_view", true},
                        {"sac_arrival_s", 6.5},
                        {"watched_s", 38.0},
                        {"detectable_opacity", 0.009},
                        {"adequate", true},
                        {"why", "short text"}});
}

TEST_CASE("what is unknown is null, and without timing no second is given") {
    RunResult scene = test::scene_result({.timing = false, .spacing = false});
    scene.run.position = PatientPosition::unknown;
    scene.highlights.at(0).level.clear();
    scene.highlights.at(0).width_mm.reset();
    const json result = written(scene);
    CHECK(result["run"]["frame_time_s"].is_null());
    CHECK(result["run"]["pixel_spacing_mm"].is_null());
    CHECK(result["run"]["position"].is_null());
    CHECK(result["motion"][0]["artefact_ratio"].is_null());
    CHECK(result["motion"][0]["mean_px"].is_null());
    CHECK(result["highlights"][0]["level"].is_null());
    CHECK(result["highlights"][0]["width_mm"].is_null());
    CHECK(result["highlights"][0]["delay_after_sac_s"].is_null());
    CHECK(result["highlights"][0]["curve"]["time_s"].is_null());
}

TEST_CASE("a gap in a curve is null and comes back as a gap") {
    RunResult scene = test::scene_result({});
    scene.highlights.at(0).curve.opacity.at(3) = std::numeric_limits<double>::quiet_NaN();
    const auto text = result_json_text(scene);
    REQUIRE(text);
    CHECK(text->find("nan") == std::string::npos);
    const auto back = parse_result_json(*text, "result.json");
    REQUIRE(back);
    CHECK(std::isnan(back->highlights.at(0).curve.opacity.at(3)));
}

TEST_CASE("a number that should be one and is not stops the writing and names the field") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const auto refused = [](RunResult&& scene, const char* field) {
        const auto text = result_json_text(scene);
        REQUIRE_FALSE(text);
        CHECK(text.error().message().find(field) != std::string::npos);
    };
    RunResult scene = test::scene_result({});
    scene.highlights.at(1).confidence = nan;
    refused(std::move(scene), "highlights[1].confidence");
    scene = test::scene_result({});
    scene.highlights.at(0).seed_px.x = nan;
    refused(std::move(scene), "highlights[0].seed_px");
    scene = test::scene_result({});
    scene.highlights.at(0).alarm_frame = 48;
    refused(std::move(scene), "highlights[0].alarm_frame");
    scene = test::scene_result({});
    scene.motion.at(9).max_px = nan;
    refused(std::move(scene), "motion[9]");
    scene = test::scene_result({});
    scene.highlights.at(1).id = scene.highlights.at(0).id;
    refused(std::move(scene), "highlights[1].id");
}

TEST_CASE("unknown fields are tolerated") {
    json result = written(test::scene_result({}));
    result["from_the_future"] = {{"deep", {1, 2, 3}}};
    result["highlights"][0]["colour"] = "red";
    CHECK(parse_result_json(result.dump(), "result.json"));
}

TEST_CASE("a result by another program with the contract's fields alone is read") {
    json result = written(test::scene_result({}));
    for (const char* extra : {"parameters", "first_contrast_frame", "noise", "sac", "warnings",
                              "opacity_registered", "opacity_scale"}) {
        result.erase(extra);
    }
    for (auto& entry : result["motion"]) {
        entry.erase("registration");
        entry.erase("reason");
    }
    const auto back = parse_result_json(result.dump(), "result.json");
    REQUIRE(back);
    CHECK(back->highlights.size() == 2);
}

TEST_CASE("a wrong document is refused in one line that names file and field") {
    const auto refused = [](const std::string& text) {
        const auto back = parse_result_json(text, "some/result.json");
        REQUIRE_FALSE(back);
        const std::string line = back.error().message();
        CHECK(line.rfind("some/result.json: ", 0) == 0);
        CHECK(line.find('\n') == std::string::npos);
        return line;
    };
    for (const char* text :
         {"", "[]", "{}", "null", "{\"schema\": 3}", "{\"schema\": \"dsm-result/2\"}",
          "{\"schema\": \"dsm-result/1\"", "\xff\xfe"}) {
        refused(text);
    }
    refused(std::string(200'000, '['));
    const json good = written(test::scene_result({}));
    const auto spoilt = [&](const std::string& place, const json& value) {
        json copy = good;
        copy[json::json_pointer(place)] = value;
        return refused(copy.dump());
    };
    CHECK(spoilt("/highlights/1/kind", "a\nb").find("highlights[1].kind") != std::string::npos);
    CHECK(spoilt("/highlights/0/confidence", 7).find("confidence") != std::string::npos);
    CHECK(spoilt("/highlights/0/bbox_px", {1, 2}).find("bbox_px") != std::string::npos);
    CHECK(spoilt("/highlights/0/onset_frame", 1e300).find("onset_frame") != std::string::npos);
    CHECK(spoilt("/highlights/0/onset_frame", 1.5).find("onset_frame") != std::string::npos);
    CHECK(spoilt("/run/frames", -4).find("run.frames") != std::string::npos);
    CHECK(spoilt("/run/frame_time_s", {0.0}).find("frame_time_s") != std::string::npos);
    CHECK(spoilt("/motion", "no").find("motion") != std::string::npos);
}

TEST_CASE("any byte of a result may be damaged without harm") {
    const auto text = result_json_text(test::scene_result({.frames = 4}));
    REQUIRE(text);
    CHECK(rc::check([&](std::uint16_t where, char with) {
        std::string damaged = *text;
        damaged[where % damaged.size()] = with;
        const auto back = parse_result_json(damaged, "result.json");
        const bool one_line = back || back.error().message().find('\n') == std::string::npos;
        RC_ASSERT(one_line);
    }));
}

TEST_CASE("text that is not UTF-8 is written as a mark, not as an exception") {
    RunResult scene = test::scene_result({});
    scene.run.warnings = {"name \xff\xfe"};
    const auto text = result_json_text(scene);
    REQUIRE(text);
    CHECK(parse_result_json(*text, "result.json")->run.warnings.at(0).rfind("name ", 0) == 0);
}
