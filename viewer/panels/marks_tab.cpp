// The reader's annotations and key images as lists, and the history of everything that was changed.
#include <spdlog/fmt/fmt.h>

#include "dsp/review/measure.h"
#include "viewer/marks.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

std::string frames_text(const Annotation& annotation) {
    if (!annotation.frames) {
        return "whole run";
    }
    const auto& [first, last] = *annotation.frames;
    return first == last ? fmt::format("frame {}", first + 1)
                         : fmt::format("frames {}-{}", first + 1, last + 1);
}

// What can be done with the selected annotation.
void draw_acts(const Workspace& workspace, const Annotation& annotation, Intents& intents) {
    ImGui::Indent(10.0F);
    const auto frame = workspace.run_view().frame + 1;
    if (annotation.frames && small_button("Whole run", "Show it in every frame")) {
        intents.ask("annotation-frames", annotation.id, "all");
    }
    if (!annotation.frames && small_button("This frame", "Show it in the frame in front alone")) {
        intents.ask("annotation-frames", annotation.id, frame, frame);
    }
    if (annotation.frames && annotation.frames->last + 1 < frame) {
        ImGui::SameLine(0.0F, 4.0F);
        if (small_button("Until here", "Show it until the frame in front")) {
            intents.ask("annotation-frames", annotation.id, annotation.frames->first + 1, frame);
        }
    }
    if (shows_two_runs(workspace)) {
        ImGui::SameLine(0.0F, 4.0F);
        if (small_button("Copy across",
                         ("Copy it to the other run" + key_hint(workspace.keys, "copy-annotation"))
                             .c_str())) {
            intents.ask("copy-annotation");
        }
    }
    ImGui::SameLine(0.0F, 4.0F);
    if (small_button("Delete", ("Delete it" + key_hint(workspace.keys, "delete-selected") +
                                "; undo brings it back")
                                   .c_str())) {
        intents.ask("delete-selected");
    }
    ImGui::Unindent(10.0F);
    ImGui::Spacing();
}

// Of a region in the frame in front: its mean opacity and the standard error of that.
std::string opacity_text(const Workspace& workspace, CurveCache& curves, std::size_t region) {
    const auto& info = workspace.run()->info();
    const auto frame = workspace.run_view().frame;
    const double now = time_of(info, frame).value_or(frame + 1.0);
    for (const auto& series : curves.series(workspace)) {
        if (series.of != CurveSeries::Of::region ||
            static_cast<std::size_t>(series.number) != region) {
            continue;
        }
        const auto entry = entry_at(series.curve, now);
        if (entry && *entry < series.curve.noise.size()) {
            return fmt::format("mean opacity {:.4f} \xc2\xb1 {:.4f}", series.curve.opacity[*entry],
                               series.curve.noise[*entry]);
        }
    }
    return {};
}

void draw_annotation(const Workspace& workspace, const Annotation& annotation, ImU32 colour,
                     const std::string& measured, Intents& intents) {
    const bool selected = workspace.run_view().selected_annotation == annotation.id;
    const auto& info = workspace.run()->info();
    ImGui::PushID(static_cast<int>(annotation.id));
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float line = ImGui::GetTextLineHeight();
    if (ImGui::Selectable("##mark", selected, ImGuiSelectableFlags_AllowItemOverlap,
                          ImVec2(0, 2.0F * line + 4.0F))) {
        intents.ask("select-annotation", annotation.id);
    }
    const ImVec2 end = ImGui::GetCursorScreenPos();
    ImGui::GetWindowDrawList()->AddRectFilled(
        ImVec2(start.x, start.y + 2), ImVec2(start.x + 4, start.y + 2 * line + 2), colour, 2.0F);
    ImGui::SetCursorScreenPos(ImVec2(start.x + 10.0F, start.y + 1.0F));
    const auto label = label_of(annotation, info);
    cut_text(fmt::format("{} {}{}{}{}{}", annotation.id, name_of(annotation.shape),
                         label.empty() ? "" : "  ", label, measured.empty() ? "" : "  ", measured),
             colours::kText);
    ImGui::SetCursorScreenPos(ImVec2(start.x + 10.0F, start.y + line + 3.0F));
    const auto& stamp = annotation.stamp;
    cut_text(fmt::format("{}{}{}{}{}", frames_text(annotation), stamp.author.empty() ? "" : ", ",
                         stamp.author, stamp.time_utc.empty() ? "" : ", ", stamp.time_utc),
             colours::kDim);
    ImGui::SetCursorScreenPos(end);
    if (selected) {
        draw_acts(workspace, annotation, intents);
    }
    ImGui::PopID();
}

void draw_annotations(const Workspace& workspace, CurveCache& curves, Intents& intents) {
    const auto& annotations = workspace.run_review().annotations;
    if (annotations.empty()) {
        ImGui::TextDisabled("No annotations in this run.");
    }
    std::size_t region = 0;
    for (const auto& annotation : annotations) {
        const bool is_a_region = is_region(annotation.shape);
        draw_annotation(workspace, annotation, is_a_region ? series_colour(region) : colours::kMark,
                        is_a_region ? opacity_text(workspace, curves, region) : std::string(),
                        intents);
        region += is_a_region ? 1U : 0U;
    }
}

// Newest first; a click goes back, or forward again, to the moment after that step.
void draw_history(const Workspace& workspace, Intents& intents) {
    const auto& history = workspace.desk.history(workspace.study_name());
    const auto& entries = history.entries();
    if (entries.empty()) {
        ImGui::TextDisabled("Nothing was changed yet.");
        return;
    }
    for (std::size_t step = entries.size(); step > 0; --step) {
        ImGui::PushID(static_cast<int>(step));
        const bool undone = step > history.position();
        ImGui::PushStyleColor(ImGuiCol_Text, undone ? colours::kFaint : colours::kText);
        if (ImGui::Selectable(
                fmt::format("{}  {}{}", step, entries[step - 1].label, undone ? "  (undone)" : "")
                    .c_str(),
                step == history.position())) {
            intents.ask("history", step);
        }
        ImGui::PopStyleColor();
        ImGui::PopID();
    }
    if (ImGui::Selectable("0  as it was at first", history.position() == 0)) {
        intents.ask("history", 0);
    }
}

}  // namespace

void draw_marks_tab(const Workspace& workspace, CurveCache& curves, Intents& intents) {
    draw_annotations(workspace, curves, intents);
    ImGui::Spacing();
    ImGui::Separator();
    draw_key_images(workspace, intents);
    ImGui::Spacing();
    ImGui::Separator();
    ImGui::TextDisabled("History%s", key_hint(workspace.keys, "undo").c_str());
    draw_history(workspace, intents);
}

}  // namespace dsm::viewer
