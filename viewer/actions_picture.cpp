// Window, inversion, zoom and pan.
#include <algorithm>
#include <utility>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/window_level.h"
#include "viewer/windows_in_use.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> set_window(Workspace& workspace, const Words& words) {
    const auto center = words.number(0, "the centre");
    const auto width = words.number(1, "the width");
    if (!center || !width) {
        return tl::unexpected(!center ? center.error() : width.error());
    }
    if (*width <= 0.0) {
        return words.wrong("the width must be above 0");
    }
    auto kind = main_picture(workspace.view, workspace.run_view());
    if (words.count() > 2) {
        const auto named = words.choice(2, kPictureWords, "the view");
        if (!named) {
            return tl::unexpected(named.error());
        }
        kind = static_cast<PictureKind>(*named);
    }
    window_slot(workspace.run_view(), kind) = kept_sane({*center, *width});
    return {};
}

Result<void> set_automatic_window(Workspace& workspace, const Words&) {
    auto& view = workspace.run_view();
    for (const auto kind : pictures_shown(workspace.view, view)) {
        window_slot(view, kind) = automatic_window(*workspace.run(), view, kind);
    }
    return {};
}

// Presets of the subtracted picture: the highest opacity shown.
Result<void> preset(Workspace& workspace, const Words& words) {
    constexpr double kHighest[] = {0.05, 0.1, 0.2, 0.4, 0.8};
    const auto number = words.whole(0, "the number of the preset");
    if (!number) {
        return tl::unexpected(number.error());
    }
    if (*number < 1 || *number > static_cast<int>(std::size(kHighest))) {
        return words.wrong("there are presets 1 to 5");
    }
    workspace.run_view().opacity_window =
        window_for_opacity(kHighest[static_cast<std::size_t>(*number - 1)]);
    return {};
}

Action preset_row(int number, const char* key, const char* label) {
    return {std::string("window-preset-") + key,
            label,
            key,
            "",
            Menu::picture,
            has_run,
            [number](Workspace& w, const Words&) {
                return preset(w, Words({"window-preset", {std::to_string(number)}}));
            },
            {}};
}

Result<void> invert(Workspace& workspace, const Words&) {
    auto& view = workspace.run_view();
    const auto kind = main_picture(workspace.view, view);
    auto& inverted = kind == PictureKind::original || kind == PictureKind::mask
                         ? view.native_inverted
                         : view.opacity_inverted;
    inverted = !inverted;
    return {};
}

Result<void> zoom_by(Workspace& workspace, double factor) {
    auto& zoom = workspace.run_view().magnification.zoom;
    zoom = std::clamp(zoom * factor, kSmallestZoom, kLargestZoom);
    return {};
}

Result<void> set_zoom(Workspace& workspace, const Words& words) {
    const auto zoom = words.number(0, "the zoom");
    if (!zoom) {
        return tl::unexpected(zoom.error());
    }
    workspace.run_view().magnification.zoom = std::clamp(*zoom, kSmallestZoom, kLargestZoom);
    return {};
}

// What a drag or the wheel ends in: zoom, and where the middle is in parts of the picture's size.
Result<void> set_magnification(Workspace& workspace, const Words& words) {
    const auto numbers = words.numbers(0, "the magnification");
    if (!numbers || numbers->size() != 3) {
        return numbers ? words.wrong("needs a zoom and two offsets")
                       : Result<void>(tl::unexpected(numbers.error()));
    }
    auto& magnification = workspace.run_view().magnification;
    magnification.zoom = std::clamp((*numbers)[0], kSmallestZoom, kLargestZoom);
    magnification.offset = {std::clamp((*numbers)[1], -0.5, 0.5),
                            std::clamp((*numbers)[2], -0.5, 0.5)};
    return {};
}

Result<void> centre_on(Workspace& workspace, const Words& words) {
    const auto at = words.numbers(0, "the position");
    if (!at || at->size() != 2) {
        return at ? words.wrong("needs X and Y in pixels")
                  : Result<void>(tl::unexpected(at.error()));
    }
    auto& magnification = workspace.run_view().magnification;
    magnification = centred_on(magnification, workspace.run()->info().extent, {(*at)[0], (*at)[1]});
    return {};
}

Result<void> fit(Workspace& workspace, const Words&) {
    auto& magnification = workspace.run_view().magnification;
    magnification.zoom = 1.0;
    magnification.offset = {};
    return {};
}

// In the menu alone, without a key: a slip of the finger must not swap the sides.
Action orientation_row(const char* name, const char* label, Orientation (*change)(Orientation)) {
    return {name,
            label,
            "",
            "",
            Menu::picture,
            has_run,
            [change](Workspace& w, const Words&) -> Result<void> {
                auto& orientation = w.run_view().magnification.orientation;
                orientation = change(orientation);
                return {};
            },
            {}};
}

Result<void> set_anatomy(Workspace& workspace, const Words& words) {
    auto& view = workspace.view;
    if (words.count() == 0) {
        view.anatomy_part = view.anatomy_part > 0.0 ? 0.0 : view.last_anatomy_part;
        return {};
    }
    const auto percent = words.number(0, "the part of the anatomy");
    if (!percent) {
        return tl::unexpected(percent.error());
    }
    if (*percent < 0.0 || *percent > 100.0) {
        return words.wrong("the part of the anatomy must be 0 to 100 %");
    }
    view.anatomy_part = *percent / 100.0;
    if (view.anatomy_part > 0.0) {
        view.last_anatomy_part = view.anatomy_part;
    }
    return {};
}

Result<void> reset_view(Workspace& workspace, const Words& words) {
    auto& view = workspace.run_view();
    view.native_inverted = false;
    view.opacity_inverted = false;
    view.native_window.reset();
    view.opacity_window.reset();
    view.peak_window.reset();
    view.variance_window.reset();
    view.arrival_window.reset();
    view.magnification.orientation = {};
    return fit(workspace, words);
}

Result<void> pin_probe(Workspace& workspace, const Words& words) {
    if (words.count() == 0) {
        workspace.view.probe_pinned = false;
        return {};
    }
    const auto at = words.numbers(0, "the position");
    if (!at || at->size() != 2) {
        return at ? words.wrong("needs X and Y in pixels, or nothing to follow the pointer")
                  : Result<void>(tl::unexpected(at.error()));
    }
    workspace.view.probe_px = Point{(*at)[0], (*at)[1]};
    workspace.view.probe_pinned = true;
    return {};
}

}  // namespace

void add_picture_actions(ActionTable& table) {
    table.add({"window-level",
               "Set the window",
               "",
               "CENTRE WIDTH [VIEW]",
               Menu::none,
               has_run,
               set_window,
               {}});
    table.add({"window-auto",
               "Automatic window",
               "0",
               "",
               Menu::picture,
               has_run,
               set_automatic_window,
               {}});
    table.add({"window-preset", "Window preset", "", "NUMBER", Menu::none, has_run, preset, {}});
    table.add(preset_row(1, "1", "Opacity up to 0.05"));
    table.add(preset_row(2, "2", "Opacity up to 0.1"));
    table.add(preset_row(3, "3", "Opacity up to 0.2"));
    table.add(preset_row(4, "4", "Opacity up to 0.4"));
    table.add(preset_row(5, "5", "Opacity up to 0.8"));
    table.add({"invert", "Invert", "I", "", Menu::picture, has_run, invert, {}});
    table.add({"fit", "Fit to the view", "F Shift+0", "", Menu::picture, has_run, fit, {}});
    table.add({"zoom-in",
               "Zoom in",
               "+ =",
               "",
               Menu::picture,
               has_run,
               [](Workspace& w, const Words&) { return zoom_by(w, 1.25); },
               {}});
    table.add({"zoom-out",
               "Zoom out",
               "-",
               "",
               Menu::picture,
               has_run,
               [](Workspace& w, const Words&) { return zoom_by(w, 0.8); },
               {}});
    table.add({"zoom",
               "Set the zoom over the fitted size",
               "",
               "TIMES",
               Menu::none,
               has_run,
               set_zoom,
               {}});
    table.add({"magnify",
               "Set zoom and position",
               "",
               "TIMES DX DY",
               Menu::none,
               has_run,
               set_magnification,
               {}});
    table.add(
        {"centre", "Put a pixel in the middle", "", "X Y", Menu::none, has_run, centre_on, {}});
    table.add({"reset-view", "Reset the view", "R", "", Menu::picture, has_run, reset_view, {}});
    table.add(orientation_row("flip-horizontal", "Flip left for right",
                              [](Orientation o) { return o.mirrored_across(); }));
    table.add(orientation_row("flip-vertical", "Flip top for bottom",
                              [](Orientation o) { return o.mirrored_upright(); }));
    table.add(orientation_row("rotate-right", "Turn right by 90\xc2\xb0",
                              [](Orientation o) { return o.turned(1); }));
    table.add(orientation_row("rotate-left", "Turn left by 90\xc2\xb0",
                              [](Orientation o) { return o.turned(-1); }));
    table.add({"anatomy", "Anatomy under the subtraction", "G", "[PERCENT]", Menu::picture, has_run,
               set_anatomy, [](const Workspace& w) { return w.view.anatomy_part > 0.0; }});
    table.add(flag("magnifier", "Magnifier", "Z", Menu::picture, &ViewState::magnifier_shown));
    table.add(
        {"curve-at", "Keep the curve at a pixel", "", "[X Y]", Menu::none, has_run, pin_probe, {}});
}

}  // namespace dsm::viewer
