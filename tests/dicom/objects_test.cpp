// What is written as an object comes back from it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "dsp/core/levels.h"
#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/attribute_writer.h"
#include "dsp/dicom/objects/coded_concept.h"
#include "dsp/dicom/objects/derived_image.h"
#include "dsp/dicom/objects/encapsulated_pdf.h"
#include "dsp/dicom/objects/key_objects.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/report_codes.h"
#include "dsp/dicom/objects/secondary_capture.h"
#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::test;

namespace {

class Written {
 public:
    explicit Written(MadeRun run = {}) {
        run.set({0x0008, 0x0018}, "1.2.3.1").set({0x0020, 0x000D}, "1.2.3.2");
        run.set({0x0020, 0x000E}, "1.2.3.3").save(file("run.dcm"));
        auto opened = ObjectSource::open(file("run.dcm"), "Reader^A");
        REQUIRE(opened);
        source.emplace(std::move(*opened));
    }
    [[nodiscard]] std::filesystem::path file(const std::string& name) const {
        return folder.path() / name;
    }
    TemporaryFolder folder;
    std::optional<ObjectSource> source;
};

Highlight full_highlight() {
    Highlight h;
    h.id = 3;
    h.kind = LeakKind::csf_venous_fistula;
    h.confidence = 0.931;
    h.grade = Grade::definite;
    h.onset_frame = 1;
    h.alarm_frame = 2;
    h.seed_px = {4.25, 5.5};
    h.path_px = {{4.25, 5.5}, {7.0, 6.125}, {10.75, 6.5}};
    h.bbox_px = {4, 5, 7, 2};
    h.side = Side::left;
    h.level = "T7-T8";
    h.drainage = Drainage::central_epidural;
    h.drains_at = "T8-T9";
    h.width_mm = 1.8;
    h.peak_opacity = 0.0213;
    h.delay_after_sac_s = 8.5;
    h.curve = {{0.0, 0.5, 1.0}, {0.0, 0.0071, 0.0213}, {0.002, 0.002, 0.0021}};
    h.why = "thin, late, beside the sac; \\ and Grüße";
    return h;
}

bool same_finding(const ReportedFinding& a, const ReportedFinding& b) {
    return a == b;
}

}  // namespace

TEST_CASE("code values fit the 16 characters of a Code Value") {
    for (const std::string& level : level_names({.thoracic = 13, .lumbar = 6})) {
        CHECK(code_of_level(level).value.size() <= 16);
        CHECK(level_of_code(code_of_level(level)) == level);
    }
    CHECK(level_of_code(code_of_level("T13-L1")) == "T13-L1");
    CHECK(code_of_level("T7-T8").value == "243914004");  // PS3.16 CID 1003
    CHECK_FALSE(level_of_code({"T-11500", "SRT", "spine"}));
    for (int kind = 0; kind <= static_cast<int>(LeakKind::unclassified); ++kind) {
        CHECK(code_of_kind(static_cast<LeakKind>(kind)).value.size() <= 16);
    }
    using namespace dicom::codes;
    for (const Code& code :
         {kOpacity,  kPeakOpacity, kWidth,       kDelay,    kAlarmFrame, kOnsetFrame,
          kGrade,    kDrainage,    kDrainsAt,    kVerdict,  kVerdictBy,  kVerdictNote,
          kSeed,     kLevelMark,   kLevelSource, kSac,      kCoverage,   kInView,
          kAdequate, kWatched,     kDetectable,  kCategory, kMyelography}) {
        CHECK(code.value.size() <= 16);
    }
    for (const Drainage drainage : {Drainage::paravertebral, Drainage::central_epidural}) {
        CHECK(word(to_string(drainage)).value.size() <= 16);
        CHECK(word_of(word(to_string(drainage))) == to_string(drainage));
    }
}

TEST_CASE("a decimal string keeps 16 characters and its value") {
    for (const double value : {0.0, 1.0, -0.0213, 1.0 / 3.0, -1.0 / 3.0, 1e-7 / 3.0, 123456.789,
                               -1.0e300 / 3.0, 12345678901234.0}) {
        const std::string text = dicom::decimal_string(value);
        CHECK(text.size() <= 16);
        CHECK(std::stod(text) == Approx(value).epsilon(1e-8).margin(0.0));
    }
}

TEST_CASE("new UIDs are valid and differ") {
    const std::string one = dicom::new_uid();
    const std::string two = dicom::new_uid();
    CHECK(one != two);
    for (const std::string& uid : {one, two}) {
        CHECK(uid.size() <= 64);
        CHECK(uid.starts_with("2.25."));
        CHECK(uid.find_first_not_of("0123456789.") == std::string::npos);
        CHECK(uid[5] != '0');
    }
}

TEST_CASE("a measurement report comes back as it went out") {
    Written run;
    MeasurementReport report;
    report.findings.push_back({full_highlight(), "confirmed", "seen on CT too", "B"});
    Highlight bare;
    bare.id = 4;
    bare.path_px = {{1, 2}};
    bare.seed_px = {1, 2};
    bare.bbox_px = {1, 2, 1, 1};
    report.findings.push_back({bare, "", "", ""});
    report.levels = {{"T7", {8, 2}, LevelSource::operator_marked},
                     {"T8", {8, 6}, LevelSource::interpolated},
                     {"T13", {8, 9}, LevelSource::operator_marked}};
    report.coverage = {{"T7-T8", Side::right, true, 0.5, 1.0, 0.009, true, "watched"},
                       {"T8-T9", Side::left, false, {}, {}, {}, false, ""}};
    report.sac_curve = {{0.0, 0.5, 1.0}, {0.0, 0.3, 0.6}, {0.01, 0.01, 0.01}};
    report.conclusion = {Category::positive, "One leak highlighted at T7-T8 left."};
    REQUIRE(write_measurement_report(run.file("sr.dcm"), *run.source, report));
    const auto back = read_measurement_report(run.file("sr.dcm"));
    REQUIRE(back);
    REQUIRE(back->findings.size() == 2);
    CHECK(same_finding(back->findings[0], report.findings[0]));
    CHECK(same_finding(back->findings[1], report.findings[1]));
    CHECK(back->levels == report.levels);
    CHECK(back->coverage == report.coverage);
    CHECK(back->sac_curve == report.sac_curve);
    CHECK(back->conclusion == report.conclusion);
    CHECK(back->has_timing);
    CHECK_FALSE(back->opacity_relative);
}

TEST_CASE("a report without timing claims no second") {
    Written run;
    MeasurementReport report;
    report.findings.push_back({full_highlight(), "", "", ""});
    report.has_timing = false;
    REQUIRE(write_measurement_report(run.file("sr.dcm"), *run.source, report));
    const auto back = read_measurement_report(run.file("sr.dcm"));
    REQUIRE(back);
    CHECK_FALSE(back->has_timing);
    CHECK(back->findings[0].highlight.curve.time_s.empty());
    CHECK_FALSE(back->findings[0].highlight.delay_after_sac_s);
}

TEST_CASE("a number that is none is refused, and no file is left") {
    Written run;
    MeasurementReport report;
    report.findings.push_back({full_highlight(), "", "", ""});
    report.findings[0].highlight.peak_opacity = std::nan("");
    CHECK_FALSE(write_measurement_report(run.file("sr.dcm"), *run.source, report));
    CHECK_FALSE(std::filesystem::exists(run.file("sr.dcm")));
}

TEST_CASE("key objects come back as they went out") {
    Written run;
    KeyObjects keys;
    keys.description = "frames that matter";
    keys.frames = {0, 2};
    keys.others = {{"1.2.840.10008.5.1.4.1.1.7", "1.2.3.4", "1.2.3"}};
    REQUIRE(write_key_objects(run.file("ko.dcm"), *run.source, keys));
    const auto back = read_key_objects(run.file("ko.dcm"), run.source->info().sop_instance_uid);
    REQUIRE(back);
    CHECK(*back == keys);
}

TEST_CASE("the subtracted run opens as a run, with its times, marked as subtracted") {
    Written run;
    auto subtracted = SubtractedRun::begin(run.source->info());
    REQUIRE(subtracted);
    Image<float> opacity({MadeRun::kColumns, MadeRun::kRows});
    for (int frame = 0; frame < MadeRun::kFrames; ++frame) {
        for (int y = 0; y < MadeRun::kRows; ++y) {
            for (int x = 0; x < MadeRun::kColumns; ++x) {
                opacity.view()(x, y) =
                    0.01F * static_cast<float>(frame) + 0.001F * static_cast<float>(x);
            }
        }
        opacity.view()(0, 0) = frame == 1 ? 5.0F : std::nanf("");
        REQUIRE(subtracted->append(opacity.view()));
    }
    CHECK(subtracted->clipped() == 1);
    REQUIRE(write_subtracted_run(run.file("sub.dcm"), *run.source, *subtracted, {"in words"}));
    const auto opened = RunReader::open(run.file("sub.dcm"));
    REQUIRE(opened);
    const RunInfo& info = (*opened)->info();
    CHECK(info.frames == MadeRun::kFrames);
    CHECK(info.already_subtracted);
    CHECK(info.frame_time_s == run.source->info().frame_time_s);
    CHECK(info.study_instance_uid == run.source->info().study_instance_uid);
    CHECK(info.sop_instance_uid != run.source->info().sop_instance_uid);
    Image<std::uint16_t> words(info.extent);
    REQUIRE((*opened)->read(2, words.view()));
    for (int x = 1; x < MadeRun::kColumns; ++x) {
        const double got = (kSubtractedZero - words.view()(x, 3)) / kSubtractedPerOpacity;
        CHECK(got == Approx(0.02 + 0.001 * x).margin(0.5001 / kSubtractedPerOpacity));
    }
    CHECK(words.view()(0, 0) == 32768);
}

TEST_CASE("a subtracted run that lacks frames is refused") {
    Written run;
    auto subtracted = SubtractedRun::begin(run.source->info());
    REQUIRE(subtracted);
    CHECK_FALSE(write_subtracted_run(run.file("sub.dcm"), *run.source, *subtracted, {"x"}));
}

TEST_CASE("a captured picture opens as a picture and names its source and frames") {
    Written run;
    CapturedPicture picture;
    picture.grey = Image<std::uint8_t>({9, 5});  // odd, so that padding shows
    for (int x = 0; x < 9; ++x) {
        picture.grey.view()(x, 4) = static_cast<std::uint8_t>(20 * x);
    }
    picture.description = "frame 2";
    picture.frames = {1};
    REQUIRE(write_secondary_capture(run.file("sc.dcm"), *run.source, picture));
    const auto opened = RunReader::open(run.file("sc.dcm"));
    REQUIRE(opened);
    Image<std::uint16_t> words((*opened)->info().extent);
    REQUIRE((*opened)->read(0, words.view()));
    CHECK(words.view()(8, 4) == 160);
    auto file = dicom::DicomFile::load(run.file("sc.dcm"));
    REQUIRE(file);
    DcmItem* source = dicom::item((*file)->dataset(), {0x0008, 0x2112});
    REQUIRE(source != nullptr);
    CHECK(dicom::text(*source, {0x0008, 0x1155}) == run.source->info().sop_instance_uid);
    CHECK(dicom::text(*source, {0x0008, 0x1160}) == "2");
}

TEST_CASE("an encapsulated PDF gives the document back, and takes nothing else") {
    Written run;
    const std::string document = "%PDF-1.4\nodd length\n%%EOF";
    REQUIRE(document.size() % 2 == 1);
    std::ofstream(run.file("a.pdf")) << document;
    REQUIRE(write_encapsulated_pdf(run.file("pdf.dcm"), *run.source, run.file("a.pdf"), "t"));
    CHECK(read_encapsulated_pdf(run.file("pdf.dcm")) == document);
    std::ofstream(run.file("b.pdf")) << "not a document";
    CHECK_FALSE(write_encapsulated_pdf(run.file("b.dcm"), *run.source, run.file("b.pdf"), "t"));
    CHECK_FALSE(std::filesystem::exists(run.file("b.dcm")));
}

TEST_CASE("patient and study are carried over in UTF-8, whatever the source's character set") {
    MadeRun made;
    made.set({0x0008, 0x0005}, "ISO_IR 100");
    made.set({0x0010, 0x0010}, "M\xFCller^J\xF6rg");
    made.set({0x0010, 0x0030}, "19700101");
    Written run(std::move(made));
    REQUIRE(write_key_objects(run.file("ko.dcm"), *run.source, {}));
    auto file = dicom::DicomFile::load(run.file("ko.dcm"));
    REQUIRE(file);
    CHECK(dicom::text((*file)->dataset(), {0x0008, 0x0005}) == "ISO_IR 192");
    CHECK(dicom::raw_text((*file)->dataset(), {0x0010, 0x0010}) == "Müller^Jörg");
    CHECK(dicom::text((*file)->dataset(), {0x0010, 0x0030}) == "19700101");
}

TEST_CASE("a run without UIDs can not be referred to, and the error says so") {
    MadeRun made;
    made.set({0x0008, 0x0018}, "1.2.3.1").set({0x0020, 0x000D}, "1.2.3.2");
    TemporaryFolder folder;
    made.save(folder.path() / "run.dcm");
    const auto source = ObjectSource::open(folder.path() / "run.dcm", "");
    REQUIRE_FALSE(source);
    CHECK(source.error().what.find("(0020,000e)") != std::string::npos);
}
