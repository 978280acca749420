// The line that is written at a place of the picture.
#include <imgui.h>
#include <imgui_stdlib.h>

#include "viewer/canvas/text_entry.h"

namespace dsm::viewer {

void draw_text_entry(Gesture& gesture, Intents& intents) {
    if (!gesture.text_at_px) {
        return;
    }
    if (gesture.text_needs_focus) {
        ImGui::OpenPopup("write");
    }
    if (!ImGui::BeginPopup("write")) {
        gesture.text_at_px.reset();
        return;
    }
    if (gesture.text_needs_focus) {
        ImGui::SetKeyboardFocusHere();
        gesture.text_needs_focus = false;
    }
    ImGui::SetNextItemWidth(18.0F * ImGui::GetFontSize());
    const bool entered = ImGui::InputTextWithHint("##text", "Text, then Enter", &gesture.text,
                                                  ImGuiInputTextFlags_EnterReturnsTrue);
    if (entered) {
        if (!gesture.text.empty() && gesture.text_of) {
            intents.ask("edit-text", *gesture.text_of, gesture.text);
        } else if (!gesture.text.empty()) {
            intents.ask("annotate-text", gesture.text_at_px->x, gesture.text_at_px->y,
                        gesture.text);
        }
        gesture.text_at_px.reset();
        ImGui::CloseCurrentPopup();
    }
    ImGui::EndPopup();
}

}  // namespace dsm::viewer
