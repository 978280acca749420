// The spine from C1 to S1, by side: which levels are cleared, how faint a vein would have shown,
// and why a level is not cleared.
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/coverage_rows.h"
#include "viewer/panels/panels.h"
#include "viewer/theme.h"

namespace dsm::viewer {

namespace {

// Blue and orange are told apart by every kind of colour vision; words say the same.
constexpr ImU32 kCleared = IM_COL32(0, 92, 150, 255);
constexpr ImU32 kNotCleared = IM_COL32(150, 88, 0, 255);
constexpr ImU32 kOutside = IM_COL32(44, 47, 53, 255);

struct Columns {
    float left, spine_left, spine_right, right;
};

std::string seconds(const std::optional<double>& value, const char* format) {
    return value ? fmt::format(fmt::runtime(format), *value) : "unknown";
}

void describe(const LevelCoverage& row) {
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(24.0F * ImGui::GetFontSize());
    ImGui::TextUnformatted(
        fmt::format("{}, {}: {}", row.level,
                    row.side == Side::undetermined ? "side undetermined" : to_string(row.side),
                    row.adequate ? "cleared" : "not cleared")
            .c_str());
    ImGui::TextUnformatted(fmt::format("Contrast in the sac: {}\nWatched after that: {}\n"
                                       "Detectable opacity: {}",
                                       seconds(row.sac_arrival_s, "at {:.1f} s"),
                                       seconds(row.watched_s, "{:.0f} s"),
                                       seconds(row.detectable_opacity, "{:.3f}"))
                               .c_str());
    if (!row.why.empty()) {
        ImGui::TextUnformatted(row.why.c_str());
    }
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}

void centred(ImDrawList& list, ImVec2 low, ImVec2 high, ImU32 colour, const std::string& text) {
    const auto size = ImGui::CalcTextSize(text.c_str());
    list.PushClipRect(low, high, true);
    list.AddText(ImVec2(0.5F * (low.x + high.x - size.x), low.y + 0.5F * (high.y - low.y - size.y)),
                 colour, text.c_str());
    list.PopClipRect();
}

void draw_cell(const LevelCoverage* row, ImVec2 low, ImVec2 high, ImDrawList& list) {
    if (row == nullptr) {
        list.AddRectFilled(low, high, kOutside, 2.0F);
        return;
    }
    const bool seen = row->in_view && row->sac_arrival_s.has_value();
    list.AddRectFilled(low, high, row->adequate ? kCleared : seen ? kNotCleared : kOutside, 2.0F);
    const std::string word = row->adequate  ? "cleared"
                             : row->in_view ? "not cleared"
                                            : "not in view";
    const auto number =
        row->detectable_opacity ? fmt::format("  {:.3f}", *row->detectable_opacity) : "";
    const bool both = ImGui::CalcTextSize((word + number).c_str()).x < high.x - low.x - 6.0F;
    centred(list, low, high, colours::kText, both || number.empty() ? word + number : number);
    if (ImGui::IsMouseHoveringRect(low, high) && ImGui::IsWindowHovered()) {
        describe(*row);
    }
}

void draw_vertebra(const std::string& name, ImVec2 low, ImVec2 high, ImDrawList& list) {
    list.AddRectFilled(low, high, IM_COL32(70, 74, 82, 255), 4.0F);
    centred(list, low, high, colours::kText, name);
}

void draw_row(const CoverageRow& row, const Columns& at, float top, float height,
              ImDrawList& list) {
    const float bottom = top + height - 2.0F;
    if (!row.known()) {
        const auto name = row.first == row.last ? row.first : row.first + " to " + row.last;
        centred(list, ImVec2(at.left, top), ImVec2(at.right, bottom), colours::kDim,
                name + " not in view");
        return;
    }
    draw_vertebra(row.first, ImVec2(at.spine_left, top), ImVec2(at.spine_right, bottom), list);
    if (row.undetermined != nullptr) {
        draw_cell(row.undetermined, ImVec2(at.spine_right + 2.0F, top), ImVec2(at.right, bottom),
                  list);
        return;
    }
    draw_cell(row.right, ImVec2(at.left, top), ImVec2(at.spine_left - 2.0F, bottom), list);
    draw_cell(row.left, ImVec2(at.spine_right + 2.0F, top), ImVec2(at.right, bottom), list);
}

// As a spine looks that faces the reader: the patient's right is on the left.
void draw_spine(const std::vector<LevelCoverage>& coverage) {
    auto& list = *ImGui::GetWindowDrawList();
    const ImVec2 start = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x - 4.0F;
    const float unit = ImGui::GetFontSize();
    const bool sided = std::any_of(coverage.begin(), coverage.end(),
                                   [](const auto& row) { return row.side != Side::undetermined; });
    const float spine = 3.0F * unit;
    const float spine_left = sided ? start.x + 0.5F * (width - spine) : start.x;
    const Columns at{start.x, spine_left, spine_left + spine, start.x + width};
    const float height = 1.5F * unit;
    float y = start.y;
    centred(list, ImVec2(sided ? at.left : at.spine_right, y),
            ImVec2(sided ? at.spine_left : at.right, y + height), colours::kDim,
            sided ? "Right" : "side undetermined");
    if (sided) {
        centred(list, ImVec2(at.spine_right, y), ImVec2(at.right, y + height), colours::kDim,
                "Left");
    }
    y += height;
    for (const auto& row : coverage_rows(coverage)) {
        draw_row(row, at, y, height, list);
        y += height;
    }
    ImGui::Dummy(ImVec2(width, y - start.y));
}

void draw_summary(const std::vector<LevelCoverage>& coverage) {
    ImGui::PushTextWrapPos(0.0F);
    for (const auto side : {Side::right, Side::left, Side::undetermined}) {
        if (std::none_of(coverage.begin(), coverage.end(),
                         [side](const auto& row) { return row.side == side; })) {
            continue;
        }
        const auto cleared = cleared_text(coverage, side);
        ImGui::TextUnformatted(fmt::format("Cleared {}: {}",
                                           side == Side::undetermined
                                               ? "(side undetermined)"
                                               : fmt::format("on the {}", to_string(side)),
                                           cleared.empty() ? "no vertebra" : cleared)
                                   .c_str());
    }
    ImGui::PopTextWrapPos();
}

void draw_note() {
    ImGui::PushTextWrapPos(0.0F);
    ImGui::TextDisabled(
        "By vertebra, half-way to the next above and below. The number is the opacity of the "
        "faintest vein that would have shown.");
    ImGui::PopTextWrapPos();
}

}  // namespace

void draw_coverage_tab(const Workspace& workspace) {
    // What is not cleared, and why, would give away what was found.
    if (findings_withheld(workspace)) {
        ImGui::TextDisabled("Coverage comes with the highlights%s.",
                            key_hint(workspace.keys, "reveal-highlights").c_str());
        return;
    }
    const auto findings = workspace.run()->findings();
    const auto* result = findings == nullptr ? nullptr : findings->result.get();
    if (result == nullptr || result->coverage.empty()) {
        ImGui::PushTextWrapPos(0.0F);
        const auto needed = "Coverage needs levels: mark two or more" +
                            key_hint(workspace.keys, "tool-level") + ".";
        ImGui::TextDisabled(
            "%s", result == nullptr ? "Coverage comes when processing is done." : needed.c_str());
        ImGui::PopTextWrapPos();
        return;
    }
    draw_summary(result->coverage);
    draw_spine(result->coverage);
    draw_note();
}

}  // namespace dsm::viewer
