// Level marks: by name, with the next one suggested.
#include "dsp/core/levels.h"
#include "viewer/action_table.h"
#include "viewer/level_naming.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

// A file's marks become the reader's own at the first change, so that none of them is lost.
Command with_given_levels(const Workspace& workspace, Command change) {
    const auto& own = workspace.run_review().levels;
    const auto& given = workspace.run_view().given_levels;
    if (!own.empty() || given.empty()) {
        return change;
    }
    CommandGroup group;
    for (const auto& mark : given) {
        group.commands.emplace_back(
            SetLevelMark{workspace.run()->key(), mark.label, mark.center_px});
    }
    group.commands.push_back(std::move(change));
    return group;
}

Result<void> change_levels(Workspace& workspace, const Command& change,
                           const std::string& label = {}) {
    auto done = record(workspace, with_given_levels(workspace, change), {},
                       label.empty() ? describe(change) : label);
    if (done) {
        process_if_changed(workspace);
    }
    return done;
}

Result<void> mark_level(Workspace& workspace, const Words& words) {
    auto label = words.text(0, "the name of the level");
    const auto at = words.numbers(1, "the position");
    if (!label || !at) {
        return tl::unexpected(!label ? label.error() : at.error());
    }
    if (at->size() != 2) {
        return words.wrong("needs a name, X and Y");
    }
    const Point center{(*at)[0], (*at)[1]};
    auto done = change_levels(workspace, SetLevelMark{workspace.run()->key(), *label, center});
    if (done) {
        workspace.run_view().selected_level = *label;
        workspace.run_view().selected_annotation.reset();
        workspace.run_view().next_level.clear();
    }
    return done;
}

// The name of the next mark, where the one that fits is not the one that is meant.
Result<void> name_next_level(Workspace& workspace, const Words& words) {
    const auto label = words.text(0, "the name of a level, or auto");
    if (!label) {
        return tl::unexpected(label.error());
    }
    if (*label != "auto" && !level_order(*label, {.thoracic = 13, .lumbar = 6})) {
        return words.wrong("'" + *label + "' is not a level: C1..C7, T1..T13, L1..L6, S1 are");
    }
    workspace.run_view().next_level = *label == "auto" ? std::string() : *label;
    return {};
}

Result<void> delete_level(Workspace& workspace, const Words& words) {
    auto label = words.text(0, "the name of the level");
    if (!label) {
        return tl::unexpected(label.error());
    }
    return change_levels(workspace, RemoveLevelMark{workspace.run()->key(), *label});
}

Result<void> select_level(Workspace& workspace, const Words& words) {
    const auto label = words.text(0, "the name of the level");
    if (!label) {
        return tl::unexpected(label.error());
    }
    for (const auto& level : levels_in_force(workspace)) {
        if (level.label == *label) {
            auto& view = workspace.run_view();
            view.selected_level = *label;
            view.selected_annotation.reset();
            // A picture that fits is seen whole already.
            if (view.magnification.zoom > 1.0) {
                view.magnification =
                    centred_on(view.magnification, workspace.run()->info().extent, level.center_px);
            }
            return {};
        }
    }
    return words.wrong("there is no level " + *label);
}

Result<void> rename_level(Workspace& workspace, const Words& words) {
    const auto from = words.text(0, "the name of the level");
    auto to = words.text(1, "the new name");
    if (!from || !to) {
        return tl::unexpected(!from ? from.error() : to.error());
    }
    for (const auto& mark : marks_in_force(workspace)) {
        if (mark.label == *from) {
            CommandGroup group;
            group.commands.emplace_back(RemoveLevelMark{workspace.run()->key(), *from});
            group.commands.emplace_back(SetLevelMark{workspace.run()->key(), *to, mark.center_px});
            return change_levels(workspace, group, "Rename " + *from + " to " + *to);
        }
    }
    return words.wrong("there is no mark " + *from);
}

Result<void> read_levels(Workspace& workspace, const Words& words) {
    const auto file = words.text(0, "a levels file");
    if (!file) {
        return tl::unexpected(file.error());
    }
    const auto levels = read_levels_file(*file);
    if (!levels) {
        return tl::unexpected(levels.error());
    }
    CommandGroup group;
    for (const auto& mark : workspace.run_review().levels) {
        group.commands.emplace_back(RemoveLevelMark{workspace.run()->key(), mark.label});
    }
    for (const auto& mark : *levels) {
        group.commands.emplace_back(
            SetLevelMark{workspace.run()->key(), mark.label, mark.center_px});
    }
    const auto count = std::to_string(levels->size());
    auto done = record(workspace, group, {}, "Read " + count + " levels from a file");
    if (done) {
        process_if_changed(workspace);
    }
    return done;
}

Result<void> write_levels(Workspace& workspace, const Words& words) {
    const auto file = words.text(0, "a file name");
    if (!file) {
        return tl::unexpected(file.error());
    }
    return write_levels_file(*file, marks_in_force(workspace));
}

}  // namespace

void add_level_actions(ActionTable& table) {
    table.add({"mark-level", "Mark a level", "", "NAME X Y", Menu::none, has_run, mark_level, {}});
    table.add({"next-level",
               "Name the next level mark",
               "",
               "NAME|auto",
               Menu::none,
               has_run,
               name_next_level,
               {}});
    table.add(
        {"delete-level", "Delete a level mark", "", "NAME", Menu::none, has_run, delete_level, {}});
    table.add({"select-level", "Go to a level", "", "NAME", Menu::none, has_run, select_level, {}});
    table.add({"rename-level",
               "Rename a level mark",
               "",
               "NAME NEW",
               Menu::none,
               has_run,
               rename_level,
               {}});
    table.add({"load-levels",
               "Read levels from a file",
               "",
               "FILE",
               Menu::none,
               has_run,
               read_levels,
               {}});
    table.add({"save-levels",
               "Write levels to a file",
               "",
               "FILE",
               Menu::none,
               has_run,
               write_levels,
               {}});
}

}  // namespace dsm::viewer
