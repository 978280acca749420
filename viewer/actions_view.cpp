// Which pictures are shown, and what lies over them.
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> set_view(Workspace& workspace, const Words& words) {
    const auto kind = words.choice(0, kPictureWords, "the view");
    if (!kind) {
        return tl::unexpected(kind.error());
    }
    workspace.run_view().picture = static_cast<PictureKind>(*kind);
    workspace.view.layout = Layout::single;
    return {};
}

// The next open run goes beside the one in front, and is processed too.
Result<void> show_two_runs(Workspace& workspace) {
    const auto count = workspace.study.runs.size();
    if (count < 2) {
        return fail(ErrorKind::invalid_input, "run | run", "one run is open", "open another one");
    }
    const auto other = workspace.view.other_run;
    const bool is_another = other < count && other != workspace.study.current;
    return show_beside(workspace, is_another ? other : (workspace.study.current + 1) % count);
}

Result<void> show_layout(Workspace& workspace, Layout layout) {
    if (layout == Layout::two_runs) {
        return show_two_runs(workspace);
    }
    workspace.view.layout = layout;
    if (layout != Layout::single && !is_of_the_run(workspace.run_view().picture)) {
        workspace.run_view().picture = PictureKind::subtracted;
    }
    return {};
}

// The run beside the one in front, by its number.
Result<void> choose_other_run(Workspace& workspace, const Words& words) {
    const auto number = words.whole(0, "the number of the run");
    if (!number) {
        return tl::unexpected(number.error());
    }
    const auto runs = static_cast<int>(workspace.study.runs.size());
    const auto front = static_cast<int>(workspace.study.current) + 1;
    if (*number < 1 || *number > runs || *number == front) {
        return words.wrong(fmt::format("must be one of the {} runs, and not that in front", runs));
    }
    workspace.view.other_run = static_cast<std::size_t>(*number - 1);
    return show_two_runs(workspace);
}

Result<void> set_layout(Workspace& workspace, const Words& words) {
    const auto layout = words.choice(0, kLayoutWords, "the layout");
    if (!layout) {
        return tl::unexpected(layout.error());
    }
    return show_layout(workspace, static_cast<Layout>(*layout));
}

void show_picture(Workspace& workspace, PictureKind kind) {
    workspace.run_view().picture = kind;
}

// Original, mask, subtracted, peak, arrival, mask-free, and round again.
Result<void> next_view(Workspace& workspace, const Words&) {
    auto& picture = workspace.run_view().picture;
    workspace.view.layout = Layout::single;
    picture = picture == PictureKind::original     ? PictureKind::mask
              : picture == PictureKind::mask       ? PictureKind::subtracted
              : picture == PictureKind::subtracted ? PictureKind::peak
              : picture == PictureKind::peak       ? PictureKind::arrival
              : picture == PictureKind::arrival    ? PictureKind::variance
                                                   : PictureKind::original;
    return {};
}

Result<void> toggle_subtraction(Workspace& workspace, const Words&) {
    const bool subtracted = workspace.view.layout == Layout::single &&
                            workspace.run_view().picture == PictureKind::subtracted;
    show_picture(workspace, subtracted ? PictureKind::original : PictureKind::subtracted);
    workspace.view.layout = Layout::single;
    return {};
}

// A picture of the whole run in place of the subtracted frame, and back.
Action run_picture_row(const char* name, const char* label, const char* keys, PictureKind kind) {
    return {
        name,
        label,
        keys,
        "",
        Menu::view,
        has_run,
        [kind](Workspace& w, const Words&) -> Result<void> {
            const bool shown = w.run_view().picture == kind;
            show_picture(w, shown ? PictureKind::subtracted : kind);
            return {};
        },
        [kind](const Workspace& w) { return w.run() != nullptr && w.run_view().picture == kind; }};
}

Result<void> set_overlay(Workspace& workspace, const Words& words) {
    if (words.count() > 0) {
        const auto overlay = words.choice(0, kOverlayWords, "the overlay");
        if (!overlay) {
            return tl::unexpected(overlay.error());
        }
        workspace.view.overlay = static_cast<Overlay>(*overlay);
        return {};
    }
    auto& overlay = workspace.view.overlay;
    overlay = overlay == Overlay::none   ? Overlay::some
              : overlay == Overlay::some ? Overlay::all
                                         : Overlay::none;
    return {};
}

Result<void> set_tab(Workspace& workspace, const Words& words) {
    const auto tab = words.choice(0, kTabWords, "the panel");
    if (!tab) {
        return tl::unexpected(tab.error());
    }
    workspace.view.tab = static_cast<SideTab>(*tab);
    workspace.view.tab_was_asked_for = true;
    workspace.view.side_panel_shown = true;
    return {};
}

// The pointer rests on a pixel: its values and curve are shown.
Result<void> hover(Workspace& workspace, const Words& words) {
    const auto x = words.number(0, "X");
    const auto y = words.number(1, "Y");
    if (!x || !y) {
        return tl::unexpected(!x ? x.error() : y.error());
    }
    if (!workspace.view.probe_pinned) {
        workspace.view.probe_px = Point{*x, *y};
    }
    return {};
}

Action held(Action action) {
    action.held = true;
    return action;
}

// A menu entry for one word of `layout` or `view`.
Action layout_row(const char* name, const char* label, const char* keys, Layout layout) {
    return {name,
            label,
            keys,
            "",
            Menu::view,
            has_run,
            [layout](Workspace& w, const Words&) { return show_layout(w, layout); },
            [layout](const Workspace& w) { return w.view.layout == layout; }};
}

Action view_row(const char* name, const char* label, PictureKind kind) {
    return {name,
            label,
            "",
            "",
            Menu::view,
            has_run,
            [kind](Workspace& w, const Words&) -> Result<void> {
                w.run_view().picture = kind;
                w.view.layout = Layout::single;
                return {};
            },
            [kind](const Workspace& w) {
                return w.run() != nullptr && w.view.layout == Layout::single &&
                       w.run_view().picture == kind;
            }};
}

}  // namespace

void add_view_actions(ActionTable& table) {
    table.add({"hover", "Point at a pixel", "", "X Y", Menu::none, has_run, hover, {}});
    table.add({"view",
               "Show a view",
               "",
               "original|mask|subtracted|peak|variance|arrival",
               Menu::none,
               has_run,
               set_view,
               {}});
    table.add({"layout",
               "Choose the layout",
               "",
               "single|side-by-side|mask-subtracted|run-run|quad",
               Menu::none,
               has_run,
               set_layout,
               {}});
    table.add(view_row("view-original", "Original", PictureKind::original));
    table.add(view_row("view-mask", "Mask", PictureKind::mask));
    table.add(view_row("view-subtracted", "Subtracted", PictureKind::subtracted));
    table.add(layout_row("layout-side-by-side", "Original | subtracted", "F2",
                         Layout::original_subtracted));
    table.add(
        layout_row("layout-mask-subtracted", "Mask | subtracted", "F3", Layout::mask_subtracted));
    table.add(layout_row("layout-run-run", "Run | run, linked", "F4", Layout::two_runs));
    table.add(layout_row("layout-quad", "Four pictures", "F5", Layout::quad));
    table.add({"beside",
               "The run beside the one in front",
               "",
               "NUMBER",
               Menu::none,
               has_run,
               choose_other_run,
               {}});
    table.add(flag("full-screen", "Full screen", "F11", Menu::view, &ViewState::full_screen));
    table.add({"toggle-subtraction",
               "Subtraction on or off",
               "S",
               "",
               Menu::view,
               has_run,
               toggle_subtraction,
               {}});
    table.add(run_picture_row("peak-map", "Peak opacity map", "P", PictureKind::peak));
    table.add(run_picture_row("arrival-map", "Arrival map", "Q", PictureKind::arrival));
    table.add(run_picture_row("mask-free", "Mask-free view", "Shift+P", PictureKind::variance));
    table.add(flag("filtered", "Filter for the eye", "D", Menu::view, &ViewState::filtered));
    table.add(flag("sharpen", "Sharpen for the eye", "Shift+D", Menu::view, &ViewState::sharpened));
    table.add(flag("grey-peak", "Grey peak map", "", Menu::view, &ViewState::peak_in_grey));
    table.add(flag("shutter", "Shutter", "O", Menu::view, &ViewState::shutter_shown));
    table.add({"next-view", "Next view", "Tab", "", Menu::view, has_run, next_view, {}});
    table.add(held(
        flag("hold-native", "Native frame while held", "N", Menu::view, &ViewState::native_held)));
    table.add(held(flag("hold-unregistered", "Unregistered while held", "U", Menu::view,
                        &ViewState::unregistered_held)));
    table.add(flag("highlights", "Highlights", "H", Menu::view, &ViewState::highlights_shown));
    table.add(flag("side-panel", "Side panel", "F9", Menu::view, &ViewState::side_panel_shown));
    table.add({"overlay",
               "Text in the corners",
               "T",
               "[none|some|all]",
               Menu::view,
               always,
               set_overlay,
               {}});
    table.add({"panel",
               "Show a panel",
               "",
               "findings|levels|marks|coverage|run",
               Menu::none,
               always,
               set_tab,
               {}});
    table.add(flag("help", "Keys and mouse", "? F1", Menu::help, &ViewState::help_shown));
    table.add(flag("about", "About", "", Menu::help, &ViewState::about_shown));
}

}  // namespace dsm::viewer
