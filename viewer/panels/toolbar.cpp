#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// `keys`: of the action it does, " (F4)".
void tooltip(const char* text, const std::string& keys = {}) {
    if (ImGui::IsItemHovered()) {
        ImGui::SetTooltip("%s%s", text, keys.c_str());
    }
}

// A button that stays lit while `on`.
bool toggle(const char* label, bool on, const char* help, const std::string& keys) {
    if (on) {
        ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_ButtonActive));
    }
    const bool pressed = ImGui::Button(label);
    if (on) {
        ImGui::PopStyleColor();
    }
    tooltip(help, keys);
    ImGui::SameLine(0.0F, 2.0F);
    return pressed;
}

void gap() {
    ImGui::SameLine(0.0F, 0.8F * ImGui::GetFontSize());
}

void draw_views(const Workspace& workspace, Intents& intents) {
    const auto& view = workspace.view;
    const auto& run_view = workspace.run_view();
    const auto keys = [&](const char* action) { return key_hint(workspace.keys, action); };
    const bool single = view.layout == Layout::single;
    struct Choice {
        const char* label;
        PictureKind kind;
        const char* action;
        const char* help;
    };
    constexpr Choice kChoices[] = {
        {"Original", PictureKind::original, "view-original", "The frames as stored"},
        {"Mask", PictureKind::mask, "view-mask", "The mask frame"},
        {"Subtracted", PictureKind::subtracted, "view-subtracted", "Opacity since the mask"},
    };
    for (const auto& choice : kChoices) {
        if (toggle(choice.label, single && run_view.picture == choice.kind, choice.help,
                   keys(choice.kind == PictureKind::mask ? "next-view" : "toggle-subtraction"))) {
            intents.ask(choice.action);
        }
    }
    if (toggle("O | S", view.layout == Layout::original_subtracted,
               "Original and subtracted side by side", keys("layout-side-by-side"))) {
        intents.ask("layout-side-by-side");
    }
    if (toggle("M | S", view.layout == Layout::mask_subtracted, "Mask and subtracted side by side",
               keys("layout-mask-subtracted"))) {
        intents.ask("layout-mask-subtracted");
    }
    if (toggle("R | R", view.layout == Layout::two_runs,
               "Two runs side by side, linked; a click brings one to the front",
               keys("layout-run-run"))) {
        intents.ask("layout-run-run");
    }
    if (toggle("2\xc3\x97"
               "2",
               view.layout == Layout::quad, "Original, subtracted, mask and map",
               keys("layout-quad"))) {
        intents.ask("layout-quad");
    }
    if (toggle("Peak", run_view.picture == PictureKind::peak, "Peak opacity map",
               keys("peak-map"))) {
        intents.ask("peak-map");
    }
    if (toggle("Arrival", run_view.picture == PictureKind::arrival,
               "When contrast came, in colours", keys("arrival-map"))) {
        intents.ask("arrival-map");
    }
    if (toggle("Filter", view.filtered, "Subtracted frames filtered for the eye",
               keys("filtered"))) {
        intents.ask("filtered");
    }
}

void draw_tools(const Workspace& workspace, Intents& intents) {
    struct Choice {
        const char* label;
        Tool tool;
        const char* help;
    };
    constexpr Choice kTools[] = {
        {"Window", Tool::window_level, "Drag: sideways width, up and down centre"},
        {"Select", Tool::select, "Select and move marks"},
        {"Level", Tool::level, "Click a vertebra; drag to correct"},
        {"Text", Tool::text, "Click and write"},
        {"Arrow", Tool::arrow, "Drag from tail to head"},
        {"Ellipse", Tool::ellipse, "Drag a region; its curve is drawn"},
        {"Polygon", Tool::polygon,
         "Click the corners; the first again, a double click or Enter closes"},
        {"Line", Tool::line, "Drag a line; its length is written beside it"},
        {"Angle", Tool::angle, "Drag one arm towards the vertex, click the end of the other"},
    };
    for (const auto& choice : kTools) {
        const char* word = kToolWords[static_cast<std::size_t>(choice.tool)];
        if (toggle(choice.label, workspace.view.tool == choice.tool, choice.help,
                   key_hint(workspace.keys, fmt::format("tool-{}", word)))) {
            intents.ask("tool", word);
        }
    }
}

void combo(const char* id, const char* const* words, int count, int now, const char* action,
           const char* help, Intents& intents) {
    float widest = 0.0F;
    for (int i = 0; i < count; ++i) {
        widest = std::max(widest, ImGui::CalcTextSize(words[i]).x);
    }
    ImGui::SetNextItemWidth(widest + 2.4F * ImGui::GetFontSize());
    if (ImGui::BeginCombo(id, words[now], ImGuiComboFlags_None)) {
        for (int i = 0; i < count; ++i) {
            if (ImGui::Selectable(words[i], i == now)) {
                intents.ask(action, words[i]);
            }
        }
        ImGui::EndCombo();
    }
    tooltip(help);
    ImGui::SameLine(0.0F, 2.0F);
}

void draw_processing(const Workspace& workspace, Intents& intents) {
    constexpr const char* kMethods[] = {"none", "shift", "affine", "mesh"};
    constexpr const char* kModes[] = {"live", "review"};
    combo("##registration", kMethods, 4, static_cast<int>(workspace.run_view().registration),
          "registration", "Registration method", intents);
    combo("##mode", kModes, 2, static_cast<int>(workspace.run_view().mode), "mode",
          "live: each frame sees only those before it; review: the whole run", intents);
}

void draw_window_buttons(const Workspace& workspace, Intents& intents) {
    const auto keys = [&](const char* action) { return key_hint(workspace.keys, action); };
    if (toggle("Auto", false, "Automatic window", keys("window-auto"))) {
        intents.ask("window-auto");
    }
    if (toggle("Invert", false, "Invert", keys("invert"))) {
        intents.ask("invert");
    }
    if (toggle("Fit", false, "Fit to the view", keys("fit"))) {
        intents.ask("fit");
    }
}

// Groups of buttons one after the other. One that does not fit into the rest of the row, going by
// its width when it was drawn last, begins a new row.
class GroupsInRows {
 public:
    template <class Draw>
    void draw(const Draw& draw) {
        next();
        if (!first() && !fits()) {
            ImGui::NewLine();
            ++rows_;
        }
        measure(draw);
    }
    // The last one: where it would take a third row, one button shows it when it is pressed.
    template <class Draw>
    void draw_or_fold(const Draw& draw) {
        next();
        if (rows_ < 2 || fits()) {
            if (!fits()) {
                ImGui::NewLine();
                ++rows_;
            }
            measure(draw);
            return;
        }
        if (ImGui::Button("More")) {
            ImGui::OpenPopup("more");
        }
        tooltip("Registration, mode, window, fit");
        if (ImGui::BeginPopup("more")) {
            draw();
            ImGui::EndPopup();
        }
    }
    [[nodiscard]] int rows() const { return rows_; }

 private:
    [[nodiscard]] bool first() const { return number_ == 1; }
    void next() {
        ++number_;
        key_ = ImGui::GetID(fmt::format("group {}", number_).c_str());
        if (!first()) {
            gap();
        }
    }
    // Widths are kept in units of the text's size, which may change.
    [[nodiscard]] bool fits() const {
        const float width = ImGui::GetStateStorage()->GetFloat(key_, 0.0F) * ImGui::GetFontSize();
        return ImGui::GetCursorPosX() + width <=
               ImGui::GetWindowWidth() - ImGui::GetStyle().WindowPadding.x;
    }
    template <class Draw>
    void measure(const Draw& draw) {
        ImGui::BeginGroup();
        draw();
        ImGui::EndGroup();
        ImGui::GetStateStorage()->SetFloat(key_, ImGui::GetItemRectSize().x / ImGui::GetFontSize());
    }

    int rows_{1};
    int number_{0};
    ImGuiID key_{0};
};

}  // namespace

int draw_toolbar(const Workspace& workspace, const Rect& rect, Intents& intents) {
    begin_pane("toolbar", rect);
    GroupsInRows groups;
    groups.draw([&] {
        if (ImGui::Button("Open")) {
            intents.ask("open-dialog");
        }
        tooltip("Open a file, folder or DICOMDIR", key_hint(workspace.keys, "open-dialog"));
    });
    if (workspace.run() != nullptr) {
        groups.draw([&] { draw_views(workspace, intents); });
        groups.draw([&] { draw_tools(workspace, intents); });
        groups.draw_or_fold([&] {
            draw_processing(workspace, intents);
            gap();
            draw_window_buttons(workspace, intents);
        });
    }
    ImGui::End();
    return groups.rows();
}

}  // namespace dsm::viewer
