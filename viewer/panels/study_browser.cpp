// The study browser: patients, their studies, series and runs, with a picture of each.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <vector>

#include "viewer/panels/panels.h"
#include "viewer/panels/thumbnails.h"
#include "viewer/study_desk.h"
#include "viewer/study_rows.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

bool is_open(const Study& study, const std::filesystem::path& file) {
    return std::any_of(study.runs.begin(), study.runs.end(),
                       [&](const auto& run) { return run->info().file == file; });
}

bool is_chosen(const StudyDesk& desk, const std::filesystem::path& file) {
    return std::find(desk.selected.begin(), desk.selected.end(), file) != desk.selected.end();
}

void draw_head(StudyEntry& entry, Intents& intents) {
    const float buttons = 19.0F * ImGui::GetFontSize();
    ImGui::SetNextItemWidth(-buttons);
    const bool entered =
        ImGui::InputTextWithHint("##path", "a folder, a DICOMDIR or a file", &entry.path,
                                 ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine();
    if ((ImGui::Button("Search") || entered) && !entry.path.empty()) {
        intents.ask("studies-search", entry.path);
        entry.path.clear();
    }
    ImGui::SameLine();
    if (ImGui::Button("Choose...")) {
        intents.ask("open-dialog");
    }
    ImGui::SameLine();
    if (ImGui::Button("Empty the list")) {
        intents.ask("studies-clear");
    }
}

// A heading with how many runs lie below it; true while they are to be seen.
bool draw_heading(const StudyRow& row) {
    ImGui::PushID(static_cast<int>(row.run) * 4 + static_cast<int>(row.kind));
    ImGui::SetNextItemOpen(true, ImGuiCond_Appearing);
    ImGui::PushStyleColor(ImGuiCol_Text,
                          row.kind == StudyRow::Kind::patient ? colours::kAccent : colours::kText);
    const bool opened = ImGui::TreeNodeEx(
        "##heading", ImGuiTreeNodeFlags_SpanAvailWidth | ImGuiTreeNodeFlags_NoTreePushOnOpen, "%s",
        row.text.c_str());
    ImGui::PopStyleColor();
    ImGui::SameLine();
    ImGui::TextDisabled("  %s", row.detail.c_str());
    ImGui::PopID();
    return opened;
}

void draw_run(const Workspace& workspace, const StudyRow& row, Thumbnails& thumbnails,
              Intents& intents) {
    const ListedRun& run = workspace.studies.runs[row.run];
    const float line = ImGui::GetTextLineHeight();
    const float side = 3.7F * line;
    const float gap = 0.5F * line;
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const bool opens = run.refusal.empty();
    ImGui::PushID(static_cast<int>(row.run));
    if (ImGui::Selectable("##run", is_chosen(workspace.studies, run.info.file),
                          ImGuiSelectableFlags_AllowDoubleClick, ImVec2(0.0F, side + 4.0F)) &&
        opens) {
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            intents.ask("studies-open", row.run + 1);
        } else {
            intents.ask(ImGui::GetIO().KeyCtrl ? "studies-beside" : "studies-choose", row.run + 1);
        }
    }
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s", run.info.file.c_str());
    }
    const ImVec2 end = ImGui::GetCursorScreenPos();
    if (ImGui::IsItemVisible()) {
        thumbnails.draw(*ImGui::GetWindowDrawList(), run.picture,
                        ImVec2(start.x + 2.0F, start.y + 2.0F), side);
        ImGui::SetCursorScreenPos(ImVec2(start.x + side + gap, start.y + 0.25F * line));
        ImGui::BeginGroup();
        cut_text(row.text, opens ? colours::kText : colours::kDim);
        cut_text(row.detail, opens ? colours::kDim : colours::kError);
        std::string more =
            opens ? fmt::format("{}\xc3\x97{}", run.info.extent.width, run.info.extent.height)
                  : std::string();
        if (run.info.already_subtracted) {
            more += ", already subtracted";
        }
        if (is_open(workspace.study, run.info.file)) {
            more += ", open";
        }
        cut_text(more, colours::kDim);
        ImGui::EndGroup();
        ImGui::SetCursorScreenPos(end);
    }
    ImGui::PopID();
}

void draw_tree(const Workspace& workspace, Thumbnails& thumbnails, Intents& intents) {
    const float foot = 2.3F * ImGui::GetFrameHeightWithSpacing();
    ImGui::BeginChild("tree", ImVec2(0, -foot), true);
    const auto& desk = workspace.studies;
    if (desk.runs.empty() && desk.scan == nullptr) {
        ImGui::PushTextWrapPos(0.0F);
        ImGui::TextDisabled(
            "Name a folder or a DICOMDIR above, choose one, or drop it on the window: every "
            "patient, study and run below it is listed here.");
        ImGui::PopTextWrapPos();
    }
    // Behind a heading that is folded, its rows are passed over.
    std::size_t hidden_until = 0;
    const float step = ImGui::GetTextLineHeight();
    for (const StudyRow& row : study_rows(desk.runs)) {
        if (row.run < hidden_until) {
            continue;
        }
        const float depth = step * static_cast<float>(row.kind);
        if (depth > 0.0F) {
            ImGui::Indent(depth);
        }
        if (row.kind == StudyRow::Kind::run) {
            draw_run(workspace, row, thumbnails, intents);
        } else if (!draw_heading(row)) {
            hidden_until = row.run + row.runs;
        }
        if (depth > 0.0F) {
            ImGui::Unindent(depth);
        }
    }
    ImGui::EndChild();
}

// What is under way, what went wrong, or what was found.
void draw_state(const StudyDesk& desk, Intents& intents) {
    if (desk.scan != nullptr) {
        ImGui::ProgressBar(static_cast<float>(desk.scan->fraction()),
                           ImVec2(-6.0F * ImGui::GetFontSize(), 0.0F),
                           desk.scan->progress().c_str());
        ImGui::SameLine();
        if (ImGui::Button("Cancel")) {
            intents.ask("studies-cancel");
        }
    } else {
        cut_text(desk.failure ? desk.failure->message() : desk.said,
                 desk.failure ? colours::kError : colours::kDim);
    }
}

void draw_foot(const StudyDesk& desk, Intents& intents) {
    const bool two = desk.selected.size() > 1;
    ImGui::BeginDisabled(desk.selected.empty());
    const bool enter = !desk.selected.empty() && !ImGui::GetIO().WantTextInput &&
                       ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter));
    if (ImGui::Button(two ? "Open both side by side" : "Open") || enter) {
        intents.ask("studies-open");
    }
    ImGui::SameLine();
    if (ImGui::Button("Open all of the study")) {
        intents.ask("studies-open-all");
    }
    ImGui::EndDisabled();
    ImGui::SameLine();
    if (ImGui::Button("Close (Esc)")) {
        intents.ask("escape");
    }
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    cut_text("Double click opens; Ctrl+click chooses a second run.", colours::kDim);
}

}  // namespace

void draw_studies(const Workspace& workspace, StudyEntry& entry, Thumbnails& thumbnails,
                  Intents& intents) {
    // The dialog to open, which it calls, takes its place.
    if (!workspace.view.studies_shown || workspace.view.file_dialog_shown) {
        return;
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    const float unit = ImGui::GetFontSize();
    begin_dialog("Studies", ImVec2(std::min(62.0F * unit, 0.94F * screen.x), 0.9F * screen.y));
    draw_head(entry, intents);
    draw_tree(workspace, thumbnails, intents);
    draw_state(workspace.studies, intents);
    draw_foot(workspace.studies, intents);
    ImGui::End();
}

}  // namespace dsm::viewer
