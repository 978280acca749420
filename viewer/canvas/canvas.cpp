#include "viewer/canvas/canvas.h"

#include <algorithm>
#include <cmath>

#include "viewer/theme.h"
#include "viewer/window_level.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

PictureSource source_of(const Workspace& workspace, PictureKind kind) {
    const auto& run = *workspace.run();
    PictureSource source;
    source.run = &run;
    source.kind = kind;
    source.frame = workspace.run_view().frame;
    source.sharpened = shows_sharpened(workspace, kind);
    if (shows_anatomy(workspace, kind)) {
        source.anatomy = source.frame;
    }
    if (kind == PictureKind::mask) {
        source.frame = mask_frame_for(run, source.frame, workspace.run_review()).value_or(0);
    }
    if (kind == PictureKind::subtracted) {
        source.unregistered = workspace.view.unregistered_held;
        const auto* job =
            source.unregistered ? run.unregistered_with(source.frame) : run.job_with(source.frame);
        source.job = job == nullptr ? 0 : job->serial();
        source.filtered = shows_filtered(workspace);
    }
    if (is_of_the_run(kind)) {
        source.frame = 0;
        const auto findings = run.findings();
        const auto* job = run.newest_job();
        source.job = job == nullptr || findings == nullptr || findings->result == nullptr
                         ? 0
                         : job->serial();
    }
    return source;
}

PictureLook look_of(const Workspace& workspace, PictureKind kind, const Rect& rect,
                    const Magnification& magnification) {
    const auto& view = workspace.run_view();
    const bool native = kind == PictureKind::original || kind == PictureKind::mask;
    const float scale = ImGui::GetIO().DisplayFramebufferScale.x;
    const auto pixels = [scale](double length) {
        return std::max(1, static_cast<int>(std::lround(length * static_cast<double>(scale))));
    };
    return {window_slot(view, kind).value_or(window_for_opacity(0.2)),
            native ? view.native_inverted : view.opacity_inverted,
            magnification,
            Extent{pixels(rect.width), pixels(rect.height)},
            shows_anatomy(workspace, kind) ? workspace.view.anatomy_part : 0.0,
            view.native_window.value_or(DisplayWindow{0.0, 1.0}),
            view.native_inverted,
            shows_colours(workspace, kind),
            shutter_in_force(workspace)};
}

void draw_message(ImDrawList& list, const Rect& rect, const Error& error) {
    const bool waiting = error.kind == ErrorKind::not_found;
    const std::string text = waiting ? error.what : error.message();
    const auto wrap = static_cast<float>(0.8 * rect.width);
    const auto* font = ImGui::GetFont();
    const auto size = font->CalcTextSizeA(ImGui::GetFontSize(), FLT_MAX, wrap, text.c_str());
    const ImVec2 at(static_cast<float>(rect.x + 0.5 * (rect.width - static_cast<double>(size.x))),
                    static_cast<float>(rect.y + 0.5 * (rect.height - static_cast<double>(size.y))));
    list.AddText(font, ImGui::GetFontSize(), at, waiting ? colours::kDim : colours::kError,
                 text.c_str(), nullptr, wrap);
}

// Over the picture, in this order: what was found, levels, the reader's marks, texts.
void draw_overlays(const Workspace& workspace, const ViewOnScreen& view, const Gesture& gesture,
                   ImDrawList& list) {
    draw_levels(workspace, view, gesture, list);
    if (workspace.view.highlights_shown) {
        draw_highlights(workspace, view, list);
    }
    draw_annotations(workspace, view, gesture, list);
    draw_gesture(workspace, view, gesture, list);
    draw_probe(workspace, view, list);
    draw_scale_bar(workspace, view, list);
    draw_opacity_scale(workspace, view, list);
    ViewOnScreen below = view;
    const double banner = draw_banner(workspace, view, list);
    below.rect.y += banner;
    below.rect.height -= banner;
    draw_corner_texts(workspace, below, list);
}

// The picture at three times its size round the pointer, in every view at the same place.
void draw_magnifier(const Workspace& workspace, PictureRenderer& renderer, const ViewOnScreen& view,
                    ImDrawList& list) {
    constexpr double kTimes = 3.0;
    if (!workspace.view.magnifier_shown || !workspace.view.probe_px) {
        return;
    }
    const double size = std::min(16.0 * static_cast<double>(ImGui::GetFontSize()),
                                 0.42 * std::min(view.rect.width, view.rect.height));
    const ImVec2 middle = view.screen(*workspace.view.probe_px);
    const Rect lens{static_cast<double>(middle.x) - 0.5 * size,
                    static_cast<double>(middle.y) - 0.5 * size, size, size};
    // Its zoom is over what would fit into the lens.
    const auto extent = workspace.run()->info().extent;
    auto magnification = workspace.run_view().magnification;
    magnification = centred_on(magnification, extent, *workspace.view.probe_px);
    magnification.zoom = kTimes * view.transform.scale() /
                         fit_scale(extent, {size, size}, magnification.orientation);
    const auto texture =
        renderer.draw(view.index + PictureRenderer::kViews, source_of(workspace, view.kind),
                      look_of(workspace, view.kind, lens, magnification));
    if (!texture) {
        return;
    }
    const ImVec2 low(static_cast<float>(lens.x), static_cast<float>(lens.y));
    const ImVec2 high(static_cast<float>(lens.right()), static_cast<float>(lens.bottom()));
    list.AddImageRounded(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(*texture)), low,
                         high, ImVec2(0, 1), ImVec2(1, 0), IM_COL32_WHITE, 6.0F);
    list.AddRect(low, high, colours::kAccent, 6.0F, ImDrawFlags_None, 1.5F);
}

void draw_view(const Workspace& workspace, PictureRenderer& renderer, const Gesture& gesture,
               const ViewOnScreen& view, ImDrawList& list) {
    const ImVec2 low(static_cast<float>(view.rect.x), static_cast<float>(view.rect.y));
    const ImVec2 high(static_cast<float>(view.rect.right()),
                      static_cast<float>(view.rect.bottom()));
    list.PushClipRect(low, high, true);
    list.AddRectFilled(low, high, IM_COL32(8, 8, 9, 255));
    const auto texture =
        renderer.draw(view.index, source_of(workspace, view.kind),
                      look_of(workspace, view.kind, view.rect, workspace.run_view().magnification));
    if (texture) {
        // ImGui's name for a texture is a pointer-sized word that the backend reads as GL's.
        list.AddImage(reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(*texture)), low,
                      high, ImVec2(0, 1), ImVec2(1, 0));
        draw_overlays(workspace, view, gesture, list);
        draw_magnifier(workspace, renderer, view, list);
    } else {
        draw_message(list, view.rect, texture.error());
        draw_corner_texts(workspace, view, list);
    }
    list.PopClipRect();
}

void draw_welcome(const Workspace& workspace, const Rect& area, ImDrawList& list) {
    const auto open =
        "Drop a run here, or open one" + key_hint(workspace.keys, "open-dialog") + ".";
    const char* lines[] = {open.c_str(), "DICOM files, folders and DICOMDIR.",
                           "Research software, not for diagnostic use."};
    const double line = static_cast<double>(ImGui::GetTextLineHeightWithSpacing());
    double y = area.y + 0.5 * area.height - 1.5 * line;
    for (const char* text : lines) {
        const auto width = static_cast<double>(ImGui::CalcTextSize(text).x);
        list.AddText(
            ImVec2(static_cast<float>(area.x + 0.5 * (area.width - width)), static_cast<float>(y)),
            text == lines[0] ? colours::kText : colours::kDim, text);
        y += line;
    }
}

}  // namespace

float mark_scale() {
    constexpr float kUsualText_px = 15.0F;
    return std::max(1.0F, ImGui::GetFontSize() / kUsualText_px);
}

void draw_shaded_text(ImDrawList& list, ImVec2 at, ImVec2 anchor, ImU32 colour,
                      const std::string& text) {
    const auto size = ImGui::CalcTextSize(text.c_str());
    const ImVec2 low(std::floor(at.x - anchor.x * size.x), std::floor(at.y - anchor.y * size.y));
    list.AddRectFilled(ImVec2(low.x - 3, low.y - 1), ImVec2(low.x + size.x + 3, low.y + size.y + 1),
                       colours::kShade, 3.0F);
    list.AddText(low, colour, text.c_str());
}

void draw_canvas(Workspace& workspace, PictureRenderer& renderer, Gesture& gesture,
                 const Rect& area, Intents& intents) {
    ImGui::SetNextWindowPos(ImVec2(static_cast<float>(area.x), static_cast<float>(area.y)));
    ImGui::SetNextWindowSize(
        ImVec2(static_cast<float>(area.width), static_cast<float>(area.height)));
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::Begin("canvas", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav);
    ImGui::PopStyleVar();
    auto& list = *ImGui::GetWindowDrawList();
    if (workspace.run() == nullptr) {
        draw_welcome(workspace, area, list);
    } else {
        const auto kinds = pictures_shown(workspace.view, workspace.run_view());
        const auto runs = runs_shown(workspace);
        const auto rects = split_views(area, runs.size());
        const auto front = workspace.study.current;
        const bool two = shows_two_runs(workspace);
        for (std::size_t i = 0; i < runs.size(); ++i) {
            const InFront scope(workspace, runs[i]);
            const auto& run_view = workspace.run_view();
            ViewOnScreen view{i, runs[i], runs[i] == front, kinds[i], rects[i]};
            view.transform =
                make_transform(workspace.run()->info().extent, {rects[i].width, rects[i].height},
                               run_view.magnification);
            ImGui::PushID(static_cast<int>(i));
            ImGui::SetCursorScreenPos(
                ImVec2(static_cast<float>(rects[i].x), static_cast<float>(rects[i].y)));
            ImGui::InvisibleButton("view",
                                   ImVec2(static_cast<float>(std::max(1.0, rects[i].width)),
                                          static_cast<float>(std::max(1.0, rects[i].height))),
                                   ImGuiButtonFlags_MouseButtonLeft |
                                       ImGuiButtonFlags_MouseButtonRight |
                                       ImGuiButtonFlags_MouseButtonMiddle);
            handle_mouse(workspace, view, gesture, intents);
            draw_view(workspace, renderer, gesture, view, list);
            if (two && view.in_front) {
                list.AddRect(ImVec2(static_cast<float>(rects[i].x), static_cast<float>(rects[i].y)),
                             ImVec2(static_cast<float>(rects[i].right()),
                                    static_cast<float>(rects[i].bottom())),
                             colours::kAccent, 0.0F, ImDrawFlags_None, 2.0F);
            }
            ImGui::PopID();
        }
    }
    ImGui::End();
}

}  // namespace dsm::viewer
