// What the file says about the run, and what cannot be trusted in it.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <vector>

#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

void row(const char* name, const std::string& value) {
    if (value.empty()) {
        return;
    }
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    cut_text(name, colours::kDim);
    ImGui::TableNextColumn();
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextUnformatted(value.c_str());
    ImGui::PopTextWrapPos();
}

std::string spacing_text(const RunInfo& info) {
    return info.spacing ? fmt::format("{:.3f} mm ({})", info.spacing->row_mm, info.spacing_source)
                        : "unknown: lengths in px";
}

// "1-6, 9": runs of frames as ranges.
std::string masks_text(const std::vector<FrameIndex>& masks) {
    std::string text;
    for (std::size_t i = 0; i < masks.size();) {
        std::size_t last = i;
        while (last + 1 < masks.size() && masks[last + 1] == masks[last] + 1) {
            ++last;
        }
        text += text.empty() ? "" : ", ";
        text += last == i ? fmt::format("{}", masks[i] + 1)
                          : fmt::format("{}-{}", masks[i] + 1, masks[last] + 1);
        i = last + 1;
    }
    return text;
}

void draw_processing(const Workspace& workspace) {
    const auto findings = workspace.run()->findings();
    if (findings == nullptr || findings->result == nullptr) {
        return;
    }
    const auto& result = *findings->result;
    row("Masks", masks_text(result.mask_frames));
    row("First contrast", result.first_contrast_frame
                              ? fmt::format("frame {}", *result.first_contrast_frame + 1)
                              : "not seen");
    row("Opacity scale", result.opacity_relative ? "relative" : "absolute");
    row("Processed in", fmt::format("{:.1f} s ({:.1f} ms per frame, p99 {:.1f} ms)",
                                    result.timing.total_ms / 1000.0, result.timing.per_frame_p50_ms,
                                    result.timing.per_frame_p99_ms));
    row("On", result.device);
}

}  // namespace

void draw_run_tab(const Workspace& workspace, Intents&) {
    const auto& info = workspace.run()->info();
    if (!ImGui::BeginTable("run", 2)) {
        return;
    }
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, 7.2F * ImGui::GetFontSize());
    ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthStretch);
    row("File", info.file.string());
    row("Kind", info.sop_class_name);
    row("Codec", info.codec_name);
    row("Frames", fmt::format("{} of {}\xc3\x97{}, {} bits", info.frames, info.extent.width,
                              info.extent.height, info.bits_stored));
    row("Timing", info.has_timing() ? info.timing_source : "unknown");
    row("Intensity", to_string(info.intensity.relationship));
    row("Spacing", spacing_text(info));
    row("Position", fmt::format("{} ({})", to_string(info.position), info.position_source));
    row("Maker", info.manufacturer);
    draw_processing(workspace);
    row("Renderer", workspace.renderer);
    const auto journal = workspace.desk.journal_file(workspace.study_name());
    row("Review kept in", journal.empty() ? "nowhere: it will be lost" : journal.string());
    ImGui::EndTable();
}

void draw_warnings(const Workspace& workspace, double height) {
    std::vector<std::string> warnings;
    if (workspace.run() != nullptr) {
        warnings = workspace.run()->info().warnings;
        const auto findings = workspace.run()->findings();
        if (findings != nullptr && findings->result != nullptr) {
            for (const auto& warning : findings->result->warnings) {
                if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
                    warnings.push_back(warning);
                }
            }
        }
    }
    ImGui::PushStyleColor(ImGuiCol_Text, warnings.empty() ? colours::kDim : colours::kWarning);
    ImGui::TextUnformatted(warnings.empty()
                               ? "No warnings about this run"
                               : fmt::format("Warnings ({})", warnings.size()).c_str());
    ImGui::PopStyleColor();
    const float room = static_cast<float>(height) - ImGui::GetTextLineHeightWithSpacing();
    if (room < ImGui::GetTextLineHeight()) {  // a line alone: the rest when it is pointed at
        if (ImGui::IsItemHovered() && !warnings.empty()) {
            ImGui::BeginTooltip();
            ImGui::PushTextWrapPos(30.0F * ImGui::GetFontSize());
            for (const auto& warning : warnings) {
                ImGui::TextUnformatted(warning.c_str());
            }
            ImGui::PopTextWrapPos();
            ImGui::EndTooltip();
        }
        return;
    }
    ImGui::BeginChild("warnings", ImVec2(0, room));
    ImGui::PushTextWrapPos(0.0F);
    for (const auto& warning : warnings) {
        ImGui::TextUnformatted(warning.c_str());
    }
    ImGui::PopTextWrapPos();
    ImGui::EndChild();
}

}  // namespace dsm::viewer
