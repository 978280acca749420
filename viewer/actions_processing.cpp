// Masks, registration, pixel shift, mode.
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> set_masks(Workspace& workspace, std::optional<std::vector<FrameIndex>> frames) {
    auto done = record(workspace, SetMaskFrames{workspace.run()->key(), std::move(frames)});
    process_if_changed(workspace);
    return done;
}

Result<void> mask_here(Workspace& workspace, const Words&) {
    return set_masks(workspace, std::vector{workspace.run_view().frame});
}

// Adds a frame, the one shown where none is named, to the masks, or takes it from them.
Result<void> mask_also(Workspace& workspace, const Words& words) {
    auto masks = masks_in_force(workspace);
    FrameIndex frame = workspace.run_view().frame;
    if (words.count() > 0) {
        const auto number = words.whole(0, "the frame number");
        if (!number) {
            return tl::unexpected(number.error());
        }
        if (*number < 1 || *number > workspace.run()->info().frames) {
            return words.wrong(
                fmt::format("the run has frames 1 to {}", workspace.run()->info().frames));
        }
        frame = *number - 1;
    }
    const auto at = std::lower_bound(masks.begin(), masks.end(), frame);
    if (at != masks.end() && *at == frame) {
        if (masks.size() == 1) {
            return words.wrong("this is the only mask frame; choose another first");
        }
        masks.erase(at);
    } else {
        masks.insert(at, frame);
    }
    return set_masks(workspace, std::move(masks));
}

Result<void> mask_frames(Workspace& workspace, const Words& words) {
    if (words.count() == 1 && *words.text(0, "") == "auto") {
        return set_masks(workspace, std::nullopt);
    }
    const int frames = workspace.run()->info().frames;
    std::vector<FrameIndex> masks;
    for (std::size_t at = 0; at < std::max<std::size_t>(words.count(), 1); ++at) {
        const auto number = words.whole(at, "a frame number, or auto,");
        if (!number) {
            return tl::unexpected(number.error());
        }
        if (*number < 1 || *number > frames) {
            return words.wrong(fmt::format("the run has frames 1 to {}", frames));
        }
        masks.push_back(*number - 1);
    }
    std::sort(masks.begin(), masks.end());
    masks.erase(std::unique(masks.begin(), masks.end()), masks.end());
    return set_masks(workspace, std::move(masks));
}

Result<void> set_shift(Workspace& workspace, std::optional<Point> shift) {
    auto done = record(workspace, SetManualShift{workspace.run()->key(), shift}, "shift");
    process_if_changed(workspace);
    return done;
}

Result<void> shift_by(Workspace& workspace, Point by) {
    const auto now = workspace.run_review().manual_shift_px.value_or(Point{}) + by;
    // Tenths add up without leaving dust behind.
    const Point tidy{std::round(now.x * 10.0) / 10.0, std::round(now.y * 10.0) / 10.0};
    return set_shift(workspace, tidy);
}

Result<void> shift(Workspace& workspace, const Words& words) {
    const auto by = words.numbers(0, "the shift");
    if (!by || by->size() != 2) {
        return by ? words.wrong("needs DX and DY in pixels")
                  : Result<void>(tl::unexpected(by.error()));
    }
    return shift_by(workspace, {(*by)[0], (*by)[1]});
}

// The key moves the mask's picture that way; the displacement points from frame to mask, so its
// sign is the other one.
Action nudge_row(const char* name, const char* label, const char* key, Point picture_by) {
    return {name,
            label,
            key,
            "",
            Menu::none,
            has_run,
            [picture_by](Workspace& w, const Words&) { return shift_by(w, -1.0 * picture_by); },
            {}};
}

Result<void> set_registration(Workspace& workspace, const Words& words) {
    constexpr const char* kMethods[] = {"none", "shift", "affine", "mesh"};
    const auto method = words.choice(0, kMethods, "the method");
    if (!method) {
        return tl::unexpected(method.error());
    }
    workspace.run_view().registration = static_cast<RegistrationMethod>(*method);
    process_if_changed(workspace);
    return {};
}

Result<void> set_mode(Workspace& workspace, const Words& words) {
    constexpr const char* kModes[] = {"live", "review"};
    const auto mode = words.choice(0, kModes, "the mode");
    if (!mode) {
        return tl::unexpected(mode.error());
    }
    workspace.run_view().mode = static_cast<Mode>(*mode);
    process_if_changed(workspace);
    return {};
}

}  // namespace

void add_processing_actions(ActionTable& table) {
    table.add(
        {"mask-here", "This frame is the mask", "M", "", Menu::processing, has_run, mask_here, {}});
    table.add({"mask-also",
               "Add to the masks, or take from them",
               "Shift+M",
               "[NUMBER]",
               Menu::processing,
               has_run,
               mask_also,
               {}});
    table.add(
        {"mask-auto", "Choose masks automatically", "Ctrl+M", "", Menu::processing, has_run,
         [](Workspace& w, const Words&) { return set_masks(w, std::nullopt); },
         [](const Workspace& w) { return w.run() != nullptr && !w.run_review().mask_frames; }});
    table.add({"masks",
               "Choose the mask frames",
               "",
               "auto | NUMBER...",
               Menu::none,
               has_run,
               mask_frames,
               {}});
    table.add(
        {"shift", "Shift the mask, frame to mask", "", "DX DY", Menu::none, has_run, shift, {}});
    table.add(nudge_row("nudge-left", "Mask 0.1 px left", "Alt+Left", {-0.1, 0.0}));
    table.add(nudge_row("nudge-right", "Mask 0.1 px right", "Alt+Right", {0.1, 0.0}));
    table.add(nudge_row("nudge-up", "Mask 0.1 px up", "Alt+Up", {0.0, -0.1}));
    table.add(nudge_row("nudge-down", "Mask 0.1 px down", "Alt+Down", {0.0, 0.1}));
    table.add(nudge_row("nudge-left-1", "Mask 1 px left", "Alt+Shift+Left", {-1.0, 0.0}));
    table.add(nudge_row("nudge-right-1", "Mask 1 px right", "Alt+Shift+Right", {1.0, 0.0}));
    table.add(nudge_row("nudge-up-1", "Mask 1 px up", "Alt+Shift+Up", {0.0, -1.0}));
    table.add(nudge_row("nudge-down-1", "Mask 1 px down", "Alt+Shift+Down", {0.0, 1.0}));
    table.add({"shift-reset",
               "Take the manual shift back",
               "Keypad5 Alt+0",
               "",
               Menu::processing,
               has_run,
               [](Workspace& w, const Words&) { return set_shift(w, std::nullopt); },
               {}});
    table.add({"registration",
               "Registration method",
               "",
               "none|shift|affine|mesh",
               Menu::none,
               has_run,
               set_registration,
               {}});
    table.add({"mode", "Processing mode", "", "live|review", Menu::none, has_run, set_mode, {}});
}

}  // namespace dsm::viewer
