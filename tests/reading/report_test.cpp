// What every report holds, whatever the run and whatever the file says.
#include "dsp/reading/report.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "dsp/core/spoken.h"
#include "dsp/core/version.h"
#include "tests/pipeline/any_result.h"
#include "tests/support/support.h"

using namespace dsm;

namespace {

RunReview scene_review(const RunResult& result) {
    RunReview review;
    const auto judge = [&](std::size_t at, Verdict verdict, const std::string& note) {
        const Highlight& one = result.highlights[at];
        review.verdicts.push_back({static_cast<MarkId>(at + 1), one.id, one.seed_px,
                                   one.onset_frame, verdict, note,
                                   Stamp{"Reader^A", "2026-03-01T09:30:00Z"}});
    };
    judge(0, Verdict::confirmed, "Drains to the azygos vein.");
    judge(1, Verdict::rejected, "Bowel gas.");
    review.annotations.push_back({1, ArrowShape{{10, 10}, {20, 20}}, "vein?", FrameRange{20, 24},
                                  false, Stamp{"Reader^A", ""}});
    return review;
}

RunResult named_scene() {
    RunResult result = test::scene_result({.highlights = 3});
    result.run.patient_name = "DOE^JANE";
    result.run.patient_id = "#4711";
    result.run.study_date = "20260301";
    result.run.study_time = "093000";
    result.run.study_description = "Myelogram";
    result.run.series_number = 3;
    result.run.timing_is_acquisition = true;
    result.noise = NoiseModel(1.5F, 0.25F, {1e-4F, 2e-4F, 4e-4F});
    result.corridor = {0.21, 0.48, 1.12, ""};
    result.device = "one processor";
    result.calibration = "66 phantom runs";
    return result;
}

reading::Document report_of(const RunResult& result, const RunReview& review,
                            bool with_identity = true) {
    const OpacityOfFrame peak = [&](FrameIndex) -> std::optional<Image<float>> {
        if (result.peak_opacity.empty()) {
            return std::nullopt;
        }
        Image<float> frame(result.peak_opacity.extent());
        copy_pixels(result.peak_opacity.view(), frame.view());
        return frame;
    };
    auto report = reading_report(
        {result, review, peak, with_identity, Stamp{"Reader^A", "2026-03-01T10:00:00Z"}});
    REQUIRE(report);
    return *report;
}

// Texts break into lines anywhere between words.
std::string one_line(const std::string& text) {
    std::istringstream words(text);
    std::string line;
    for (std::string word; words >> word;) {
        line += (line.empty() ? "" : " ") + word;
    }
    return line;
}

bool denies_a_fistula(const std::string& report) {
    std::string small = one_line(report);
    std::transform(small.begin(), small.end(), small.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static const std::regex kDenial(
        "(no|without|absence of( a)?) (csf-venous )?(fistula|leak)( (is|was))?"
        "( present| found| exists|\\.)|(fistula|leak) (is |was )?(excluded|absent|ruled out)|"
        "\\b(negative|normal)\\b");
    return std::regex_search(small, kDenial);
}

bool has_program(const std::string& name) {
    return std::system(("command -v " + name + " >/dev/null 2>&1").c_str()) == 0;
}

// The PDF's text as another program reads it.
std::string text_of_pdf(const std::filesystem::path& pdf) {
    const test::Finished read = test::run_program({"pdftotext", pdf.string(), "-"});
    REQUIRE(read.exit_code == 0);
    return read.out;
}

}  // namespace

TEST_CASE("every highlight and every level is in every form of the report") {
    const test::TemporaryFolder folder;
    const RunResult result = named_scene();
    const auto report = report_of(result, scene_review(result));
    std::vector<std::string> forms{report_text(report), report_html(report)};
    if (has_program("pdftotext")) {
        const auto pdf = folder.path() / "report.pdf";
        REQUIRE(write_report(pdf, report));
        forms.push_back(text_of_pdf(pdf));
    } else {
        WARN("pdftotext is not installed: the PDF was not read back");
    }
    for (const std::string& form : forms) {
        const std::string line = one_line(form);
        for (const Highlight& highlight : result.highlights) {
            CAPTURE(highlight.id);
            CHECK(line.find(spoken(highlight.kind)) != std::string::npos);
            CHECK(line.find("growing away from the foramen") != std::string::npos);
        }
        for (const LevelCoverage& entry : result.coverage) {
            CAPTURE(entry.level);
            CHECK(line.find(entry.level) != std::string::npos);
        }
        for (const std::string& said :
             {std::string("DOE^JANE"), std::string("Drains to the azygos vein."),
              std::string("66 phantom runs"), std::string(kNotice), std::string("dsm ") + kVersion,
              std::string("left decubitus"), std::string("not judged")}) {
            CAPTURE(said);
            CHECK(line.find(said) != std::string::npos);
        }
        CHECK_FALSE(denies_a_fistula(form));
    }
}

TEST_CASE("what any result holds is in its report, unaltered but for harm") {
    CHECK(rc::check("text and HTML hold every highlight and level, and deny nothing",
                    [](const RunResult& result) {
                        const RunReview none;
                        const auto report = report_of(result, none);
                        const std::string text = one_line(report_text(report));
                        const std::string html = report_html(report);
                        for (const Highlight& one : result.highlights) {
                            const std::string start =
                                one_line(std::to_string(one.id) + " " + spoken(one.kind) + ": ");
                            RC_ASSERT(text.find(start) != std::string::npos);
                            RC_ASSERT(html.find(spoken(one.kind)) != std::string::npos);
                        }
                        for (const LevelCoverage& one : result.coverage) {
                            const std::string level = one_line(reading::harmless(one.level));
                            RC_ASSERT(text.find(level) != std::string::npos);
                        }
                        RC_ASSERT(text.find(kNotice) != std::string::npos);
                        RC_ASSERT(html.find(kNotice) != std::string::npos);
                        RC_ASSERT(!denies_a_fistula(text));
                    }));
}

TEST_CASE("a report of a run with nothing to see says what was not cleared, and denies nothing") {
    const RunResult result = test::scene_result({.highlights = 0});
    const std::string text = one_line(report_text(report_of(result, {})));
    CHECK_FALSE(denies_a_fistula(text));
    CHECK(text.find("does not exclude a leak") != std::string::npos);
    CHECK(text.find("T11, left: short text") != std::string::npos);
}

TEST_CASE("a mark of the reader changes the picture of the frame it was drawn in, and no other") {
    const RunResult result = named_scene();
    const auto pictures = [&](const std::vector<Annotation>& marks) {
        RunReview review;
        review.annotations = marks;
        std::vector<std::string> bytes;
        for (const auto& section : report_of(result, review).sections) {
            for (const auto& block : section.blocks) {
                if (const auto* picture = std::get_if<reading::Picture>(&block)) {
                    bytes.push_back(picture->png);
                }
            }
        }
        return bytes;
    };
    const Annotation arrow{1, ArrowShape{{10, 10}, {200, 200}}, "", FrameRange{4, 4}, false, {}};
    const auto none = pictures({});
    const auto one = pictures({arrow});
    REQUIRE(one.size() == none.size() + 1);
    for (const Shape& shape :
         {Shape{TextShape{{300, 300}}}, Shape{EllipseShape{{200, 300}, 30, 20}},
          Shape{PolygonShape{{{100, 400}, {150, 400}, {120, 450}}}},
          Shape{LineShape{{100, 100}, {140, 130}}},
          Shape{AngleShape{{300, 100}, {320, 100}, {330, 130}}}}) {
        CAPTURE(shape.index());
        const auto same_frame =
            pictures({arrow, Annotation{2, shape, "x", FrameRange{4, 6}, false, {}}});
        REQUIRE(same_frame.size() == one.size());
        CHECK(same_frame.front() != one.front());
        CHECK(same_frame.back() == one.back());
    }
    CHECK(pictures({arrow, Annotation{2, arrow.shape, "x", FrameRange{9, 9}, false, {}}}).size() ==
          one.size() + 1);
}

TEST_CASE("a region is listed with the peak of its mean opacity and the noise of that, and drawn") {
    const RunResult result = named_scene();
    RunReview review;
    review.annotations = {{3, EllipseShape{{100, 100}, 10, 10}, "", {}, true, Stamp{"", ""}},
                          {4, EllipseShape{{200, 100}, 10, 10}, "beside", {}, true, Stamp{"", ""}}};
    ReportRequest request{result, review, {}, true, {}};
    request.region_curves[3] = {{0.0, 1.0, 2.0}, {0.01, 0.084, 0.05}, {0.002, 0.003, 0.004}};
    const auto report = reading_report(request);
    REQUIRE(report);
    const std::string text = one_line(report_text(*report));
    CHECK(text.find("R3: Peak of its mean opacity: 0.0840 at 1.0 s; Noise: 0.0030") !=
          std::string::npos);
    CHECK(text.find("beside: Peak of its mean opacity: not measured") != std::string::npos);
    CHECK(text.find("Text: ;") == std::string::npos);  // nothing was written
    CHECK(text.find("By: ") == std::string::npos);
}

TEST_CASE("key images are in every form of the report with what was noted, as they were shown") {
    const test::TemporaryFolder folder;
    const RunResult result = named_scene();
    RunReview review;
    KeyImage image{1, 4, {}, "Drains to the azygos.", Stamp{"Reader^A", ""}};
    review.key_images = {image};
    image.id = 2;
    image.shown.part = ShownPart{{100.0, 100.0}, {300.0, 250.0}};
    image.shown.orientation.quarter_turns = 1;
    image.note = std::string(12'000, 'W') + "end";  // longer than a page
    review.key_images.push_back(image);
    std::vector<std::pair<PictureKind, FrameIndex>> asked;
    const ValuesOfPicture values = [&](PictureKind kind, bool, FrameIndex frame) {
        asked.emplace_back(kind, frame);
        return Result<Image<float>>(result.peak_opacity.clone());
    };
    const auto report = reading_report({result, review, {}, true, {}, {}, values});
    REQUIRE(report);
    CHECK(asked == std::vector<std::pair<PictureKind, FrameIndex>>(
                       2, {PictureKind::subtracted, FrameIndex{4}}));
    const reading::Gallery* gallery = nullptr;
    for (const auto& section : report->sections) {
        for (const auto& block : section.blocks) {
            const auto* found = std::get_if<reading::Gallery>(&block);
            gallery = found != nullptr ? found : gallery;
        }
    }
    REQUIRE(gallery != nullptr);
    REQUIRE(gallery->pictures.size() == 2);
    CHECK_FALSE(gallery->pictures[0].png.empty());
    // The part is wider than high, and lies on its side.
    CHECK(gallery->pictures[1].height_px > gallery->pictures[1].width_px);
    std::vector<std::string> forms{report_text(*report), report_html(*report)};
    if (has_program("pdftotext")) {
        REQUIRE(write_report(folder.path() / "report.pdf", *report));
        forms.push_back(text_of_pdf(folder.path() / "report.pdf"));
    }
    for (const std::string& form : forms) {
        CHECK(one_line(form).find("Key image 1: subtracted frame 5 of") != std::string::npos);
        CHECK(one_line(form).find("Drains to the azygos.") != std::string::npos);
        CHECK(std::count(form.begin(), form.end(), 'W') >= 12'000);
    }
}

TEST_CASE("a line is listed with its length in the plane the spacing is for, else in pixels") {
    RunResult result = named_scene();
    RunReview review;
    review.annotations = {{1, LineShape{{100, 100}, {140, 130}}, "sac", {}, false, {}},
                          {2, AngleShape{{300, 100}, {320, 100}, {320, 130}}, "", {}, false, {}}};
    result.run.spacing = PixelSpacing{0.5, 0.5, SpacingBasis::calibrated};
    CHECK(report_text(report_of(result, review)).find("1 line, 25.0 mm") != std::string::npos);
    CHECK(report_text(report_of(result, review)).find("2 angle, 90.0\xc2\xb0") !=
          std::string::npos);
    result.run.spacing.reset();
    CHECK(report_text(report_of(result, review)).find("50.0 px, no pixel spacing") !=
          std::string::npos);
}

TEST_CASE("hostile texts stay texts") {
    RunResult result = named_scene();
    const std::string attack = "\"><script>alert('&')</script><img src=x onerror=y>\xFF\x01";
    const std::string turned =
        "\xE2\x80\xAE"
        "evil\xE2\x81\xA6";
    for (std::string* field :
         {&result.run.patient_name, &result.run.patient_id, &result.run.study_date,
          &result.run.study_description, &result.run.series_description, &result.device,
          &result.calibration, &result.conclusion.text, &result.corridor.why}) {
        *field = attack + turned;
    }
    result.run.file = std::filesystem::path("x<script>.dcm");
    result.warnings = {attack};
    result.highlights[0].why = attack;
    result.highlights[0].level = attack;
    result.coverage[0].level = attack;
    result.coverage[0].why = attack;
    RunReview review = scene_review(result);
    review.verdicts[0].note = attack;
    review.annotations[0].text = attack;
    const std::string html = report_html(report_of(result, review));
    CHECK(html.find("<script") == std::string::npos);
    CHECK(html.find("<img src=x") == std::string::npos);
    CHECK(html.find("&lt;script&gt;alert(&#39;&amp;&#39;)") != std::string::npos);
    CHECK(html.find('\xFF') == std::string::npos);
    CHECK(html.find('\x01') == std::string::npos);
    CHECK(html.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(html.find("\xE2\x81\xA6") == std::string::npos);
    CHECK(report_text(report_of(result, review)).find('\x01') == std::string::npos);
}

TEST_CASE("a report without identity names neither the patient nor the number") {
    const RunResult result = named_scene();
    const auto report = report_of(result, {}, false);
    for (const std::string& form : {report_text(report), report_html(report)}) {
        CHECK(form.find("DOE^JANE") == std::string::npos);
        CHECK(form.find("#4711") == std::string::npos);
    }
}

TEST_CASE("no text of a PDF is lost or left outside the page, however long") {
    if (!has_program("pdftotext")) {
        WARN("pdftotext is not installed");
        return;
    }
    const test::TemporaryFolder folder;
    RunResult result = named_scene();
    std::string words;
    for (int i = 0; i < 3000; ++i) {
        words += "word" + std::to_string(i) + " ";
    }
    result.highlights[0].why = words;
    result.coverage[0].why = words;
    result.conclusion.text = words;
    result.warnings = {std::string(4000, 'W') + "end"};
    const auto pdf = folder.path() / "report.pdf";
    REQUIRE(write_report(pdf, report_of(result, scene_review(result))));
    const std::string text = text_of_pdf(pdf);
    for (int i = 0; i < 3000; ++i) {
        const std::string word = "word" + std::to_string(i);
        std::size_t times = 0;
        const std::regex whole("\\b" + word + "\\b");
        times = static_cast<std::size_t>(std::distance(
            std::sregex_iterator(text.begin(), text.end(), whole), std::sregex_iterator()));
        if (times != 3) {
            FAIL_CHECK(word << " appears " << times << " times");
            break;
        }
        i += 97;
    }
    CHECK(std::count(text.begin(), text.end(), 'W') >= 4000);
    const std::regex page("page (\\d+) of (\\d+)");
    std::vector<std::pair<int, int>> pages;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), page);
         at != std::sregex_iterator(); ++at) {
        pages.emplace_back(std::stoi((*at)[1]), std::stoi((*at)[2]));
    }
    REQUIRE(pages.size() > 3);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        CHECK(pages[i] == std::pair(static_cast<int>(i) + 1, static_cast<int>(pages.size())));
    }
}

TEST_CASE("a report is written by extension, and an unknown one leaves the file as it was") {
    const test::TemporaryFolder folder;
    const RunResult result = named_scene();
    const auto report = report_of(result, {});
    for (const char* name : {"r.html", "r.pdf", "r.txt"}) {
        REQUIRE(write_report(folder.path() / name, report));
        CHECK(std::filesystem::file_size(folder.path() / name) > 500);
    }
    CHECK(test::read_file(folder.path() / "r.pdf").starts_with("%PDF-"));
    const auto refused = write_report(folder.path() / "r.doc", report);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message().find("r.doc") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "r.doc"));
}

TEST_CASE("the text of a made result is as it was agreed") {
    const RunResult result = named_scene();
    const std::string text = report_text(report_of(result, scene_review(result)));
    const std::filesystem::path golden =
        std::filesystem::path(DSM_SOURCE_DIR) / "tests" / "reading" / "report_golden.txt";
    if (std::getenv("DSM_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(golden) << text;
    }
    std::string expected = test::read_file(golden);
    const std::string version = "VERSION";
    if (const auto at = expected.find(version); at != std::string::npos) {
        expected.replace(at, version.size(), kVersion);
    }
    CHECK(text == expected);
}

TEST_CASE("pictures of a report for a person to look at", "[.look]") {
    const char* kept = std::getenv("DSM_KEEP_PICTURES");
    REQUIRE(kept != nullptr);
    const RunResult result = named_scene();
    const auto report = report_of(result, scene_review(result));
    REQUIRE(write_report(std::filesystem::path(kept) / "report.pdf", report));
    REQUIRE(write_report(std::filesystem::path(kept) / "report.html", report));
}
