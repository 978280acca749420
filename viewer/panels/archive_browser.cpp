// The archives: which one, what is asked of it, what it answered.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/archive_desk.h"
#include "viewer/panels/panels.h"
#include "viewer/study_rows.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

std::string of(const FindMatch& match, const char* key) {
    const auto found = match.find(key);
    return found == match.end() ? "" : found->second;
}

void draw_choice(const ArchiveDesk& desk, ArchiveEntry& entry, Intents& intents) {
    const float unit = ImGui::GetFontSize();
    const std::string now = desk.chosen ? desk.known[*desk.chosen].name : "none known";
    ImGui::SetNextItemWidth(18.0F * unit);
    if (ImGui::BeginCombo("##archive", now.c_str())) {
        for (const KnownArchive& archive : desk.known) {
            if (ImGui::Selectable(archive.name.c_str(), archive.name == now)) {
                intents.ask("archive", archive.name);
            }
        }
        ImGui::EndCombo();
    }
    if (desk.chosen) {
        ImGui::SameLine();
        const KnownArchive& chosen = desk.known[*desk.chosen];
        ImGui::TextDisabled("%s%s", name_of(chosen.address).c_str(),
                            chosen.options.tls.on ? " over TLS" : "");
    }
    ImGui::SetNextItemWidth(30.0F * unit);
    const bool entered =
        ImGui::InputTextWithHint("##address", "another: AET@HOST:PORT or https://HOST/dicom-web",
                                 &entry.address, ImGuiInputTextFlags_EnterReturnsTrue);
    ImGui::SameLine();
    if ((ImGui::Button("Use") || entered) && !entry.address.empty()) {
        intents.ask("archive", entry.address);
        entry.address.clear();
    }
}

void draw_question(const ArchiveDesk& desk, Intents& intents) {
    struct Field {
        const char* part;
        const char* label;
        const char* hint;
        const std::string* text;
        float width;
    };
    const FindQuery& asked = desk.question;
    const Field fields[] = {{"patient", "Patient", "DOE*", &asked.patient_name, 10.0F},
                            {"id", "ID", "", &asked.patient_id, 8.0F},
                            {"date", "Date", "20260101-20260331", &asked.study_date, 11.0F},
                            {"modality", "Modality", "XA", &asked.modality, 5.0F}};
    bool entered = false;
    for (const Field& field : fields) {
        if (&field != std::begin(fields)) {
            ImGui::SameLine();
        }
        ImGui::AlignTextToFramePadding();
        ImGui::TextUnformatted(field.label);
        ImGui::SameLine();
        std::string text = *field.text;
        ImGui::SetNextItemWidth(field.width * ImGui::GetFontSize());
        if (ImGui::InputTextWithHint(fmt::format("##{}", field.part).c_str(), field.hint, &text)) {
            intents.ask("archive-ask", field.part, text);
        }
        entered = entered || (ImGui::IsItemDeactivated() &&
                              ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Enter)));
    }
    ImGui::SameLine();
    if (ImGui::Button("Find") || entered) {
        intents.ask("archive-find");
    }
}

void draw_row(const FindMatch& study, std::size_t number, bool selected, Intents& intents) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::PushID(static_cast<int>(number));
    if (ImGui::Selectable(
            shown_date(of(study, "StudyDate")).c_str(), selected,
            ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick)) {
        intents.ask("archive-select", number);
        if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
            intents.ask("archive-fetch");
        }
    }
    ImGui::PopID();
    const ImU32 colour = ImGui::GetColorU32(ImGuiCol_Text);
    for (const std::string& text :
         {shown_name(of(study, "PatientName")), of(study, "PatientID"),
          of(study, "ModalitiesInStudy"), of(study, "StudyDescription")}) {
        ImGui::TableNextColumn();
        cut_text(text, colour);
    }
}

void draw_studies(const ArchiveDesk& desk, Intents& intents) {
    const float foot = 3.4F * ImGui::GetFrameHeightWithSpacing();
    if (!ImGui::BeginTable("studies", 5,
                           ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg |
                               ImGuiTableFlags_Resizable | ImGuiTableFlags_BordersInnerV,
                           ImVec2(0, -foot))) {
        return;
    }
    ImGui::TableSetupScrollFreeze(0, 1);
    ImGui::TableSetupColumn("Date", ImGuiTableColumnFlags_WidthStretch, 1.1F);
    ImGui::TableSetupColumn("Patient", ImGuiTableColumnFlags_WidthStretch, 2.0F);
    ImGui::TableSetupColumn("ID", ImGuiTableColumnFlags_WidthStretch, 1.2F);
    ImGui::TableSetupColumn("Modality", ImGuiTableColumnFlags_WidthStretch, 0.9F);
    ImGui::TableSetupColumn("Description", ImGuiTableColumnFlags_WidthStretch, 2.4F);
    ImGui::TableHeadersRow();
    for (std::size_t i = 0; i < desk.studies.size(); ++i) {
        draw_row(desk.studies[i], i + 1, desk.selected == i, intents);
    }
    ImGui::EndTable();
}

// What is under way, what went wrong, or what was done.
void draw_state(const ArchiveDesk& desk, Intents& intents) {
    if (desk.job != nullptr) {
        ImGui::ProgressBar(static_cast<float>(desk.job->fraction()),
                           ImVec2(-6.0F * ImGui::GetFontSize(), 0.0F), desk.job->title().c_str());
        ImGui::SameLine();
        if (ImGui::Button("Cancel")) {
            intents.ask("archive-cancel");
        }
        return;
    }
    ImGui::PushTextWrapPos(0.0F);
    if (desk.failure) {
        ImGui::PushStyleColor(ImGuiCol_Text, colours::kError);
        ImGui::TextUnformatted(desk.failure->message().c_str());
        ImGui::PopStyleColor();
    } else if (desk.known.empty()) {
        ImGui::TextDisabled(
            "Archives with a name are in %s: {\"archives\": [{\"name\": \"hospital\", "
            "\"address\": \"PACS@archive:104\"}]}",
            archives_file().c_str());
    } else {
        ImGui::TextUnformatted(desk.said.c_str());
    }
    ImGui::PopTextWrapPos();
}

void draw_foot(const Workspace& workspace, Intents& intents) {
    const ArchiveDesk& desk = workspace.archives;
    const bool idle = desk.job == nullptr && desk.chosen.has_value();
    ImGui::BeginDisabled(!idle || !desk.selected);
    if (ImGui::Button("Fetch and open")) {
        intents.ask("archive-fetch");
    }
    ImGui::EndDisabled();
    ImGui::SameLine();
    ImGui::BeginDisabled(!idle || workspace.run() == nullptr);
    if (ImGui::Button("Send results of the run in front")) {
        intents.ask("archive-send");
    }
    ImGui::EndDisabled();
    if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
        ImGui::SetTooltip(
            "Presentation states, measurement report and key objects. The subtracted run is "
            "written by dsm export.");
    }
    ImGui::SameLine();
    if (ImGui::Button("Close (Esc)")) {
        intents.ask("escape");
    }
}

}  // namespace

void draw_archives(const Workspace& workspace, ArchiveEntry& entry, Intents& intents) {
    if (!workspace.view.archives_shown) {
        return;
    }
    const auto screen = ImGui::GetIO().DisplaySize;
    const float unit = ImGui::GetFontSize();
    begin_dialog("Archives", ImVec2(std::min(62.0F * unit, 0.94F * screen.x),
                                    std::min(36.0F * unit, 0.9F * screen.y)));
    draw_choice(workspace.archives, entry, intents);
    draw_question(workspace.archives, intents);
    draw_studies(workspace.archives, intents);
    draw_state(workspace.archives, intents);
    draw_foot(workspace, intents);
    ImGui::End();
}

}  // namespace dsm::viewer
