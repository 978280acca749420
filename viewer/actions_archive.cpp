// Archives: asking them, fetching a study, sending results.
#include <array>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/archive_desk.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<void> show_archives(Workspace& workspace, const Words& words) {
    constexpr std::array<const char*, 2> kOnOff{"off", "on"};
    bool shown = !workspace.view.archives_shown;
    if (words.count() > 0) {
        const auto choice = words.choice(0, kOnOff, "the switch");
        if (!choice) {
            return tl::unexpected(choice.error());
        }
        shown = *choice == 1;
    }
    workspace.view.archives_shown = shown;
    if (shown && workspace.archives.job == nullptr) {
        read_known_archives(workspace);
    }
    return {};
}

Result<void> choose(Workspace& workspace, const Words& words) {
    const auto name = words.text(0, "the name or the address of an archive");
    return name ? choose_archive(workspace, *name) : tl::unexpected(name.error());
}

// One part of the question; without a text it is left open.
Result<void> put_question(Workspace& workspace, const Words& words) {
    constexpr std::array<const char*, 4> kParts{"patient", "id", "date", "modality"};
    const auto part = words.choice(0, kParts, "what is asked for");
    if (!part) {
        return tl::unexpected(part.error());
    }
    std::string text;
    if (words.count() > 1) {
        auto given = words.text(1, "a text");
        if (!given) {
            return tl::unexpected(given.error());
        }
        text = std::move(*given);
    }
    FindQuery& question = workspace.archives.question;
    std::string* fields[] = {&question.patient_name, &question.patient_id, &question.study_date,
                             &question.modality};
    *fields[*part] = std::move(text);
    return {};
}

Result<void> select(Workspace& workspace, const Words& words) {
    const auto number = words.whole(0, "the number of a study");
    if (!number) {
        return tl::unexpected(number.error());
    }
    ArchiveDesk& desk = workspace.archives;
    if (*number < 1 || static_cast<std::size_t>(*number) > desk.studies.size()) {
        return words.wrong("there are " + std::to_string(desk.studies.size()) + " studies");
    }
    desk.selected = static_cast<std::size_t>(*number - 1);
    return {};
}

Result<void> fetch(Workspace& workspace, const Words& words) {
    if (words.count() == 0) {
        return fetch_study(workspace, std::nullopt);
    }
    const auto folder = words.text(0, "a folder");
    return folder ? fetch_study(workspace, *folder) : tl::unexpected(folder.error());
}

}  // namespace

void add_archive_actions(ActionTable& table) {
    table.add({"archives", "Archives (PACS)...", "Ctrl+Shift+O", "[on|off]", Menu::file, always,
               show_archives, [](const Workspace& w) { return w.view.archives_shown; }});
    table.add({"archive",
               "Choose an archive",
               "",
               "NAME|AET@HOST:PORT|https://HOST/dicom-web",
               Menu::none,
               always,
               choose,
               {}});
    table.add({"archive-ask",
               "Put a question to the archive",
               "",
               "patient|id|date|modality [\"TEXT\"]",
               Menu::none,
               always,
               put_question,
               {}});
    table.add({"archive-find",
               "Find studies in the archive",
               "",
               "",
               Menu::none,
               always,
               [](Workspace& w, const Words&) { return ask_archive(w); },
               {}});
    table.add({"archive-select",
               "Select a study of the archive",
               "",
               "NUMBER",
               Menu::none,
               always,
               select,
               {}});
    table.add({"archive-fetch",
               "Fetch the selected study and open it",
               "",
               "[FOLDER]",
               Menu::none,
               always,
               fetch,
               {}});
    table.add({"archive-send",
               "Send the results to the archive",
               "",
               "",
               Menu::none,
               has_run,
               [](Workspace& w, const Words&) { return send_results(w); },
               {}});
    table.add({"archive-cancel",
               "Cancel what is asked of the archive",
               "",
               "",
               Menu::none,
               always,
               [](Workspace& w, const Words&) -> Result<void> {
                   give_up_archive_job(w);
                   return {};
               },
               {}});
}

}  // namespace dsm::viewer
