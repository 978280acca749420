// The published files of the shared data: size, bits, timing and values as other decoders found
// them, and what else its README asks of a correct reader.
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "dsp/dicom/pixel_digest.h"
#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using test::warned;

namespace {

struct Row {
    std::string file, dims, bits, time, minimum, maximum, mean, sha;
};

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');) {
        cells.push_back(cell);
    }
    return cells;
}

std::vector<Row> expected_rows(const std::filesystem::path& table) {
    std::ifstream in(table);
    std::string line;
    std::getline(in, line);
    std::vector<Row> rows;
    while (std::getline(in, line)) {
        const auto cell = split(line);
        REQUIRE(cell.size() >= 12);
        rows.push_back({cell[0], cell[5], cell[6], cell[8], cell[9], cell[10], cell[11],
                        cell.size() > 12 ? cell[12] : ""});
    }
    return rows;
}

// What is refused, and the words that must say why.
const std::map<std::string, std::string>& refused() {
    static const std::map<std::string, std::string> files{
        {"bad_meta_missing_tsyntax.dcm", "not an image"},
        {"bad_no_meta_header.dcm", "not a readable DICOM file"},
        {"bad_truncated_pixels.dcm", "not one whole frame"},
        {"bad_wrong_transfer_syntax.dcm", "uses explicit length"},
        {"charset_japanese.dcm", "without Pixel Data (7fe0,0010)"},
        {"gsps_overlay.dcm", "not an image (GrayscaleSoftcopyPresentationState"},
        {"gsps_text_ps.dcm", "not an image (GrayscaleSoftcopyPresentationState"},
        {"sc_rgb_16bit_2f.dcm", "colour image (RGB"},
        {"sr_no_pixel_data.dcm", "not an image (BasicTextSR"},
        {"us_frametimevector_10f_ybr.dcm", "colour image (YBR_FULL_422"},
    };
    return files;
}

std::unique_ptr<RunReader> opened(const std::string& name) {
    const auto file = test::shared_data("xa/" + name);
    if (!file) {
        WARN("shared data absent");
        return nullptr;
    }
    auto run = RunReader::open(*file);
    REQUIRE(run);
    return std::move(*run);
}

void check_values(RunReader& run, const Row& row) {
    const auto digest = digest_pixels(run, [](double) {});
    REQUIRE(digest);
    CHECK(digest->sha256.substr(0, 16) == row.sha);
    CHECK(std::to_string(digest->minimum) == row.minimum);
    CHECK(std::to_string(digest->maximum) == row.maximum);
    CHECK(digest->mean == Approx(std::stod(row.mean)).margin(6e-4));
}

}  // namespace

TEST_CASE(
    "every published file gives its known size, bits, time and values, or is refused by name") {
    const auto table = test::shared_data("xa/expected.tsv");
    if (!table) {
        WARN("shared data absent");
        return;
    }
    const auto rows = expected_rows(*table);
    REQUIRE(rows.size() == 37);
    for (const Row& row : rows) {
        CAPTURE(row.file);
        auto run = RunReader::open(table->parent_path() / row.file);
        if (const auto why = refused().find(row.file); why != refused().end()) {
            REQUIRE(!run);
            CAPTURE(run.error().message());
            CHECK(run.error().message().find(why->second) != std::string::npos);
            CHECK(run.error().message().find('\n') == std::string::npos);
            continue;
        }
        REQUIRE(run);
        const RunInfo& info = (*run)->info();
        CHECK(std::to_string(info.bits_allocated) + "/" + std::to_string(info.bits_stored) +
                  (info.is_signed ? "s" : "") ==
              row.bits);
        if (row.time.starts_with("FrameTime 33")) {
            CHECK(info.timing_source == "Frame Time (0018,1063)");
            CHECK(info.frame_time_s.at(1) == Approx(0.033));
        }
        if (row.file == "bad_run_truncated_rubo.dcm") {
            continue;  // fewer frames than declared: below
        }
        CHECK(std::to_string(info.extent.height) + "x" + std::to_string(info.extent.width) + "x" +
                  std::to_string(info.frames) ==
              row.dims);
        if (row.sha.size() == 16) {
            check_values(**run, row);
        } else {
            CHECK(row.file == "cr_monochrome1_noheader.dcm");  // the others are refused
        }
    }
}

TEST_CASE("the published run cut at a million bytes gives its 57 whole frames, unchanged") {
    const auto cut = opened("bad_run_truncated_rubo.dcm");
    const auto whole = opened("xa_run_rubo0002_96f.dcm");
    if (!cut || !whole) {
        return;
    }
    REQUIRE(cut->info().frames == 57);
    CHECK(cut->info().frame_time_s.size() == 57);
    CHECK(warned(cut->info(), "INCOMPLETE RUN: Number of Frames (0028,0008) is 96"));
    Image<std::uint16_t> a(cut->info().extent);
    Image<std::uint16_t> b(cut->info().extent);
    REQUIRE(cut->read(56, a.view()));
    REQUIRE(whole->read(56, b.view()));
    CHECK(std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin()));
}

TEST_CASE("the published cardiac run opens native, without masks, in pixels only") {
    const auto run = opened("xa_run_rubo0002_96f.dcm");
    if (!run) {
        return;
    }
    const RunInfo& info = run->info();
    CHECK(info.masks.empty());
    CHECK_FALSE(info.viewing_mode_subtracted);
    CHECK(warned(info, "NONE with Mask Frame Numbers (0028,6110) '0'"));
    CHECK(!info.spacing);
    CHECK(info.intensity.relationship == PixelIntensityRelationship::linear);
    CHECK(info.lossy);
    CHECK(info.left_in_image == LeftInImage::undetermined);
    CHECK(info.primary_angle_deg == -32.0);
}

TEST_CASE("the published bar of 200 pixels has its true length and basis") {
    if (const auto run = opened("spacing_xa_calibrated.dcm")) {
        REQUIRE(run->info().spacing);
        CHECK(200 * run->info().spacing->row_mm == Approx(50.0));
        CHECK(run->info().spacing->basis == SpacingBasis::calibrated);
        CHECK(run->info().spacing_source.find("FIDUCIAL") != std::string::npos);
    }
    if (const auto run = opened("spacing_dx_detector.dcm")) {
        REQUIRE(run->info().spacing);
        CHECK(200 * run->info().spacing->row_mm == Approx(66.667).epsilon(1e-4));
        CHECK(run->info().spacing->basis == SpacingBasis::at_isocentre);
        CHECK(run->info().spacing_source.find("ERMF 1.5") != std::string::npos);
    }
}

TEST_CASE("published single frames open as runs of one frame, each with its traits") {
    if (const auto run = opened("xa1_unc.dcm")) {
        CHECK(run->info().modality == "XA");
        CHECK(warned(run->info(), "secondary capture"));
        CHECK(!run->info().window);
    }
    if (const auto run = opened("xa1_jply.dcm")) {
        CHECK(run->info().lossy);
        CHECK(warned(run->info(), "lossy compression (JPEG Extended)"));
    }
    if (const auto run = opened("gsps_text_image.dcm")) {
        CHECK(run->info().monochrome1);
    }
    if (const auto run = opened("cr_monochrome1_noheader.dcm")) {
        CHECK(run->info().monochrome1);
        CHECK(run->info().extent == Extent{440, 440});
    }
    if (const auto run = opened("mlut_18.dcm")) {
        CHECK(run->info().intensity.to_linear.size() == 4096);
        CHECK(run->info().intensity.first_mapped_value == -2048);
        // The file's 0x0FFF words are -1 in 12 signed bits.
        Image<std::uint16_t> words(run->info().extent);
        REQUIRE(run->read(0, words.view()));
        CHECK(words(0, 0) + run->info().stored_offset == -1);
    }
    if (const auto run = opened("rf_siemens_shoulder.dcm")) {
        CHECK(run->info().frames == 1);
        CHECK(run->info().intensity.to_linear.empty());
    }
}
