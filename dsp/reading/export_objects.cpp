#include "dsp/reading/export_objects.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dsp/dicom/objects/encapsulated_pdf.h"
#include "dsp/dicom/objects/key_objects.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/dicom/objects/secondary_capture.h"
#include "dsp/pipeline/pictures.h"
#include "dsp/review/dicom_state.h"

namespace dsm {
namespace {

constexpr std::array<std::pair<const char*, ExportKind>, 6> kKinds{
    {{"subtracted", ExportKind::subtracted},
     {"gsps", ExportKind::gsps},
     {"sr", ExportKind::sr},
     {"key", ExportKind::key},
     {"report", ExportKind::report},
     {"video", ExportKind::video}}};

std::string mask_words(const RunResult& result) {
    std::string words;
    for (const FrameIndex frame : result.mask_frames) {
        words += (words.empty() ? "" : ", ") + std::to_string(frame + 1);
    }
    return words.empty() ? "none" : words;
}

// Derivation Description (0008,2111) holds 1024 characters.
std::string derivation_words(const RunResult& result) {
    constexpr std::size_t kMostMaskWords = 300;
    std::string masks = mask_words(result);
    if (masks.size() > kMostMaskWords) {
        masks = masks.substr(0, masks.rfind(',', kMostMaskWords)) + " ...";
    }
    std::string words =
        "Mask subtraction in log intensity: ln(mask / live), " +
        std::string(to_string(result.params.registration)) +
        " registration of a mix of masks; mask frames " + masks + ". " +
        (result.params.mode == Mode::live ? "Live: frames before the first usable mask are blank. "
                                          : "Review: the whole run was used. ") +
        "Stored value = 32768 - 8192 * opacity; dark is contrast.";
    if (result.opacity_relative) {
        words +=
            " Opacity is relative, up to one factor: the law of the stored values is not known.";
    }
    if (!result.run.has_timing()) {
        words += " The source gives no timing: frames are shown 1 s apart.";
    }
    return words;
}

ReportedFinding reported(const Highlight& highlight, const RunReview& review) {
    ReportedFinding finding{highlight, {}, {}, {}};
    if (const HighlightVerdict* verdict = verdict_on(review, highlight); verdict != nullptr) {
        if (verdict->verdict != Verdict::none) {
            finding.verdict = to_string(verdict->verdict);
        }
        finding.note = verdict->note;
        finding.judged_by = verdict->stamp.author;
    }
    return finding;
}

MeasurementReport report_of(const RunResult& result, const RunReview& review) {
    MeasurementReport report;
    for (const Highlight& highlight : result.highlights) {
        report.findings.push_back(reported(highlight, review));
    }
    report.levels = review.levels;
    for (const LevelMark& level : result.levels) {
        if (find_level(review, level.label) == nullptr) {
            report.levels.push_back(level);
        }
    }
    report.coverage = result.coverage;
    report.sac_curve = result.sac_curve;
    report.conclusion = result.conclusion;
    report.opacity_relative = result.opacity_relative;
    report.has_timing = result.run.has_timing();
    return report;
}

// The frame of a highlight that shows it best: the peak of its curve, else that of the alarm.
FrameIndex best_frame(const Highlight& highlight, int frames) {
    const auto& curve = highlight.curve.opacity;
    const auto peak = std::max_element(curve.begin(), curve.end());
    const auto frame = peak == curve.end()
                           ? highlight.alarm_frame
                           : static_cast<FrameIndex>(std::distance(curve.begin(), peak));
    return std::clamp(frame, 0, frames - 1);
}

// Of the highlights that count as leaks first; at most this many pictures.
constexpr std::size_t kMostKeyPictures = 12;

std::vector<FrameIndex> rising(std::vector<FrameIndex> frames) {
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

std::vector<FrameIndex> marked_frames(const RunResult& result, const RunReview& review) {
    std::vector<FrameIndex> frames;
    for (const Highlight& highlight : result.highlights) {
        frames.push_back(best_frame(highlight, result.run.frames));
    }
    for (const Annotation& annotation : review.annotations) {
        if (annotation.frames) {
            frames.push_back(std::clamp(annotation.frames->first, 0, result.run.frames - 1));
        }
    }
    return rising(std::move(frames));
}

// And those of the reader's key images.
std::vector<FrameIndex> key_frames(const RunResult& result, const RunReview& review) {
    std::vector<FrameIndex> frames = marked_frames(result, review);
    for (const KeyImage& image : review.key_images) {
        frames.push_back(std::clamp(image.frame, 0, result.run.frames - 1));
    }
    return rising(std::move(frames));
}

class Exporter {
 public:
    Exporter(const ExportRequest& request, const RunResult& result, const RunReview& review,
             ObjectSource source, const ResultFolder& folder)
        : request_(request),
          result_(result),
          review_(review),
          source_(std::move(source)),
          folder_(folder) {}

    Result<void> states(const std::optional<double>& rms_difference) {
        ComputedState computed;
        computed.levels = result_.levels;
        computed.highlights = result_.highlights;
        computed.mask_frames = result_.mask_frames;
        computed.motion = result_.motion;
        computed.registration = result_.params.registration;
        computed.rms_difference = rms_difference;
        auto state = presentation_state_of(result_.run, review_, computed);
        if (!state) {
            return tl::unexpected(state.error());
        }
        const bool one_object = result_.run.frame_objects.empty();
        if (!one_object) {
            state->shifts.clear();  // masks are frames of an object
        }
        const auto write = [&](const char* name, StateClass state_class) {
            return keep(
                name, write_presentation_state(folder_.staged(name), source_, state_class, *state));
        };
        auto written = write("dsm_presentation_state.dcm", StateClass::grayscale);
        return written && one_object ? write("dsm_presentation_state_xa.dcm", StateClass::xa_xrf)
                                     : written;
    }

    Result<void> subtracted(const SubtractedRun& run) {
        constexpr const char* kName = "dsm_subtracted.dcm";
        return keep(kName, write_subtracted_run(folder_.staged(kName), source_, run,
                                                {derivation_words(result_)}));
    }

    Result<void> report() {
        constexpr const char* kName = "dsm_report_sr.dcm";
        return keep(kName, write_measurement_report(folder_.staged(kName), source_,
                                                    report_of(result_, review_)));
    }

    // What the reader chose, as he saw it; all of it.
    Result<void> chosen_pictures(const ValuesOfPicture& values_of) {
        for (const KeyImage& image : review_.key_images) {
            auto grey = key_image_grey(result_, review_, image, values_of);
            if (!grey) {
                return tl::unexpected(grey.error());
            }
            CapturedPicture picture;
            picture.grey = std::move(*grey);
            picture.description =
                key_image_title(result_.run, image) + (image.note.empty() ? "" : ". " + image.note);
            if (!is_of_the_run(image.shown.kind)) {
                picture.frames = {image.frame};
            }
            if (auto kept = keep_picture(picture); !kept) {
                return kept;
            }
        }
        return {};
    }

    // Of the software's highlights and the reader's marks, beyond the key images.
    Result<void> pictures(const SubtractedRun& run) {
        auto frames = marked_frames(result_, review_);
        std::erase_if(frames, [&](FrameIndex frame) {
            return std::any_of(
                review_.key_images.begin(), review_.key_images.end(), [&](const KeyImage& image) {
                    return image.frame == frame && image.shown.kind == PictureKind::subtracted;
                });
        });
        for (std::size_t i = 0; i < std::min(frames.size(), kMostKeyPictures); ++i) {
            const Image<float> opacity = run.opacity_of(frames[i], result_.run.extent);
            CapturedPicture picture;
            picture.grey = key_picture(result_, opacity.view(), frames[i]);
            picture.description = "subtracted frame " + std::to_string(frames[i] + 1) +
                                  " with the highlights of the software drawn in";
            picture.frames = {frames[i]};
            if (auto kept = keep_picture(picture); !kept) {
                return kept;
            }
        }
        return {};
    }

    Result<void> key_objects() {
        constexpr const char* kName = "dsm_key_objects.dcm";
        KeyObjects keys;
        keys.frames = key_frames(result_, review_);
        keys.description = key_words(keys.frames.empty());
        keys.others = images_;
        return keep(kName, write_key_objects(folder_.staged(kName), source_, keys));
    }

    Result<void> wrapped_report() {
        constexpr const char* kName = "dsm_report_pdf.dcm";
        return keep(kName, write_encapsulated_pdf(folder_.staged(kName), source_, request_.pdf,
                                                  "Digital subtraction myelography"));
    }

    [[nodiscard]] std::vector<std::string> names() && { return std::move(names_); }

 private:
    // What the frames and pictures are; the notes of the reader's key images among it.
    [[nodiscard]] std::string key_words(bool none) const {
        if (none) {
            return "No highlights, no marks on single frames and no key images.";
        }
        std::string words =
            "Frames that the reader chose, that show highlights of the software or marks of the "
            "reader, and what was made of them.";
        for (const KeyImage& image : review_.key_images) {
            words += " " + key_image_title(result_.run, image) + ".";
            words += image.note.empty() ? "" : " " + image.note;
        }
        return words;
    }

    Result<void> keep_picture(const CapturedPicture& picture) {
        const std::string name = "dsm_key_image_" + std::to_string(++pictures_) + ".dcm";
        return keep(name, write_secondary_capture(folder_.staged(name), source_, picture));
    }

    Result<void> keep(const std::string& name, const Result<ObjectReference>& written) {
        if (!written) {
            return tl::unexpected(written.error());
        }
        names_.push_back(name);
        const bool image = name.starts_with("dsm_key_image") || name == "dsm_subtracted.dcm";
        if (image) {
            images_.push_back(*written);
        }
        return {};
    }

    const ExportRequest& request_;
    const RunResult& result_;
    const RunReview& review_;
    ObjectSource source_;
    const ResultFolder& folder_;
    std::vector<std::string> names_;
    std::vector<ObjectReference> images_;
    int pictures_{0};
};

}  // namespace

std::optional<ExportKind> export_kind(const std::string& word) {
    for (const auto& [name, kind] : kKinds) {
        if (word == name) {
            return kind;
        }
    }
    return std::nullopt;
}

std::string export_problem(const std::string& word) {
    return export_kind(word)
               ? ""
               : "'" + word + "' is not something to export: " + kExportWords + " are";
}

bool needs_frames(const ExportKinds& kinds) {
    return kinds.contains(ExportKind::subtracted) || kinds.contains(ExportKind::key) ||
           kinds.contains(ExportKind::report) || kinds.contains(ExportKind::video);
}

bool needs_objects(const ExportRequest& request) {
    return !request.pdf.empty() ||
           std::any_of(request.kinds.begin(), request.kinds.end(), [](ExportKind kind) {
               return kind != ExportKind::report && kind != ExportKind::video;
           });
}

Result<std::vector<std::string>> export_objects(
    const ExportRequest& request, const RunResult& result, const RunReview& review,
    const std::optional<double>& rms_difference, const SubtractedRun* subtracted,
    const ValuesOfPicture& values_of, const ResultFolder& folder, std::vector<Error>& notes) {
    auto source = ObjectSource::open(result.run, request.author);
    if (!source) {
        return tl::unexpected(source.error());
    }
    Exporter exporter(request, result, review, std::move(*source), folder);
    const auto wanted = [&](ExportKind kind) { return request.kinds.contains(kind); };
    Result<void> done;
    const auto then = [&](bool wanted_now, auto write) {
        if (done && wanted_now) {
            done = write();
        }
    };
    then(wanted(ExportKind::gsps), [&] { return exporter.states(rms_difference); });
    if (wanted(ExportKind::gsps) && !result.run.frame_objects.empty()) {
        notes.push_back({ErrorKind::unsupported, result.run.file.string(),
                         "the presentation state holds its marks, not its masks and shifts, which "
                         "the standard counts in frames of one object",
                         "dsm_subtracted.dcm is the exact record"});
    }
    then(wanted(ExportKind::sr), [&] { return exporter.report(); });
    if (subtracted != nullptr) {
        then(wanted(ExportKind::subtracted), [&] { return exporter.subtracted(*subtracted); });
        then(wanted(ExportKind::key), [&] { return exporter.chosen_pictures(values_of); });
        then(wanted(ExportKind::key), [&] { return exporter.pictures(*subtracted); });
        if (subtracted->clipped() > 0) {
            notes.push_back({ErrorKind::invalid_input, result.run.file.string(),
                             std::to_string(subtracted->clipped()) +
                                 " pixels lie beyond opacity +-4 and are written as the limit",
                             ""});
        }
    }
    then(wanted(ExportKind::key), [&] { return exporter.key_objects(); });
    then(!request.pdf.empty(), [&] { return exporter.wrapped_report(); });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return std::move(exporter).names();
}

}  // namespace dsm
