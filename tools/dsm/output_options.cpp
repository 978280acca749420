#include "tools/dsm/output_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "dsp/reading/export_objects.h"

namespace dsm::cli {
namespace {

// The frame numbers of "0,1,4", or nothing where it is not such a list.
std::optional<std::vector<FrameIndex>> parse_masks(std::string text) {
    std::erase(text, ' ');
    std::vector<FrameIndex> frames;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    while (at != end) {
        FrameIndex frame = 0;
        const auto [next, status] = std::from_chars(at, end, frame);
        if (status != std::errc{} || frame < 0) {
            return std::nullopt;
        }
        frames.push_back(frame);
        at = next;
        if (at != end && (*at != ',' || ++at == end)) {
            return std::nullopt;
        }
    }
    return frames.empty() ? std::nullopt : std::optional(frames);
}

std::string mask_list_problem(const std::string& text) {
    const bool fine = text == "auto" || parse_masks(text).has_value();
    return fine
               ? ""
               : "'" + text + "' is neither 'auto' nor frame numbers without spaces, such as 0,1,4";
}

constexpr std::array kDumps{"opacity", "filtered", "variance", "candidates"};

std::string dump_problem(const std::string& what) {
    const bool known = std::find(kDumps.begin(), kDumps.end(), what) != kDumps.end();
    return known ? ""
                 : "'" + what +
                       "' is not something to dump: opacity, filtered, variance, candidates are";
}

}  // namespace

void OutputOptions::apply(PipelineParams& params, WantedOutputs& wanted) const {
    params.masks = parse_masks(masks).value_or(std::vector<FrameIndex>{});
    const auto asked = [&](const char* what) {
        return std::find(dump.begin(), dump.end(), what) != dump.end();
    };
    wanted.dump_opacity = asked("opacity");
    wanted.dump_filtered = asked("filtered");
    wanted.dump_variance = asked("variance");
    wanted.dump_candidates = asked("candidates");
    for (const std::string& word : exports) {
        wanted.exports.kinds.insert(*export_kind(word));
    }
}

void add_output_options(CLI::App& command, OutputOptions& options) {
    command.add_option("--masks", options.masks, "mask frames from 0, such as 0,1,4, or 'auto'")
        ->check(CLI::Validator(mask_list_problem, "FRAMES|auto"))
        ->capture_default_str();
    command
        .add_option(
            "--dump", options.dump,
            "also write arrays, several with commas between: opacity (opacity.npy, float32, "
            "frames x rows x columns), filtered (filtered.npy, the same for the eye: "
            "averaged in time where nothing changes, smoothed in space where nothing is), "
            "variance (variance.npy, float32, rows x columns: the mask-free view), candidates "
            "(candidates.json: every line judged, for dsm calibrate)")
        ->delimiter(',')
        ->check(CLI::Validator(dump_problem, "opacity,filtered,variance,candidates"));
    command
        .add_option(
            "--export", options.exports,
            "also write DICOM objects that refer to the run, several with commas between: "
            "subtracted (the subtracted run), gsps (presentation states with marks, masks "
            "and shifts), sr (measurement report), key (key frames and key images), and for people "
            "report (report.html, report.pdf, report.txt; names the patient) and video (video.mp4; "
            "names nobody); the "
            "reader's marks are taken from the journal of the study (dsm live takes none)")
        ->delimiter(',')
        ->check(CLI::Validator(export_problem, kExportWords));
}

}  // namespace dsm::cli
