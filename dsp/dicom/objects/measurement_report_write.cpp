#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cctype>
#include <cmath>

#include "dsp/core/spoken.h"
#include "dsp/core/version.h"
#include "dsp/dicom/objects/content_tree.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/object_header.h"
#include "dsp/dicom/objects/report_codes.h"

namespace dsm {

namespace dicom::codes {

Code word(const std::string& of) {
    std::string value;
    for (const char c : of) {
        value += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return {value, kPrivateScheme, spaced(of)};
}

std::string word_of(const Code& code) {
    std::string of;
    for (const char c : code.scheme == kPrivateScheme ? code.value : std::string{}) {
        of += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return of;
}

}  // namespace dicom::codes

namespace {

using namespace dicom;
using namespace dicom::codes;

class Builder {
 public:
    Builder(const ObjectSource& source, const MeasurementReport& report)
        : source_(source), report_(report) {}

    ContentItem root() {
        ContentItem root = container(kReport, "1500");
        root.relation.clear();
        root.add(code_item("HAS CONCEPT MOD", kLanguage, kEnglish));
        add_observers(root);
        root.add(code_item("HAS CONCEPT MOD", kProcedure, kMyelography));
        ContentItem& library = root.add(container(kLibrary)).add(container(kLibraryGroup));
        for (const FramesOfObject& each : frames_by_object(source_.info(), {})) {
            library.add(image_item("CONTAINS", each.object));
        }
        ContentItem measurements = container(kMeasurements);
        for (const ReportedFinding& finding : report_.findings) {
            measurements.add(finding_group(finding));
        }
        for (const LevelMark& level : report_.levels) {
            measurements.add(level_group(level));
        }
        for (const LevelCoverage& coverage : report_.coverage) {
            measurements.add(coverage_group(coverage));
        }
        if (!report_.sac_curve.opacity.empty()) {
            ContentItem sac = group("thecal sac", kSac);
            add_curve(sac, report_.sac_curve);
            measurements.add(std::move(sac));
        }
        root.add(std::move(measurements));
        ContentItem& evaluations = root.add(container(kQualitative));
        evaluations.add(
            code_item("CONTAINS", kCategory, word(to_string(report_.conclusion.category))));
        if (!report_.conclusion.text.empty()) {
            evaluations.add(text_item("CONTAINS", kConclusion, report_.conclusion.text));
        }
        return root;
    }

 private:
    void add_observers(ContentItem& root) const {
        root.add(code_item("HAS OBS CONTEXT", kObserverType, kDevice));
        root.add(text_item("HAS OBS CONTEXT", kDeviceUid, new_uid(), "UIDREF"));
        root.add(text_item("HAS OBS CONTEXT", kDeviceName, std::string("dsm ") + kVersion));
        root.add(text_item("HAS OBS CONTEXT", kDeviceModel, kNotice));
        if (!source_.author().empty()) {
            root.add(code_item("HAS OBS CONTEXT", kObserverType, kPerson));
            root.add(text_item("HAS OBS CONTEXT", kPersonName, source_.author(), "PNAME"));
        }
    }

    static ContentItem group(const std::string& name, const Code& finding) {
        ContentItem made = container(kGroup, "1501");
        made.add(text_item("HAS OBS CONTEXT", kTracking, name));
        made.add(text_item("HAS OBS CONTEXT", kTrackingUid, new_uid(), "UIDREF"));
        made.add(code_item("CONTAINS", kFinding, finding));
        return made;
    }

    static void add_site(ContentItem& to, const std::string& level, Side side) {
        const auto laterality = code_of_side(side);
        if (level.empty() && !laterality) {
            return;
        }
        ContentItem site = code_item(
            "CONTAINS", kSite,
            level.empty() ? Code{"421060004", "SCT", "Vertebral column"} : code_of_level(level));
        if (laterality) {
            site.add(code_item("HAS CONCEPT MOD", kLaterality, *laterality));
        }
        to.add(std::move(site));
    }

    [[nodiscard]] Code opacity_unit() const {
        return report_.opacity_relative ? kRelativeUnit : kNoUnits;
    }

    static void add_text(ContentItem& to, const Code& name, const std::string& text) {
        if (!text.empty()) {
            to.add(text_item("CONTAINS", name, text));
        }
    }

    void add_seconds(ContentItem& to, const Code& name, std::optional<double> value_s) const {
        if (value_s && report_.has_timing && std::isfinite(*value_s)) {
            to.add(number_item(name, *value_s, kSecond));
        }
    }

    // One number for each frame, with its noise and time.
    void add_curve(ContentItem& to, const OpacityCurve& curve) const {
        if (curve.opacity.empty()) {
            return;
        }
        ContentItem values = container(kCurve);
        for (std::size_t i = 0; i < curve.opacity.size(); ++i) {
            ContentItem& value =
                values.add(number_item(kOpacity, curve.opacity[i], opacity_unit()));
            if (report_.has_timing && i < curve.time_s.size()) {
                value.add(number_item(kTime, curve.time_s[i], kSecond, "HAS PROPERTIES"));
            }
            if (i < curve.noise.size()) {
                value.add(
                    number_item(kDeviation, curve.noise[i], opacity_unit(), "HAS PROPERTIES"));
            }
        }
        to.add(std::move(values));
    }

    // A region is selected from one image: of a place in all frames, that of the first.
    ContentItem region(const std::string& graphic_type, std::vector<Point> points_px,
                       const std::vector<FrameIndex>& frames) const {
        const auto images = frames_by_object(source_.info(), frames);
        return region_item(graphic_type, std::move(points_px), images.front().object,
                           images.front().frames);
    }

    void add_places(ContentItem& to, const Highlight& h) const {
        if (h.path_px.size() > 1) {
            to.add(region("POLYLINE", h.path_px, {h.alarm_frame}));
        } else if (h.path_px.size() == 1) {
            to.add(region("POINT", h.path_px, {h.alarm_frame}));
        }
        ContentItem seed = region("POINT", {h.seed_px}, {h.alarm_frame});
        seed.concept_name = kSeed;
        to.add(std::move(seed));
    }

    ContentItem finding_group(const ReportedFinding& finding) const {
        const Highlight& h = finding.highlight;
        ContentItem made = group("highlight " + std::to_string(h.id), code_of_kind(h.kind));
        add_site(made, h.level, h.side);
        made.add(number_item(kProbability, h.confidence, kNoUnits));
        made.add(number_item(kPeakOpacity, h.peak_opacity, opacity_unit()));
        if (h.width_mm) {
            made.add(number_item(kWidth, *h.width_mm, kMillimetre));
        }
        made.add(number_item(kOnsetFrame, h.onset_frame + 1, kFrames));
        made.add(number_item(kAlarmFrame, h.alarm_frame + 1, kFrames));
        const auto& time_s = source_.info().frame_time_s;
        if (h.onset_frame >= 0 && static_cast<std::size_t>(h.onset_frame) < time_s.size()) {
            add_seconds(made, kArrival, time_s[static_cast<std::size_t>(h.onset_frame)]);
        }
        add_seconds(made, kDelay, h.delay_after_sac_s);
        made.add(code_item("CONTAINS", kGrade, word(to_string(h.grade))));
        made.add(code_item("CONTAINS", kDrainage, word(to_string(h.drainage))));
        if (!h.drains_at.empty()) {
            made.add(code_item("CONTAINS", kDrainsAt, code_of_level(h.drains_at)));
        }
        if (!finding.verdict.empty()) {
            made.add(code_item("CONTAINS", kVerdict, word(finding.verdict)));
        }
        add_text(made, kVerdictBy, finding.judged_by);
        add_text(made, kVerdictNote, finding.note);
        add_text(made, kComment, h.why);
        add_places(made, h);
        add_curve(made, h.curve);
        return made;
    }

    ContentItem level_group(const LevelMark& level) const {
        ContentItem made = group("level " + level.label, kLevelMark);
        add_site(made, level.label, Side::undetermined);
        made.add(code_item("CONTAINS", kLevelSource, word(to_string(level.source))));
        made.add(region("POINT", {level.center_px}, {}));
        return made;
    }

    ContentItem coverage_group(const LevelCoverage& covered) const {
        ContentItem made =
            group("coverage " + covered.level + " " + to_string(covered.side), kCoverage);
        add_site(made, covered.level, covered.side);
        made.add(code_item("CONTAINS", kInView, covered.in_view ? kYes : kNo));
        made.add(code_item("CONTAINS", kAdequate, covered.adequate ? kYes : kNo));
        add_seconds(made, kArrival, covered.sac_arrival_s);
        add_seconds(made, kWatched, covered.watched_s);
        if (covered.detectable_opacity) {
            made.add(number_item(kDetectable, *covered.detectable_opacity, opacity_unit()));
        }
        add_text(made, kComment, covered.why);
        return made;
    }

    const ObjectSource& source_;
    const MeasurementReport& report_;
};

}  // namespace

Result<ObjectReference> write_measurement_report(const std::filesystem::path& file,
                                                 ObjectSource& source,
                                                 const MeasurementReport& report) {
    const ContentItem root = Builder(source, report).root();
    bool finite = true;
    for_each_item(root,
                  [&](const ContentItem& item) { finite = finite && std::isfinite(item.number); });
    if (!finite) {
        return fail(ErrorKind::internal, file.string(), "a measurement is no number",
                    "please report it");
    }
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made =
        put_common_modules(to, source, {UID_ComprehensiveSRStorage, "SR", "DSM measurements"});
    put_private_scheme(to);
    to.empty({0x0008, 0x1111});
    put_content_time(to, source);
    to.text({0x0040, 0xA491}, "COMPLETE");
    to.text({0x0040, 0xA493}, "UNVERIFIED");
    to.empty({0x0040, 0xA372});
    put_evidence(to, source.info().study_instance_uid, images_in(root));
    put_content(to, root);
    return save_object(file, format, to, made);
}

}  // namespace dsm
