#include "tests/pacs/all_objects.h"

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "dsp/dicom/objects/derived_image.h"
#include "dsp/dicom/objects/encapsulated_pdf.h"
#include "dsp/dicom/objects/key_objects.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/secondary_capture.h"
#include "dsp/dicom/xa_writer.h"
#include "dsp/review/dicom_state.h"

namespace dsm::test {
namespace {

constexpr Extent kExtent{64, 48};
constexpr int kFrames = 6;

// An empty page, as small as a valid document can be.
constexpr const char* kDocument =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    "trailer<</Root 1 0 R>>\n%%EOF\n";

void write_run(const std::filesystem::path& file) {
    XaRun run;
    run.info.extent = kExtent;
    run.info.frames = kFrames;
    run.info.bits_stored = 12;
    run.info.sop_instance_uid = kInstance;
    run.info.study_instance_uid = kStudy;
    run.info.series_instance_uid = kSeries;
    run.info.patient_name = "Test^Patient";
    run.info.patient_id = "T1";
    run.info.study_date = "20260301";
    run.info.study_time = "093000";
    run.info.intensity.relationship = PixelIntensityRelationship::linear;
    run.info.spacing = PixelSpacing{0.3, 0.3, SpacingBasis::at_isocentre};
    run.info.position = PatientPosition::left_decubitus;
    std::vector<std::uint16_t> words;
    for (int frame = 0; frame < kFrames; ++frame) {
        run.info.frame_time_s.push_back(0.5 * frame);
        for (std::size_t i = 0; i < kExtent.pixels(); ++i) {
            words.push_back(
                static_cast<std::uint16_t>(1000 + i % 64 + 10U * static_cast<unsigned>(frame)));
        }
    }
    if (const auto written = write_xa_run(file, run, words); !written) {
        throw std::runtime_error(written.error().message());
    }
}

RunReview marks() {
    RunReview review;
    review.levels = {{"T7", {30, 10}, LevelSource::operator_marked},
                     {"T9", {31, 40}, LevelSource::operator_marked}};
    review.annotations = {
        {1,
         ArrowShape{{40, 30}, {21.5, 12.25}},
         "Vene? Grüße \\ 1",
         FrameRange{2, 4},
         false,
         {"B", ""}},
        {2, TextShape{{5, 6}}, "two\nlines", {}, false, {}},
        {5, EllipseShape{{20, 20}, 4, 9.5}, "", {}, true, {}},
        {6, PolygonShape{{{1, 1}, {9, 2}, {8, 11}}}, "region", FrameRange{0, 5}, true, {}}};
    review.verdicts = {{1, 1, {10, 12}, 2, Verdict::confirmed, "on CT too", {"B", ""}}};
    review.mask_frames = {0, 1};
    review.manual_shift_px = Point{0.5, -0.25};
    return review;
}

Highlight highlight() {
    Highlight h;
    h.id = 1;
    h.kind = LeakKind::csf_venous_fistula;
    h.confidence = 0.9;
    h.grade = Grade::high;
    h.path_px = {{10, 12}, {14, 13.5}, {20, 15}};
    h.seed_px = {10, 12};
    h.onset_frame = 2;
    h.alarm_frame = 3;
    h.level = "T7-T8";
    h.side = Side::left;
    h.drains_at = "T8-T9";
    h.width_mm = 1.8;
    h.peak_opacity = 0.02;
    h.delay_after_sac_s = 0.5;
    h.curve = {{0, 0.5, 1, 1.5, 2, 2.5}, {0, 0, 0.01, 0.02, 0.02, 0.02}, {0, 0, 0, 0, 0, 0}};
    h.why = "thin, late";
    return h;
}

ComputedState computed() {
    ComputedState state;
    state.levels = {
        {"T7", {30, 10}}, {"T8", {30.5, 25}, LevelSource::interpolated}, {"T9", {31, 40}}};
    state.highlights = {highlight()};
    state.mask_frames = {0, 1};
    for (int frame = 2; frame < kFrames; ++frame) {
        FrameMotion motion;
        motion.frame = frame;
        motion.masks = {0, 1};
        motion.mean_px = {0.25 * frame, -0.5};
        motion.max_px = 2.5;
        state.motion.push_back(motion);
    }
    return state;
}

MeasurementReport report(const RunReview& review) {
    MeasurementReport made;
    made.findings = {{highlight(), "confirmed", "on CT too", "B"}};
    made.levels = review.levels;
    made.coverage = {{"T7-T8", Side::left, true, 0.5, 2.0, 0.009, true, "watched"},
                     {"T8-T9", Side::undetermined, false, {}, {}, {}, false, "out of view"}};
    made.sac_curve = highlight().curve;
    made.conclusion = {Category::positive, "One leak highlighted, T7-T8 left."};
    return made;
}

template <class T>
T must(const Result<T>& result) {
    if (!result) {
        throw std::runtime_error(result.error().message());
    }
    return *result;
}

}  // namespace

AllObjects::AllObjects() : review_(marks()) {
    write_run(run());
    auto opened = ObjectSource::open(run(), "Reader^A");
    if (!opened) {
        throw std::runtime_error(opened.error().message());
    }
    ObjectSource& source = *opened;
    const auto path = [&](const char* name, const char* iod) {
        objects_.push_back({folder_.path() / name, iod});
        return objects_.back().file;
    };
    const auto state = must(presentation_state_of(source.info(), review_, computed()));
    must(write_presentation_state(path("gsps.dcm", "GrayscaleSoftcopyPresentationState"), source,
                                  StateClass::grayscale, state));
    must(write_presentation_state(path("gsps_xa.dcm", ""), source, StateClass::xa_xrf, state));
    PresentationState marks_alone = state;
    marks_alone.shifts.clear();
    must(write_presentation_state(path("gsps_marks.dcm", "GrayscaleSoftcopyPresentationState"),
                                  source, StateClass::grayscale, marks_alone));
    must(write_measurement_report(path("sr.dcm", "ComprehensiveSR"), source, report(review_)));
    must(write_measurement_report(path("sr_empty.dcm", "ComprehensiveSR"), source, {}));
    auto subtracted = SubtractedRun::begin(source.info());
    Image<float> opacity(kExtent);
    for (int frame = 0; frame < kFrames; ++frame) {
        if (const auto kept = subtracted->append(opacity.view()); !kept) {
            throw std::runtime_error(kept.error().message());
        }
    }
    const auto derived = must(write_subtracted_run(path("subtracted.dcm", "XAImage"), source,
                                                   *subtracted, {"subtracted, in words"}));
    CapturedPicture picture;
    picture.grey = Image<std::uint8_t>({33, 21});
    picture.description = "frame 3";
    picture.frames = {2};
    const auto captured =
        must(write_secondary_capture(path("capture.dcm", "SCImage"), source, picture));
    must(write_key_objects(
        path("ko.dcm", "KeyObjectSelectionDocument"), source,
        {{"113000", "DCM", "Of Interest"}, "frames", {2, 3}, {derived, captured}}));
    const auto pdf = folder_.path() / "report.pdf";
    std::ofstream(pdf) << kDocument;
    must(write_encapsulated_pdf(path("pdf.dcm", "EncapsulatedPDF"), source, pdf, "Report"));
}

const MadeObject& AllObjects::object(const std::string& name) const {
    for (const MadeObject& each : objects_) {
        if (each.file.filename() == name) {
            return each;
        }
    }
    throw std::runtime_error("no object " + name);
}

}  // namespace dsm::test
