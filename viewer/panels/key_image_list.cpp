// The reader's key images: which frame, shown how, and what was noted.
#include <imgui.h>
#include <imgui_stdlib.h>
#include <spdlog/fmt/fmt.h>

#include "dsp/reading/shown_panel.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// Every letter is kept as it is typed; undo takes the whole note back.
void draw_note(const KeyImage& image, Intents& intents) {
    std::string note = image.note;
    ImGui::SetNextItemWidth(-1.0F);
    if (ImGui::InputTextWithHint("##note", "Note", &note) && note != image.note) {
        intents.ask("key-image-note", image.id, note);
    }
}

void draw_key_image(const Workspace& workspace, const KeyImage& image, Intents& intents) {
    const bool selected = workspace.run_view().selected_key_image == image.id;
    ImGui::PushID(static_cast<int>(image.id));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetTextLineHeight();
    if (ImGui::Selectable("##key", selected, ImGuiSelectableFlags_AllowItemOverlap,
                          ImVec2(0, 2.0F * line + 4.0F))) {
        intents.ask("select-key-image", image.id);
    }
    const ImVec2 end = ImGui::GetCursorScreenPos();
    const ImVec2 middle(start.x + 4.0F, start.y + line + 2.0F);
    draw_key_sign(*ImGui::GetWindowDrawList(), middle, 0.35F * ImGui::GetFontSize());
    const float left = start.x + 0.9F * ImGui::GetFontSize();
    ImGui::SetCursorScreenPos(ImVec2(left, start.y + 1.0F));
    cut_text(key_image_title(workspace.run()->info(), image), colours::kText);
    ImGui::SetCursorScreenPos(ImVec2(left, start.y + line + 3.0F));
    const auto& stamp = image.stamp;
    cut_text(!image.note.empty() ? image.note
                                 : fmt::format("{}{}{}", stamp.author,
                                               stamp.author.empty() ? "" : ", ", stamp.time_utc),
             colours::kDim);
    ImGui::SetCursorScreenPos(end);
    if (selected) {
        ImGui::Indent(10.0F);
        draw_note(image, intents);
        if (small_button("Remove", ("Remove it" + key_hint(workspace.keys, "delete-selected") +
                                    "; undo brings it back")
                                       .c_str())) {
            intents.ask("delete-key-image", image.id);
        }
        ImGui::Unindent(10.0F);
        ImGui::Spacing();
    }
    ImGui::PopID();
}

}  // namespace

void draw_key_sign(ImDrawList& list, ImVec2 middle, float radius) {
    list.AddQuadFilled(ImVec2(middle.x, middle.y - radius), ImVec2(middle.x + radius, middle.y),
                       ImVec2(middle.x, middle.y + radius), ImVec2(middle.x - radius, middle.y),
                       colours::kMark);
}

void draw_key_images(const Workspace& workspace, Intents& intents) {
    const auto& images = workspace.run_review().key_images;
    ImGui::PushID("key images");
    ImGui::TextDisabled("Key images%s", key_hint(workspace.keys, "key-image").c_str());
    for (const auto& image : images) {
        draw_key_image(workspace, image, intents);
    }
    if (images.empty()) {
        ImGui::TextDisabled("None yet.");
    }
    ImGui::PopID();
}

}  // namespace dsm::viewer
