// How it was computed, how well that went, and what it could not do.
#include <algorithm>
#include <cmath>
#include <map>

#include "dsp/core/version.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

std::string masks_in_words(const RunResult& result) {
    if (result.mask_frames.empty()) {
        return "none";
    }
    const char* source = result.mask_source == MaskSource::operator_chosen ? "chosen by the reader"
                         : result.mask_source == MaskSource::file          ? "named in the file"
                                                                           : "found automatically";
    return std::to_string(result.mask_frames.size()) +
           (result.mask_frames.size() == 1 ? " frame, " : " frames, ") + source + ": " +
           frames_in_words(result.mask_frames);
}

std::string contrast_in_words(const RunResult& result) {
    if (!result.first_contrast_frame) {
        return "not found";
    }
    const auto time_s = time_of(result.run, *result.first_contrast_frame);
    std::string words = "first in frame " + std::to_string(*result.first_contrast_frame + 1) +
                        (time_s ? " (" + number(*time_s, 1) + " s)" : std::string());
    if (result.false_contrast_rate) {
        words += "; declared in " + number(100.0 * *result.false_contrast_rate, 1) +
                 " % of runs without any, measured";
    }
    return words;
}

std::string registration_in_words(const RunResult& result) {
    std::string words = result.opacity_registered ? to_string(result.params.registration)
                                                  : "none: edges are motion, not contrast";
    std::map<RegistrationMethod, int> used;
    for (const FrameMotion& motion : result.motion) {
        if (motion.quality != Quality::no_mask && motion.used != result.params.registration) {
            ++used[motion.used];
        }
    }
    for (const auto& [method, frames] : used) {
        words += "; " + std::string(to_string(method)) + " was kept in " + std::to_string(frames) +
                 (frames == 1 ? " frame" : " frames");
    }
    const Point shift = result.params.manual_shift_px;
    if (shift != Point{}) {
        words += "; shifted by hand by " + number(shift.x, 1) + ", " + number(shift.y, 1) + " px";
    }
    return words;
}

std::string artefact_in_words(const RunResult& result) {
    std::vector<double> ratios;
    double worst = 0.0;
    for (const FrameMotion& motion : result.motion) {
        if (motion.artefact_ratio) {
            ratios.push_back(*motion.artefact_ratio);
            worst = std::max(worst, *motion.artefact_ratio);
        }
    }
    const auto median = median_of(ratios);
    return median ? "median " + number(*median, 2) + ", worst frame " + number(worst, 2) +
                        " (1 is noise alone)"
                  : "not measured";
}

std::string quality_in_words(const RunResult& result) {
    std::string words;
    for (const Quality quality :
         {Quality::good, Quality::fair, Quality::poor, Quality::failed, Quality::no_mask}) {
        const auto frames =
            std::count_if(result.motion.begin(), result.motion.end(),
                          [&](const FrameMotion& motion) { return motion.quality == quality; });
        if (frames > 0) {
            const std::string name = quality == Quality::no_mask ? "no mask" : to_string(quality);
            words += (words.empty() ? "" : ", ") + std::to_string(frames) + " " + name;
        }
    }
    return words.empty() ? "not measured" : words;
}

std::string corridor_in_words(const CorridorSummary& corridor) {
    if (!corridor.median_mm || !corridor.high_mm) {
        return "not measured" + (corridor.why.empty() ? "" : ": " + corridor.why);
    }
    constexpr double kShown_mm = 0.005;  // what two decimals can tell from nothing
    const auto length = [](double residual_mm) {
        return residual_mm < kShown_mm ? std::string("not above noise")
                                       : number(residual_mm, 2) + " mm";
    };
    std::string words =
        "median " + length(*corridor.median_mm) + ", 95th percentile " + length(*corridor.high_mm);
    if (corridor.median_artefact_ratio) {
        words += ", artefact ratio " + number(*corridor.median_artefact_ratio, 2);
    }
    return words;
}

std::string noise_in_words(const NoiseModel& noise) {
    if (!noise.known()) {
        return "not known";
    }
    const auto [least, most] = std::minmax_element(noise.table().begin(), noise.table().end());
    const auto sigma = [](float variance) {
        return number(std::sqrt(std::max(0.0, static_cast<double>(variance))), 4);
    };
    return "one standard deviation of ln I in a pixel of one frame: " + sigma(*least) + " to " +
           sigma(*most);
}

Facts technique(const RunResult& result) {
    Facts facts;
    facts.rows = {
        {"Mode", result.params.mode == Mode::live ? "live: each frame from those before it alone"
                                                  : "review: from the whole run"},
        {"Masks", masks_in_words(result)},
        {"Contrast", contrast_in_words(result)},
        {"Registration", registration_in_words(result)},
        {"Artefact ratio", artefact_in_words(result)},
        {"Frames by quality", quality_in_words(result)},
        {"Residual beside spine", corridor_in_words(result.corridor)},
        {"Noise", noise_in_words(result.noise)},
        {"Software", std::string("dsm ") + kVersion},
        {"Computed on", result.backend + (result.device.empty() ? "" : ", " + result.device)},
        {"Calibration", result.calibration.empty() ? "none: no confidence was computed"
                                                   : "of confidence: " + result.calibration},
    };
    return facts;
}

std::vector<std::string> limits(const RunResult& result) {
    const RunInfo& run = result.run;
    std::vector<std::string> limits;
    const auto when = [&](bool so, const char* text) {
        if (so) {
            limits.emplace_back(text);
        }
    };
    when(run.left_in_image == LeftInImage::undetermined,
         "The file does not say where the patient's left is: no side is asserted.");
    when(result.levels.empty(), "Levels were not marked: none is asserted.");
    when(!run.has_timing(), "The file gives no frame times: delays are unknown.");
    when(run.has_timing() && !run.timing_is_acquisition,
         "Times rest on a rate for display: delays may be wrong by a factor.");
    when(!run.spacing, "Pixel spacing is unknown: there are no lengths.");
    when(run.spacing && run.spacing->basis == SpacingBasis::at_detector,
         "Millimetres are at the detector: larger than in the patient.");
    when(result.opacity_relative,
         "The law of the stored values is unknown: opacity is known up to one factor.");
    when(run.already_subtracted, "The run came already subtracted.");
    when(run.lossy, "The pictures were compressed with loss.");
    when(!result.opacity_registered, "Registration was off.");
    for (const auto* warnings : {&run.warnings, &result.warnings}) {
        limits.insert(limits.end(), warnings->begin(), warnings->end());
    }
    limits.emplace_back(
        "Fistulas that drain where the picture does not reach, or later than it was watched, are "
        "not seen. Confidence is that of the calibration's cohort, not of this patient.");
    return limits;
}

}  // namespace

Section technique_section(const ReportRequest& request) {
    return {"Technique", {technique(request.result)}};
}

Section limits_section(const ReportRequest& request) {
    Section section{"Limits", {}};
    for (std::string& limit : limits(request.result)) {
        if (!limit.empty()) {
            section.blocks.emplace_back(Paragraph{Paragraph::Style::note, std::move(limit)});
        }
    }
    return section;
}

}  // namespace dsm::reading
