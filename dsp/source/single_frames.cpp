#include "dsp/source/single_frames.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "dsp/dicom/dicom_folder.h"
#include "dsp/dicom/run_reader.h"
#include "dsp/source/live_names.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

bool is_xray(const RunInfo& info) {
    return info.modality == "XA" || info.modality == "RF" ||
           info.sop_class_uid.starts_with("1.2.840.10008.5.1.4.1.1.12.");
}

// The header of a file that can be one frame of such a run.
std::optional<RunInfo> frame_in(const fs::path& file) {
    const auto reader = RunReader::open(file);
    if (!reader) {
        return std::nullopt;
    }
    const RunInfo& info = (*reader)->info();
    const bool fits = info.frames == 1 && info.instance_number > 0 &&
                      !info.series_instance_uid.empty() && is_xray(info);
    return fits ? std::optional(info) : std::nullopt;
}

// In order of the instance numbers; not a run where there is one alone, or one twice.
bool sort_frames(std::vector<RunInfo>& frames) {
    const auto number = [](const RunInfo& info) { return info.instance_number; };
    std::sort(frames.begin(), frames.end(),
              [&](const RunInfo& a, const RunInfo& b) { return number(a) < number(b); });
    return frames.size() > 1 && std::adjacent_find(frames.begin(), frames.end(),
                                                   [&](const RunInfo& a, const RunInfo& b) {
                                                       return number(a) == number(b);
                                                   }) == frames.end();
}

fs::path name_for(const RunInfo& frame) {
    return frame.file.parent_path() / stem_of_run(frame, false);
}

using Clock = std::optional<double> RunInfo::*;

// Times by one clock of the headers; empty where a frame has none or it runs backwards.
std::vector<double> times_by(Clock clock, const std::vector<RunInfo>& frames) {
    std::vector<double> time_s;
    for (const RunInfo& frame : frames) {
        if (!(frame.*clock) || (!time_s.empty() && *(frame.*clock) - *(frames.front().*clock) <
                                                       time_s.back() - 1e-6)) {
            return {};
        }
        // Seconds since 1970 in a double are good to a microsecond.
        time_s.push_back(1e-6 * std::round(1e6 * (*(frame.*clock) - *(frames.front().*clock))));
    }
    return time_s;
}

bool rises(const std::vector<double>& time_s) {
    return std::adjacent_find(time_s.begin(), time_s.end(), std::greater_equal<>()) == time_s.end();
}

void set_times(const std::vector<RunInfo>& frames, RunInfo& info) {
    struct Source {
        Clock clock;
        const char* name;
        bool acquisition;
    };
    info.frame_time_s.clear();
    bool stands = false;
    for (const Source& source :
         {Source{&RunInfo::acquired_s, "acquisition time of each object", true},
          Source{&RunInfo::content_s, "content time of each frame", false}}) {
        auto time_s = times_by(source.clock, frames);
        if (!time_s.empty() && rises(time_s)) {
            info.frame_time_s = std::move(time_s);
            info.timing_source = source.name;
            info.timing_is_acquisition = source.acquisition;
            return;
        }
        // One that stands all through tells when the acquisition began, not more.
        stands = stands || (!time_s.empty() && time_s.back() > 0.0);
    }
    if (stands) {
        info.warnings.emplace_back(
            "the clocks of the headers give some frames the same time (whole seconds?): not used");
    }
    if (const auto& step_s = frames.front().nominal_step_s) {
        for (std::size_t k = 0; k < frames.size(); ++k) {
            info.frame_time_s.push_back(*step_s * static_cast<double>(k));
        }
        info.timing_source = frames.front().nominal_step_source;
        info.timing_is_acquisition = false;
        info.warnings.push_back("frame times from " + info.timing_source +
                                ": steps taken as equal");
        return;
    }
    info.timing_source = "unknown";
    info.timing_is_acquisition = false;
    info.warnings.emplace_back(
        "no time that runs from frame to frame (0008,002a), (0008,0033) and no frame time or rate: "
        "timing unknown, frames are counted only");
}

RunInfo joined(const std::vector<RunInfo>& frames, const fs::path& name) {
    RunInfo info = frames.front();
    info.file = name;
    info.frames = static_cast<int>(frames.size());
    info.masks.clear();  // they name frames of an object, not of the run
    info.viewing_mode_subtracted = false;
    set_times(frames, info);
    for (const RunInfo& frame : frames) {
        info.frame_objects.push_back({frame.file, frame.sop_instance_uid});
    }
    const int missing = frames.back().instance_number - frames.front().instance_number + 1 -
                        static_cast<int>(frames.size());
    info.warnings.push_back(
        "made of " + std::to_string(frames.size()) + " objects of one frame, " +
        "in order of Instance Number (0020,0013)" +
        (missing > 0 ? "; " + std::to_string(missing) + " numbers between them are missing" : ""));
    const auto other = std::count_if(frames.begin(), frames.end(), [&](const RunInfo& frame) {
        return frame.intensity != info.intensity;
    });
    if (other > 0) {
        info.warnings.push_back("Pixel Intensity Relationship (0028,1040) of " +
                                std::to_string(other) +
                                " objects is not the first one's, which is used");
    }
    return info;
}

}  // namespace

std::vector<fs::path> join_single_frames(std::vector<fs::path> files, const std::stop_token& stop) {
    if (files.size() < 2) {
        return files;
    }
    std::map<fs::path, std::vector<RunInfo>> runs;
    for (const fs::path& file : files) {
        if (stop.stop_requested()) {
            return {};
        }
        if (auto frame = frame_in(file)) {
            const fs::path name = name_for(*frame);
            runs[name].push_back(std::move(*frame));
        }
    }
    std::map<fs::path, fs::path> name_of;
    for (auto& [name, frames] : runs) {
        if (sort_frames(frames)) {
            for (const RunInfo& frame : frames) {
                name_of[frame.file] = name;
            }
        }
    }
    std::vector<fs::path> found;
    for (fs::path& file : files) {
        const auto run = name_of.find(file);
        if (run == name_of.end()) {
            found.push_back(std::move(file));
        } else if (std::find(found.begin(), found.end(), run->second) == found.end()) {
            found.push_back(run->second);
        }
    }
    return found;
}

bool names_single_frames(const fs::path& path) {
    std::error_code unknown;
    const std::string name = path.filename().string();
    return name.starts_with("series_") && name.rfind('_') != std::string("series_").size() - 1 &&
           !fs::exists(path, unknown);
}

Result<std::unique_ptr<SingleFrames>> SingleFrames::open(const fs::path& name) {
    std::vector<RunInfo> frames;
    std::error_code problem;
    const fs::path folder = name.has_parent_path() ? name.parent_path() : fs::path(".");
    for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
         at.increment(problem)) {
        const fs::path file = name.parent_path() / at->path().filename();
        std::error_code ignored;
        if (!at->is_regular_file(ignored) || file_kind(file) != FileKind::dicom) {
            continue;
        }
        if (auto frame = frame_in(file); frame && name_for(*frame) == name) {
            frames.push_back(std::move(*frame));
        }
    }
    if (!sort_frames(frames)) {
        return fail(ErrorKind::not_found, name.string(),
                    "no such file, and no series of single frames of that name in its folder",
                    "give the folder");
    }
    std::unique_ptr<SingleFrames> run(new SingleFrames);
    run->info_ = joined(frames, name);
    return run;
}

Result<void> SingleFrames::read(FrameIndex frame, ImageView<std::uint16_t> words) {
    if (frame < 0 || frame >= info_.frames) {
        return fail(ErrorKind::invalid_input, info_.file.string(),
                    "no frame " + std::to_string(frame + 1) + " of " + std::to_string(info_.frames),
                    "ask for a frame of the run");
    }
    const fs::path& file = info_.frame_objects[static_cast<std::size_t>(frame)].file;
    auto reader = RunReader::open(file);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    if ((*reader)->info().extent != words.extent()) {
        return fail(ErrorKind::unreadable, file.string(), "is not the frame it was",
                    "open the run again");
    }
    return (*reader)->read(0, words);
}

}  // namespace dsm
