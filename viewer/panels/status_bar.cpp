#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/panels/panels.h"
#include "viewer/pointer_values.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

std::string progress_text(const Workspace& workspace) {
    if (workspace.run() == nullptr) {
        return {};
    }
    if (workspace.film != nullptr) {
        return fmt::format("Saving the film {:.0f} %", 100.0 * workspace.film->fraction());
    }
    if (workspace.run()->frames().loading()) {
        return fmt::format("Loading {:.0f} %", 100.0 * workspace.run()->frames().fraction_loaded());
    }
    if (workspace.run()->frames().growing()) {
        return fmt::format("Recording, {} frames", workspace.run()->info().frames);
    }
    const auto progress = workspace.run()->progress();
    if (progress == nullptr) {
        return {};
    }
    switch (progress->state) {
        case JobSnapshot::State::running:
            return fmt::format("Processing {:.0f} %", 100.0 * progress->fraction);
        case JobSnapshot::State::failed:
            return "Processing failed";
        case JobSnapshot::State::done:
            break;
    }
    return "Ready";
}

}  // namespace

void draw_status_bar(const Workspace& workspace, const Rect& rect, Intents&) {
    begin_pane("status", rect);
    const std::string right =
        fmt::format("{}{}   {}", workspace.view.sharpened ? "sharpened   " : "",
                    progress_text(workspace), pointer_text(workspace));
    const float right_width = ImGui::CalcTextSize(right.c_str()).x;
    const float start = static_cast<float>(rect.width) - right_width - 10.0F;
    if (workspace.notice) {
        ImGui::BeginChild("notice", ImVec2(std::max(40.0F, start - 24.0F), 0.0F));
        cut_text(workspace.notice->text,
                 workspace.notice->is_error ? colours::kError : colours::kText);
        ImGui::EndChild();
    } else {
        ImGui::TextDisabled("Keys and mouse%s, any action%s",
                            key_hint(workspace.keys, "help").c_str(),
                            key_hint(workspace.keys, "palette").c_str());
    }
    ImGui::SameLine(start);
    ImGui::PushStyleColor(ImGuiCol_Text, colours::kDim);
    ImGui::TextUnformatted(right.c_str());
    ImGui::PopStyleColor();
    ImGui::End();
}

}  // namespace dsm::viewer
