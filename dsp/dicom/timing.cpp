#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/date_time.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

constexpr Tag kFrameIncrementPointer{0x0028, 0x0009};
constexpr Tag kFrameTime{0x0018, 0x1063};
constexpr Tag kFrameTimeVector{0x0018, 0x1065};
constexpr Tag kCineRate{0x0018, 0x0040};
constexpr Tag kDisplayRate{0x0008, 0x2144};
constexpr Tag kFrameDuration{0x0018, 0x1242};

// Frames of a fluoroscopy or angiography run follow each other within these bounds; a value outside
// is in another unit or a slip.
constexpr double kShortestStep_ms = 10.0;
constexpr double kLongestStep_ms = 5000.0;
constexpr double kClash = 0.05;  // relative difference that is worth a warning

std::string shown(double value) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, "%g", value);
    return buffer;
}

// Times from one attribute; empty when it is absent or not usable.
struct Candidate {
    std::vector<double> time_s;
    std::string source;
    bool acquisition{true};

    [[nodiscard]] bool usable() const { return !time_s.empty(); }
    [[nodiscard]] double mean_step_ms() const {
        return time_s.size() < 2 ? 0.0
                                 : 1000.0 * time_s.back() / static_cast<double>(time_s.size() - 1);
    }
};

std::vector<double> evenly(int frames, double step_ms) {
    std::vector<double> time_s(static_cast<std::size_t>(frames));
    for (int i = 0; i < frames; ++i) {
        time_s[static_cast<std::size_t>(i)] = 0.001 * step_ms * i;
    }
    return time_s;
}

Candidate from_step(DcmItem& data, Tag tag, const char* name, RunInfo& info) {
    Candidate candidate;
    candidate.source = std::string(name) + " " + to_string(tag);
    if (texts(data, tag).empty()) {
        return candidate;
    }
    const auto step_ms = number(data, tag);
    if (!step_ms || *step_ms <= 0.0) {
        info.warnings.push_back(candidate.source + " is '" + text(data, tag) +
                                "', which is no time: not used");
        return candidate;
    }
    if (*step_ms < kShortestStep_ms) {
        info.warnings.push_back(candidate.source + " is " + shown(*step_ms) +
                                " ms, too short to be true (in seconds?): not used");
        return candidate;
    }
    if (*step_ms > kLongestStep_ms) {
        info.warnings.push_back(candidate.source + " is " + shown(*step_ms) +
                                " ms, longer than usual");
    }
    candidate.time_s = evenly(info.frames, *step_ms);
    return candidate;
}

// Entry 1 is the wait before the first frame (0 by the standard, 20 or 40 in real files), so only
// entries 2 and on are steps between frames.
Candidate from_vector(DcmItem& data, RunInfo& info) {
    Candidate candidate;
    candidate.source = "Frame Time Vector " + to_string(kFrameTimeVector);
    const auto steps_ms = numbers(data, kFrameTimeVector);
    if (steps_ms.empty()) {
        return candidate;
    }
    const auto frames = static_cast<std::size_t>(info.frames);
    if (steps_ms.size() < 2 || std::any_of(steps_ms.begin() + 1, steps_ms.end(), [](double step) {
            return !(step >= 0.0);
        })) {  // NaN too
        info.warnings.push_back(candidate.source +
                                " holds a value that is no time between frames: not used");
        return candidate;
    }
    std::vector<double> time_s{0.0};
    for (std::size_t i = 1; i < frames; ++i) {
        time_s.push_back(time_s.back() + 0.001 * steps_ms[std::min(i, steps_ms.size() - 1)]);
    }
    if (1000.0 * time_s.back() < kShortestStep_ms * static_cast<double>(frames - 1)) {
        info.warnings.push_back(candidate.source +
                                " has steps too short to be true (in seconds?): not used");
        return candidate;
    }
    if (steps_ms.size() != frames) {
        info.warnings.push_back(
            candidate.source + " has " + std::to_string(steps_ms.size()) + " values for " +
            std::to_string(frames) + " frames: " +
            (steps_ms.size() < frames ? "the last step is repeated" : "the rest is ignored"));
    }
    const auto used_end =
        steps_ms.begin() + static_cast<std::ptrdiff_t>(std::min(frames, steps_ms.size()));
    if (std::find(steps_ms.begin() + 1, used_end, 0.0) != used_end) {
        info.warnings.push_back(candidate.source + " gives some frames the same time");
    }
    candidate.time_s = std::move(time_s);
    return candidate;
}

// Enhanced objects: Frame Content Sequence (0020,9111), PS3.3 C.7.6.16.2.2.
Candidate from_date_times(DcmItem& data, Tag tag, const char* name, RunInfo& info) {
    Candidate candidate;
    candidate.source = std::string(name) + " " + to_string(tag);
    const auto groups = items(data, kPerFrameGroups);
    if (groups.size() < static_cast<std::size_t>(info.frames)) {
        return candidate;  // read_timing says so
    }
    int missing = 0;
    std::vector<double> clock_s;
    for (std::size_t frame = 0; frame < static_cast<std::size_t>(info.frames); ++frame) {
        DcmItem* content = item(*groups[frame], {0x0020, 0x9111});
        const auto at_s = content == nullptr ? std::nullopt : parse_date_time(text(*content, tag));
        missing += at_s ? 0 : 1;
        clock_s.push_back(at_s.value_or(0.0));
    }
    if (missing == info.frames) {
        return candidate;
    }
    if (missing > 0) {
        info.warnings.push_back(candidate.source + " is missing in " + std::to_string(missing) +
                                " of " + std::to_string(info.frames) + " frames: not used");
        return candidate;
    }
    if (std::adjacent_find(clock_s.begin(), clock_s.end(), std::greater_equal<>()) !=
        clock_s.end()) {
        const bool whole = std::all_of(clock_s.begin(), clock_s.end(),
                                       [](double at_s) { return at_s == std::floor(at_s); });
        info.warnings.push_back(candidate.source +
                                (whole && std::is_sorted(clock_s.begin(), clock_s.end())
                                     ? " counts whole seconds and gives frames the same time"
                                     : " does not rise from frame to frame") +
                                ": not used");
        return candidate;
    }
    for (const double at_s : clock_s) {
        candidate.time_s.push_back(at_s - clock_s.front());
    }
    return candidate;
}

Candidate from_rate(DcmItem& data, Tag tag, const char* name, RunInfo& info) {
    Candidate candidate;
    candidate.source = std::string(name) + " " + to_string(tag);
    candidate.acquisition = false;
    const auto rate_hz = number(data, tag);
    if (!rate_hz) {
        return candidate;
    }
    if (*rate_hz <= 0.0 || 1000.0 / *rate_hz < kShortestStep_ms) {
        info.warnings.push_back(candidate.source + " is " + shown(*rate_hz) +
                                " per second, which cannot be: not used");
        return candidate;
    }
    candidate.time_s = evenly(info.frames, 1000.0 / *rate_hz);
    return candidate;
}

bool points_to(DcmItem& data, Tag tag) {
    const auto all = pointers(data, kFrameIncrementPointer);
    return std::find(all.begin(), all.end(), tag) != all.end();
}

void warn_of_clash(const Candidate& chosen, const Candidate& other, RunInfo& info) {
    if (!other.usable() || other.source == chosen.source) {
        return;
    }
    const double step_ms = chosen.mean_step_ms();
    const double other_ms = other.mean_step_ms();
    const bool differs = std::abs(step_ms - other_ms) > kClash * step_ms;
    // Rates are whole numbers: 150 ms is written as 6 or 7 per second.
    const bool rounding =
        !other.acquisition && std::abs(1000.0 / step_ms - 1000.0 / other_ms) < 1.0;
    if (differs && !rounding) {
        info.warnings.push_back("frame times disagree: " + chosen.source + " says " +
                                shown(step_ms) + " ms, " + other.source + " says " +
                                shown(other_ms) + " ms; the first is used");
    }
}

// Effective Duration (0018,0072) spans the run whatever the step says; a programme that changes its
// rate in mid-run shows here.
void warn_of_duration(DcmItem& data, const Candidate& chosen, RunInfo& info) {
    const auto duration_s = number(data, {0x0018, 0x0072});
    const double span_s = chosen.time_s.back() + 0.001 * chosen.mean_step_ms();
    if (duration_s && *duration_s > 0.0 && info.frames > 3 &&
        std::abs(span_s - *duration_s) > 0.2 * *duration_s) {
        info.warnings.push_back("frames span " + shown(span_s) + " s by " + chosen.source +
                                " but Effective Duration (0018,0072) is " + shown(*duration_s) +
                                " s");
    }
}

struct Candidates {
    Candidate vector, step, acquired, referenced, cine, display, display_float, duration;

    Candidates(DcmItem& data, RunInfo& info)
        : vector(from_vector(data, info)),
          step(from_step(data, kFrameTime, "Frame Time", info)),
          acquired(from_date_times(data, {0x0018, 0x9074}, "Frame Acquisition DateTime", info)),
          referenced(from_date_times(data, {0x0018, 0x9151}, "Frame Reference DateTime", info)),
          cine(from_rate(data, kCineRate, "Cine Rate", info)),
          display(from_rate(data, kDisplayRate, "Recommended Display Frame Rate", info)),
          duration(from_step(data, kFrameDuration, "Actual Frame Duration", info)) {
        if (DcmItem* shown_frames = item(data, {0x0008, 0x9458})) {
            display_float = from_rate(*shown_frames, {0x0008, 0x9459},
                                      "Recommended Display Frame Rate in Float", info);
        }
    }

    // The standard's order; the pointer decides between vector and step.
    [[nodiscard]] const Candidate* best(DcmItem& data) const {
        if (points_to(data, kFrameTimeVector) && vector.usable()) {
            return &vector;
        }
        if (points_to(data, kFrameTime) && step.usable()) {
            return &step;
        }
        for (const Candidate* next :
             {&acquired, &referenced, &vector, &step, &cine, &display_float, &display, &duration}) {
            if (next->usable()) {
                return next;
            }
        }
        return nullptr;
    }
};

void warn_of_pointer(DcmItem& data, const Candidate& chosen, const Candidates& all, RunInfo& info) {
    if (&chosen == &all.acquired || &chosen == &all.referenced) {
        return;
    }
    const bool followed = (&chosen == &all.vector && points_to(data, kFrameTimeVector)) ||
                          (&chosen == &all.step && points_to(data, kFrameTime));
    if (followed) {
        return;
    }
    const std::string pointer = "Frame Increment Pointer " + to_string(kFrameIncrementPointer);
    const std::string state = text(data, kFrameIncrementPointer);
    info.warnings.push_back(
        pointer + (state.empty() ? " absent: " : " names " + state + ", which gives no times: ") +
        chosen.source + " used");
    if (!chosen.acquisition) {
        info.warnings.push_back("frame times from " + chosen.source +
                                ", a display rate: not the times of acquisition");
    }
}

// For runs of many objects; never a warning, since one frame needs no step.
void read_nominal_step(DcmItem& data, RunInfo& info) {
    RunInfo two;
    two.frames = 2;
    for (const Candidate& candidate :
         {from_step(data, kFrameTime, "Frame Time", two),
          from_rate(data, kCineRate, "Cine Rate", two),
          from_rate(data, kDisplayRate, "Recommended Display Frame Rate", two)}) {
        if (candidate.usable()) {
            info.nominal_step_s = candidate.time_s.back();
            info.nominal_step_source = candidate.source;
            return;
        }
    }
}

}  // namespace

void read_timing(DcmItem& data, RunInfo& info) {
    if (info.frames <= 1) {
        info.frame_time_s.assign(static_cast<std::size_t>(std::max(info.frames, 0)), 0.0);
        info.timing_source = "single frame";
        info.timing_is_acquisition = true;
        read_nominal_step(data, info);
        return;
    }
    if (const auto groups = items(data, kPerFrameGroups).size();
        groups > 0 && groups != static_cast<std::size_t>(info.frames)) {
        info.warnings.push_back("Per-Frame Functional Groups (5200,9230) are " +
                                std::to_string(groups) + " for " + std::to_string(info.frames) +
                                " frames: times in them are used only where every frame has one");
    }
    const Candidates all(data, info);
    const Candidate* chosen = all.best(data);
    if (chosen == nullptr) {
        info.timing_source = "unknown";
        info.warnings.emplace_back(
            "no usable frame time (0018,1063), (0018,1065) or rate (0018,0040): "
            "timing unknown, frames are counted only");
        return;
    }
    warn_of_pointer(data, *chosen, all, info);
    for (const Candidate* other :
         {&all.vector, &all.step, &all.acquired, &all.cine, &all.duration}) {
        warn_of_clash(*chosen, *other, info);
    }
    warn_of_duration(data, *chosen, info);
    info.frame_time_s = chosen->time_s;
    info.timing_source = chosen->source;
    info.timing_is_acquisition = chosen->acquisition;
}

}  // namespace dsm::dicom
