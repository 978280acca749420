#include "viewer/theme.h"

#include <algorithm>
#include <cmath>

namespace dsm::viewer {

namespace {

ImVec4 as_vector(ImU32 colour) {
    return ImGui::ColorConvertU32ToFloat4(colour);
}

void set_colours(ImGuiStyle& style) {
    auto& c = style.Colors;
    c[ImGuiCol_Text] = as_vector(colours::kText);
    c[ImGuiCol_TextDisabled] = as_vector(colours::kDim);
    c[ImGuiCol_WindowBg] = as_vector(colours::kPanel);
    c[ImGuiCol_ChildBg] = ImVec4(0, 0, 0, 0);
    c[ImGuiCol_PopupBg] = as_vector(IM_COL32(36, 38, 43, 250));
    c[ImGuiCol_Border] = as_vector(colours::kLine);
    c[ImGuiCol_FrameBg] = as_vector(IM_COL32(42, 45, 51, 255));
    c[ImGuiCol_FrameBgHovered] = as_vector(IM_COL32(54, 58, 66, 255));
    c[ImGuiCol_FrameBgActive] = as_vector(IM_COL32(60, 66, 76, 255));
    c[ImGuiCol_TitleBg] = as_vector(colours::kPanel);
    c[ImGuiCol_TitleBgActive] = as_vector(IM_COL32(38, 42, 48, 255));
    c[ImGuiCol_MenuBarBg] = as_vector(colours::kPanel);
    c[ImGuiCol_ScrollbarBg] = ImVec4(0, 0, 0, 0);
    c[ImGuiCol_ScrollbarGrab] = as_vector(IM_COL32(66, 70, 78, 255));
    c[ImGuiCol_ScrollbarGrabHovered] = as_vector(IM_COL32(84, 90, 100, 255));
    c[ImGuiCol_ScrollbarGrabActive] = as_vector(colours::kAccent);
    c[ImGuiCol_CheckMark] = as_vector(colours::kAccent);
    c[ImGuiCol_Button] = as_vector(IM_COL32(46, 49, 56, 255));
    c[ImGuiCol_ButtonHovered] = as_vector(IM_COL32(62, 68, 78, 255));
    c[ImGuiCol_ButtonActive] = as_vector(IM_COL32(62, 96, 124, 255));
    c[ImGuiCol_Header] = as_vector(IM_COL32(48, 66, 82, 255));
    c[ImGuiCol_HeaderHovered] = as_vector(IM_COL32(56, 72, 88, 255));
    c[ImGuiCol_HeaderActive] = as_vector(IM_COL32(62, 84, 104, 255));
    c[ImGuiCol_Separator] = as_vector(colours::kLine);
    c[ImGuiCol_Tab] = as_vector(colours::kPanel);
    c[ImGuiCol_TabHovered] = as_vector(IM_COL32(56, 72, 88, 255));
    c[ImGuiCol_TabActive] = as_vector(IM_COL32(48, 66, 82, 255));
    c[ImGuiCol_TableHeaderBg] = as_vector(IM_COL32(34, 36, 41, 255));
    c[ImGuiCol_TableBorderLight] = as_vector(IM_COL32(44, 47, 53, 255));
    c[ImGuiCol_TableBorderStrong] = as_vector(colours::kLine);
    c[ImGuiCol_TableRowBgAlt] = as_vector(IM_COL32(32, 34, 39, 255));
    c[ImGuiCol_TextSelectedBg] = as_vector(IM_COL32(62, 96, 124, 255));
    c[ImGuiCol_NavHighlight] = as_vector(colours::kAccent);
    c[ImGuiCol_ModalWindowDimBg] = ImVec4(0, 0, 0, 0.55F);
}

void darken(ImGuiStyle& style) {
    const auto black = as_vector(IM_COL32(6, 6, 7, 255));
    for (const auto which : {ImGuiCol_WindowBg, ImGuiCol_MenuBarBg, ImGuiCol_TitleBg,
                             ImGuiCol_TitleBgActive, ImGuiCol_Tab, ImGuiCol_TableRowBgAlt}) {
        style.Colors[which] = black;
    }
    style.Colors[ImGuiCol_Text] = as_vector(IM_COL32(170, 172, 176, 255));
    style.Colors[ImGuiCol_Button] = as_vector(IM_COL32(26, 28, 32, 255));
    style.Colors[ImGuiCol_FrameBg] = as_vector(IM_COL32(24, 26, 30, 255));
    style.Colors[ImGuiCol_PopupBg] = as_vector(IM_COL32(14, 15, 17, 252));
}

void sharpen(ImGuiStyle& style) {
    style.Colors[ImGuiCol_WindowBg] = style.Colors[ImGuiCol_MenuBarBg] =
        as_vector(IM_COL32(0, 0, 0, 255));
    style.Colors[ImGuiCol_PopupBg] = as_vector(IM_COL32(0, 0, 0, 255));
    style.Colors[ImGuiCol_Text] = as_vector(IM_COL32(245, 245, 245, 255));
    style.Colors[ImGuiCol_TextDisabled] = as_vector(IM_COL32(200, 202, 206, 255));
    style.Colors[ImGuiCol_Border] = style.Colors[ImGuiCol_Separator] =
        as_vector(IM_COL32(150, 154, 160, 255));
    style.Colors[ImGuiCol_ButtonActive] = style.Colors[ImGuiCol_Header] =
        as_vector(IM_COL32(20, 92, 150, 255));
    style.FrameBorderSize = 1.0F;
}

}  // namespace

void apply_theme(double font_scale, Theme theme) {
    ImGuiStyle style;
    set_colours(style);
    if (theme == Theme::black) {
        darken(style);
    } else if (theme == Theme::contrast) {
        sharpen(style);
    }
    style.WindowPadding = ImVec2(8, 6);
    style.FramePadding = ImVec2(7, 3);
    style.ItemSpacing = ImVec2(6, 5);
    style.CellPadding = ImVec2(5, 2);
    style.WindowRounding = 0.0F;
    style.ChildRounding = 2.0F;
    style.FrameRounding = 3.0F;
    style.PopupRounding = 4.0F;
    style.GrabRounding = 3.0F;
    style.TabRounding = 3.0F;
    style.ScrollbarSize = 11.0F;
    style.WindowBorderSize = 0.0F;
    style.PopupBorderSize = 1.0F;
    style.WindowMenuButtonPosition = ImGuiDir_None;
    style.ScaleAllSizes(static_cast<float>(font_scale));
    ImGui::GetStyle() = style;
}

ImU32 colour_of(const Highlight& highlight) {
    if (!is_leak(highlight.kind)) {
        return IM_COL32(204, 121, 167, 255);
    }
    switch (highlight.grade) {
        case Grade::definite:
            return IM_COL32(232, 104, 32, 255);
        case Grade::high:
            return IM_COL32(230, 170, 40, 255);
        case Grade::low:
            break;
    }
    return IM_COL32(86, 180, 233, 255);
}

ImU32 colour_of(Quality quality) {
    switch (quality) {
        case Quality::good:
            return IM_COL32(58, 122, 140, 255);
        case Quality::fair:
            return IM_COL32(166, 160, 84, 255);
        case Quality::poor:
            return IM_COL32(214, 140, 48, 255);
        case Quality::failed:
            return IM_COL32(208, 84, 48, 255);
        case Quality::no_mask:
            break;
    }
    return IM_COL32(62, 65, 72, 255);
}

ImU32 series_colour(std::size_t index) {
    constexpr ImU32 kColours[] = {IM_COL32(240, 214, 120, 255), IM_COL32(86, 180, 233, 255),
                                  IM_COL32(0, 170, 130, 255),   IM_COL32(204, 121, 167, 255),
                                  IM_COL32(230, 140, 40, 255),  IM_COL32(150, 160, 240, 255)};
    return kColours[index % std::size(kColours)];
}

ImU32 with_alpha(ImU32 colour, double alpha) {
    const auto value = static_cast<ImU32>(std::lround(std::clamp(alpha, 0.0, 1.0) * 255.0));
    return (colour & ~IM_COL32_A_MASK) | (value << IM_COL32_A_SHIFT);
}

}  // namespace dsm::viewer
