#include "viewer/windows_in_use.h"

#include "dsp/opacification/arrival_picture.h"
#include "dsp/subtraction/temporal_variance.h"
#include "viewer/window_level.h"

namespace dsm::viewer {

namespace {

std::optional<DisplayWindow> peak_window(const RunSession& run) {
    const auto findings = run.findings();
    if (findings == nullptr || findings->result == nullptr ||
        findings->result->peak_opacity.empty()) {
        return std::nullopt;
    }
    const auto range =
        robust_range(findings->result->peak_opacity.view(), run.info().shutter, 0.02, 0.98);
    return range ? std::optional(window_between(0.0, std::max(range->high, 0.02))) : std::nullopt;
}

// In units of opacity; nothing varies at 0.
std::optional<DisplayWindow> variance_window(const RunSession& run) {
    const auto findings = run.findings();
    if (findings == nullptr || findings->result == nullptr ||
        findings->result->temporal_variance.empty()) {
        return std::nullopt;
    }
    const auto range =
        robust_range(deviation_for_display(findings->result->temporal_variance.view()).view(),
                     run.info().shutter, 0.02, 0.97);
    return range ? std::optional(window_between(0.0, std::max(range->high, 0.02))) : std::nullopt;
}

// From the first contrast to the last of what arrived, in seconds (frames where times are unknown).
std::optional<DisplayWindow> arrival_window(const RunSession& run) {
    const auto findings = run.findings();
    if (findings == nullptr || findings->result == nullptr ||
        findings->result->arrival_frame.empty()) {
        return std::nullopt;
    }
    const auto range = robust_range(
        arrival_for_display(findings->result->arrival_frame.view(), run.info().frame_time_s).view(),
        run.info().shutter, 0.01, 0.99);
    return range
               ? std::optional(window_between(range->low, std::max(range->high, range->low + 1.0)))
               : std::nullopt;
}

// A frame in the second half of the run, where contrast has come.
FrameIndex telling_frame(const RunSession& run) {
    const auto findings = run.findings();
    const int frames = run.info().frames;
    const FrameIndex late = frames * 3 / 4;
    return findings != nullptr && run.job_with(late) != nullptr ? late : -1;
}

}  // namespace

std::optional<DisplayWindow>& window_slot(RunView& view, PictureKind kind) {
    switch (kind) {
        case PictureKind::subtracted:
            return view.opacity_window;
        case PictureKind::peak:
            return view.peak_window;
        case PictureKind::variance:
            return view.variance_window;
        case PictureKind::arrival:
            return view.arrival_window;
        case PictureKind::original:
        case PictureKind::mask:
            break;
    }
    return view.native_window;
}

std::optional<DisplayWindow> window_slot(const RunView& view, PictureKind kind) {
    RunView copy = view;
    return window_slot(copy, kind);
}

std::optional<DisplayWindow> automatic_window(const RunSession& run, const RunView& view,
                                              PictureKind kind) {
    switch (kind) {
        case PictureKind::subtracted:
            return run.automatic_opacity_window(view.frame);
        case PictureKind::peak:
            return peak_window(run);
        case PictureKind::variance:
            return variance_window(run);
        case PictureKind::arrival:
            return arrival_window(run);
        case PictureKind::original:
        case PictureKind::mask:
            break;
    }
    return run.automatic_native_window();
}

void fill_windows(const RunSession& run, RunView& view) {
    if (!view.native_window) {
        view.native_window = run.native_window();
    }
    if (!view.opacity_window && telling_frame(run) >= 0) {
        view.opacity_window = run.automatic_opacity_window(telling_frame(run));
    }
    if (!view.peak_window) {
        view.peak_window = peak_window(run);
    }
    if (!view.arrival_window) {
        view.arrival_window = arrival_window(run);
    }
    if (!view.variance_window) {
        view.variance_window = variance_window(run);
    }
}

}  // namespace dsm::viewer
