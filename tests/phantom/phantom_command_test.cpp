#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "dsp/dicom/xa_writer.h"
#include "dsp/source/open_run.h"
#include "tests/phantom/support.h"
#include "tests/support/support.h"

namespace fs = std::filesystem;
using namespace dsm;
using dsm::test::Finished;
using dsm::test::read_file;
using dsm::test::run_program;
using dsm::test::TemporaryFolder;

namespace {

const std::string kDsm = std::string(DSM_BINARY_DIR) + "/dsm";

fs::path write_recipe(const TemporaryFolder& folder, const phantom::Recipe& recipe) {
    const fs::path file = folder.path() / "recipe.json";
    std::ofstream(file) << phantom::recipe_text(recipe);
    return file;
}

}  // namespace

TEST_CASE("dsm phantom writes the same bytes twice, with truth beside them") {
    const TemporaryFolder folder;
    const fs::path recipe = write_recipe(folder, phantom::test::small_recipe());
    for (const char* name : {"a", "b"}) {
        const Finished done = run_program({kDsm, "phantom", recipe, "--out", folder.path() / name});
        INFO(done.err);
        REQUIRE(done.exit_code == 0);
        CHECK(done.out.empty());
    }
    for (const char* name : {"run.dcm", "truth.json", "levels.json", "sac.png", "free.png",
                             "opacity_true.npy", "recipe.json"}) {
        const std::string first = read_file(folder.path() / "a" / name);
        CAPTURE(name);
        CHECK_FALSE(first.empty());
        CHECK(first == read_file(folder.path() / "b" / name));
    }
    const auto truth = nlohmann::json::parse(read_file(folder.path() / "a" / "truth.json"));
    CHECK(truth.at("schema") == "dsm-truth/1");
    CHECK(truth.at("run") == "run.dcm");
    CHECK(truth.at("class") == "csf_venous_fistula");
    CHECK(truth.at("frame_time_s").size() == 12);
    CHECK(truth.at("opacity") == "opacity_true.npy");
    CHECK(truth.at("pixel_mm") == 1.2);
    // 128 bytes of header, then 2 bytes for each pixel of each frame.
    CHECK(fs::file_size(folder.path() / "a" / "opacity_true.npy") == 128 + 2 * 12 * 96 * 120);
}

TEST_CASE("A made run is read back pixel by pixel with its header, whatever the codec") {
    const TemporaryFolder folder;
    phantom::Recipe recipe = phantom::test::small_recipe();
    recipe.timing.jitter_s = 0.2;
    phantom::PhantomRun run = phantom::test::make(recipe);
    const phantom::test::Rendered all = phantom::test::render_everything(run);
    std::vector<std::uint16_t> words;
    for (const auto& frame : all.words) {
        words.insert(words.end(), frame.begin(), frame.end());
    }
    for (const XaCodec codec : {XaCodec::explicit_little_endian, XaCodec::jpeg_lossless,
                                XaCodec::jpeg_ls, XaCodec::rle}) {
        const fs::path file = folder.path() / ("run" + std::to_string(static_cast<int>(codec)));
        XaRun xa;
        xa.info = run.info();
        xa.codec = codec;
        REQUIRE(write_xa_run(file, xa, words).has_value());
        auto opened = open_run(file);
        INFO((opened ? std::string() : opened.error().message()));
        REQUIRE(opened.has_value());
        const RunInfo& info = (*opened)->info();
        CHECK(info.extent == run.info().extent);
        CHECK(info.frames == 12);
        CHECK(info.bits_stored == 12);
        CHECK(info.position == PatientPosition::right_decubitus);
        CHECK(info.left_in_image == LeftInImage::towards_larger_x);
        CHECK(info.head_in_image == HeadInImage::towards_smaller_y);
        CHECK(info.intensity.relationship == PixelIntensityRelationship::linear);
        CHECK(info.intensity.sign == 1);
        REQUIRE(info.spacing.has_value());
        CHECK(info.spacing->row_mm == Approx(1.2).epsilon(1e-4));
        REQUIRE(info.frame_time_s.size() == 12);
        for (std::size_t k = 0; k < 12; ++k) {
            CHECK(info.frame_time_s[k] == Approx(run.info().frame_time_s[k]).margin(1e-5));
        }
        std::vector<std::uint16_t> frame(info.extent.pixels());
        for (int k = 0; k < info.frames; ++k) {
            REQUIRE((*opened)->read(k, {frame.data(), info.extent}).has_value());
            CHECK(frame == all.words[static_cast<std::size_t>(k)]);
        }
    }
}

TEST_CASE("A LOG run carries the table back to linear intensity") {
    const TemporaryFolder folder;
    phantom::Recipe recipe = phantom::test::small_recipe();
    recipe.image.intensity = phantom::Intensity::logarithmic;
    const fs::path file = write_recipe(folder, recipe);
    const Finished done = run_program({kDsm, "phantom", file, "--out", folder.path() / "log"});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    const auto opened = open_run(folder.path() / "log" / "run.dcm");
    REQUIRE(opened.has_value());
    const IntensityScale& scale = (*opened)->info().intensity;
    CHECK(scale.relationship == PixelIntensityRelationship::logarithmic);
    REQUIRE(scale.to_linear.size() == 4096);
    // Equal steps of a LOG value are equal factors of intensity: exp(5.5) over the whole range.
    const auto ratio = static_cast<double>(scale.to_linear[4095] / scale.to_linear[2048]);
    CHECK(std::log(ratio) == Approx(5.5 * 2047.0 / 4095.0).epsilon(0.001));
}

TEST_CASE("A written run passes the standard's validator") {
    if (run_program({"/bin/sh", "-c", "command -v dciodvfy"}).exit_code != 0) {
        WARN("dciodvfy is not installed");
        return;
    }
    const TemporaryFolder folder;
    for (const auto intensity : {phantom::Intensity::linear, phantom::Intensity::logarithmic}) {
        phantom::Recipe recipe = phantom::test::small_recipe();
        recipe.image.intensity = intensity;
        const fs::path file = write_recipe(folder, recipe);
        REQUIRE(run_program({kDsm, "phantom", file, "--out", folder.path() / "v"}).exit_code == 0);
        const Finished checked = run_program({"dciodvfy", folder.path() / "v" / "run.dcm"});
        INFO(checked.err);
        CHECK(checked.exit_code == 0);
        CHECK(checked.err.find("Error") == std::string::npos);
        CHECK(checked.err.find("Warning") == std::string::npos);
    }
}

TEST_CASE("dsm phantom ends with 1 on a bad recipe, 2 on wrong usage, and leaves nothing behind") {
    const TemporaryFolder folder;
    const fs::path recipe = folder.path() / "bad.json";
    std::ofstream(recipe) << R"({"image": {"rowz": 100}})";
    const fs::path out = folder.path() / "out";
    const Finished bad = run_program({kDsm, "phantom", recipe, "--out", out});
    CHECK(bad.exit_code == 1);
    CHECK_THAT(bad.err, Catch::Contains("bad.json") && Catch::Contains("image.rowz"));
    CHECK(bad.err.find('\n') == bad.err.size() - 1);
    CHECK_FALSE(fs::exists(out));

    const Finished missing =
        run_program({kDsm, "phantom", folder.path() / "no.json", "--out", out});
    CHECK(missing.exit_code == 1);
    CHECK(run_program({kDsm, "phantom", "--out", out}).exit_code == 2);
    CHECK(run_program({kDsm, "phantom", recipe}).exit_code == 2);
    CHECK(run_program({kDsm, "phantom", recipe, "--cohort", "2", "--out", out}).exit_code == 2);
    CHECK(run_program({kDsm, "phantom", recipe, "--out", out, "--rows", "7"}).exit_code == 2);

    std::ofstream(folder.path() / "file") << "x";
    const fs::path good = write_recipe(folder, phantom::test::small_recipe());
    const Finished blocked =
        run_program({kDsm, "phantom", good, "--out", folder.path() / "file" / "below"});
    CHECK(blocked.exit_code == 1);
}

TEST_CASE("A cohort is one folder for each run") {
    const TemporaryFolder folder;
    const Finished done =
        run_program({kDsm, "phantom", "--cohort", "2", "--seed", "5", "--out", folder.path(),
                     "--columns", "64", "--rows", "80", "--frames", "4", "--no-opacity"});
    INFO(done.err);
    REQUIRE(done.exit_code == 0);
    for (const char* name : {"run_000", "run_001"}) {
        CHECK(fs::exists(folder.path() / name / "truth.json"));
        CHECK(fs::exists(folder.path() / name / "run.dcm"));
        CHECK_FALSE(fs::exists(folder.path() / name / "opacity_true.npy"));
    }
}

TEST_CASE("The kept sample runs can be opened and agree with their truth") {
    int found = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(DSM_SOURCE_DIR) / "sample_runs")) {
        if (!entry.is_directory()) {
            continue;
        }
        CAPTURE(entry.path().string());
        const auto truth = nlohmann::json::parse(read_file(entry.path() / "truth.json"));
        const auto opened = open_run(entry.path() / "run.dcm");
        REQUIRE(opened.has_value());
        CHECK((*opened)->info().frame_time_s.size() == truth.at("frame_time_s").size());
        CHECK(read_levels_file(entry.path() / "levels.json").has_value());
        CHECK(fs::file_size(entry.path() / "run.dcm") < 3000000);
        ++found;
    }
    CHECK(found >= 3);
}
