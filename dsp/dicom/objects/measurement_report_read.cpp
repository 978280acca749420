#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/objects/content_tree.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/report_codes.h"

namespace dsm {
namespace {

using namespace dicom;
using namespace dicom::codes;

std::optional<double> number_of(const ContentItem& group, const Code& name) {
    const ContentItem* item = child_of(group, name);
    return item != nullptr && item->type == "NUM" ? std::optional(item->number) : std::nullopt;
}

std::string text_of(const ContentItem& group, const Code& name) {
    const ContentItem* item = child_of(group, name);
    return item != nullptr ? item->text : std::string{};
}

Code code_of(const ContentItem& group, const Code& name) {
    const ContentItem* item = child_of(group, name);
    return item != nullptr ? item->code : Code{};
}

// Frames are reported from 1; anything out of reach is the first.
FrameIndex frame_of(const ContentItem& group, const Code& name) {
    const double from_one = number_of(group, name).value_or(1.0);
    return from_one >= 1.0 && from_one <= 1e7 ? static_cast<FrameIndex>(from_one) - 1 : 0;
}

struct Site {
    std::string level;
    Side side{Side::undetermined};
};
Site site_of(const ContentItem& group) {
    Site site;
    if (const ContentItem* item = child_of(group, kSite); item != nullptr) {
        site.level = level_of_code(item->code).value_or("");
        site.side = side_of_code(code_of(*item, kLaterality)).value_or(Side::undetermined);
    }
    return site;
}

std::vector<Point> points_of(const ContentItem& group, const Code& name) {
    const ContentItem* item = child_of(group, name);
    return item != nullptr ? item->points_px : std::vector<Point>{};
}

OpacityCurve curve_of(const ContentItem& group) {
    OpacityCurve curve;
    const ContentItem* values = child_of(group, kCurve);
    if (values == nullptr) {
        return curve;
    }
    for (const ContentItem& value : values->children) {
        if (value.type == "NUM" && value.concept_name == kOpacity) {
            curve.opacity.push_back(value.number);
            if (const auto time_s = number_of(value, kTime)) {
                curve.time_s.push_back(*time_s);
            }
            if (const auto noise = number_of(value, kDeviation)) {
                curve.noise.push_back(*noise);
            }
        }
    }
    return curve;
}

std::optional<LeakKind> kind_of(const Code& finding) {
    for (const LeakKind kind :
         {LeakKind::csf_venous_fistula, LeakKind::extravasation, LeakKind::diverticulum,
          LeakKind::nerve_root_sleeve, LeakKind::renal_excretion, LeakKind::unclassified}) {
        if (code_of_kind(kind) == finding) {
            return kind;
        }
    }
    return std::nullopt;
}

PixelRect box_around(const std::vector<Point>& path_px) {
    double left = path_px.front().x;
    double right = left;
    double top = path_px.front().y;
    double bottom = top;
    for (const Point p : path_px) {
        left = std::min(left, p.x);
        right = std::max(right, p.x);
        top = std::min(top, p.y);
        bottom = std::max(bottom, p.y);
    }
    const auto whole = [](double px) {
        return static_cast<int>(std::floor(std::clamp(px, -1e6, 1e6)));
    };
    return {whole(left), whole(top), whole(right) - whole(left) + 1,
            whole(bottom) - whole(top) + 1};
}

int number_at_end(const std::string& name) {
    int id = 0;
    const auto blank = name.rfind(' ');
    const char* from = name.data() + (blank == std::string::npos ? 0 : blank + 1);
    std::from_chars(from, name.data() + name.size(), id);
    return id;
}

ReportedFinding finding_of(const ContentItem& group, LeakKind kind) {
    ReportedFinding finding;
    Highlight& h = finding.highlight;
    const Site site = site_of(group);
    h.id = number_at_end(text_of(group, kTracking));
    h.kind = kind;
    h.level = site.level;
    h.side = site.side;
    h.confidence = number_of(group, kProbability).value_or(0.0);
    h.peak_opacity = number_of(group, kPeakOpacity).value_or(0.0);
    h.width_mm = number_of(group, kWidth);
    h.onset_frame = frame_of(group, kOnsetFrame);
    h.alarm_frame = frame_of(group, kAlarmFrame);
    h.delay_after_sac_s = number_of(group, kDelay);
    h.grade = from_string<Grade>(word_of(code_of(group, kGrade))).value_or(Grade::low);
    h.drainage =
        from_string<Drainage>(word_of(code_of(group, kDrainage))).value_or(Drainage::unknown);
    h.drains_at = level_of_code(code_of(group, kDrainsAt)).value_or("");
    h.why = text_of(group, kComment);
    h.path_px = points_of(group, kRegion);
    if (const auto seed = points_of(group, kSeed); !seed.empty()) {
        h.seed_px = seed.front();
    } else if (!h.path_px.empty()) {
        h.seed_px = h.path_px.front();
    }
    if (!h.path_px.empty()) {
        h.bbox_px = box_around(h.path_px);
    }
    h.curve = curve_of(group);
    finding.verdict = word_of(code_of(group, kVerdict));
    finding.judged_by = text_of(group, kVerdictBy);
    finding.note = text_of(group, kVerdictNote);
    return finding;
}

LevelCoverage coverage_of(const ContentItem& group) {
    const Site site = site_of(group);
    LevelCoverage covered;
    covered.level = site.level;
    covered.side = site.side;
    covered.in_view = code_of(group, kInView) == kYes;
    covered.adequate = code_of(group, kAdequate) == kYes;
    covered.sac_arrival_s = number_of(group, kArrival);
    covered.watched_s = number_of(group, kWatched);
    covered.detectable_opacity = number_of(group, kDetectable);
    covered.why = text_of(group, kComment);
    return covered;
}

void take_group(const ContentItem& group, MeasurementReport& report) {
    const Code finding = code_of(group, kFinding);
    if (finding == kLevelMark) {
        const auto center = points_of(group, kRegion);
        const std::string label = site_of(group).level;
        if (!center.empty() && !label.empty()) {
            report.levels.push_back({label, center.front(),
                                     from_string<LevelSource>(word_of(code_of(group, kLevelSource)))
                                         .value_or(LevelSource::operator_marked)});
        }
    } else if (finding == kCoverage) {
        report.coverage.push_back(coverage_of(group));
    } else if (finding == kSac) {
        report.sac_curve = curve_of(group);
    } else if (const auto kind = kind_of(finding)) {
        report.findings.push_back(finding_of(group, *kind));
    }
}

}  // namespace

Result<MeasurementReport> read_measurement_report(const std::filesystem::path& file) {
    auto loaded = DicomFile::load(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    const ContentItem root = read_content(data);
    if (root.concept_name != kReport) {
        return fail(ErrorKind::unsupported, file.string(),
                    "is no measurement report by template TID 1500",
                    "name a measurement report (SR)");
    }
    MeasurementReport report;
    bool timed = true;
    for_each_item(root, [&](const ContentItem& item) {
        if (item.concept_name == kGroup) {
            take_group(item, report);
        } else if (item.concept_name == kOpacity) {
            report.opacity_relative = report.opacity_relative || item.code == kRelativeUnit;
            timed = timed && child_of(item, kTime) != nullptr;
        } else if (item.concept_name == kConclusion) {
            report.conclusion.text = item.text;
        } else if (item.concept_name == kCategory) {
            report.conclusion.category =
                from_string<Category>(word_of(item.code)).value_or(Category::indeterminate);
        }
    });
    report.has_timing = timed;
    return report;
}

}  // namespace dsm
