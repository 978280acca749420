// Texts in the corners, orientation letters and the scale bar.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "viewer/canvas/canvas.h"
#include "viewer/short_text.h"
#include "viewer/study_rows.h"
#include "viewer/theme.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

struct Line {
    std::string text;
    ImU32 colour{colours::kText};
};
using Lines = std::vector<Line>;

constexpr float kMargin = 8.0F;
// The panels' dim grey would be lost over a picture.
constexpr ImU32 kQuiet = IM_COL32(176, 180, 187, 255);

void add(Lines& lines, const std::string& text, ImU32 colour = colours::kText) {
    if (!text.empty()) {
        lines.push_back({text, colour});
    }
}

// Long header texts must not run into the other corner.
std::string cut(const std::string& text, double width) {
    const auto room = static_cast<float>(width);
    return shortened(
        text, [&](const std::string& t) { return ImGui::CalcTextSize(t.c_str()).x <= room; });
}

void draw_block(ImDrawList& list, const Rect& rect, bool right, bool bottom, const Lines& lines) {
    const float step = ImGui::GetTextLineHeight() + 3.0F;
    const float x =
        right ? static_cast<float>(rect.right()) - kMargin : static_cast<float>(rect.x) + kMargin;
    float y = bottom ? static_cast<float>(rect.bottom()) - kMargin -
                           step * static_cast<float>(lines.size())
                     : static_cast<float>(rect.y) + kMargin;
    for (const auto& line : lines) {
        draw_shaded_text(list, ImVec2(x, y), ImVec2(right ? 1.0F : 0.0F, 0.0F), line.colour,
                         cut(line.text, 0.56 * rect.width));
        y += step;
    }
}

std::string readable_name(std::string name) {
    std::replace(name.begin(), name.end(), '^', ' ');
    while (!name.empty() && name.back() == ' ') {
        name.pop_back();
    }
    return name;
}

Lines patient_lines(const RunInfo& info) {
    Lines lines;
    add(lines, readable_name(info.patient_name));
    add(lines, info.patient_id, kQuiet);
    add(lines, shown_date(info.study_date), kQuiet);
    add(lines, info.study_description, kQuiet);
    return lines;
}

// What stands behind the picture: the state mark of every view.
Line state_of_subtraction(const Workspace& workspace) {
    const auto& run = *workspace.run();
    const auto frame = workspace.run_view().frame;
    if (workspace.view.unregistered_held) {
        return {"UNREGISTERED", colours::kWarning};
    }
    if (run.processing_failure() && run.job_with(frame) == nullptr) {
        return {"FAILED", colours::kError};
    }
    const auto motion = run.motion_of(frame);
    if (!motion || run.outdated(frame)) {
        return {"PROCESSING", colours::kWarning};
    }
    if (motion->quality == Quality::no_mask) {
        return {"NO MASK YET", kQuiet};
    }
    if (motion->quality == Quality::failed) {
        return {"REGISTRATION FAILED", colours::kError};
    }
    if (motion->used == RegistrationMethod::none) {
        return {"UNREGISTERED", colours::kWarning};
    }
    return {fmt::format("REGISTERED {}, {}", to_string(motion->used), to_string(motion->quality)),
            motion->quality == Quality::poor ? colours::kWarning : colours::kText};
}

Lines state_lines(const Workspace& workspace, const ViewOnScreen& view) {
    const auto& run = *workspace.run();
    Lines lines;
    switch (view.kind) {
        case PictureKind::original:
            add(lines, "ORIGINAL");
            break;
        case PictureKind::mask: {
            const auto mask =
                mask_frame_for(run, workspace.run_view().frame, workspace.run_review());
            add(lines, mask ? fmt::format("MASK frame {}", *mask + 1) : "NO MASK YET");
            break;
        }
        case PictureKind::subtracted: {
            add(lines, "SUBTRACTED");
            add(lines, shows_filtered(workspace) ? "filtered for the eye" : "", colours::kAccent);
            lines.push_back(state_of_subtraction(workspace));
            const auto motion = run.motion_of(workspace.run_view().frame);
            // What was measured is the registered subtraction.
            if (motion && motion->artefact_ratio && !workspace.view.unregistered_held) {
                add(lines, fmt::format("artefact {:.2f}\xc3\x97 noise", *motion->artefact_ratio),
                    kQuiet);
            }
            if (const auto& shift = workspace.run_review().manual_shift_px) {
                add(lines, fmt::format("by hand {:+.1f}, {:+.1f} px", shift->x, shift->y),
                    colours::kMark);
            }
            break;
        }
        case PictureKind::peak:
            add(lines, "PEAK OPACITY");
            break;
        case PictureKind::variance:
            add(lines, "MASK-FREE VIEW");
            add(lines, "deviation over the run", kQuiet);
            break;
        case PictureKind::arrival:
            add(lines, "ARRIVAL OF CONTRAST");
            add(lines,
                run.info().has_timing() ? "dark early, yellow late; grey: none"
                                        : "by frame; timing unknown",
                kQuiet);
            break;
    }
    if (run.info().shutter && !workspace.view.shutter_shown) {
        add(lines,
            view.kind == PictureKind::original ? "shutter open"
                                               : "SHUTTER OPEN: not measured outside it",
            colours::kAccent);
    }
    if (shows_sharpened(workspace, view.kind)) {
        add(lines, "sharpened for the eye", colours::kAccent);
    }
    for (const auto& image : workspace.run_review().key_images) {
        if (image.frame == workspace.run_view().frame && image.shown.kind == view.kind) {
            add(lines, fmt::format("KEY IMAGE {}", image.id), colours::kMark);
        }
    }
    if (shows_anatomy(workspace, view.kind)) {
        add(lines, fmt::format("anatomy {:.0f} %", 100.0 * workspace.view.anatomy_part),
            colours::kAccent);
    }
    if (!view.transform.orientation().plain()) {
        const auto& shown = view.transform.orientation();
        add(lines,
            fmt::format("{}{}", shown.mirrored ? "MIRRORED " : "",
                        shown.quarter_turns == 0
                            ? ""
                            : fmt::format("TURNED {}\xc2\xb0", 90 * shown.quarter_turns)),
            colours::kWarning);
    }
    if (run.info().lossy) {
        add(lines, "LOSSY", colours::kWarning);
    }
    if (run.info().already_subtracted) {
        add(lines, "SUBTRACTED BY THE MAKER", colours::kWarning);
    }
    return lines;
}

std::string window_text(const DisplayWindow& window, PictureKind kind) {
    if (kind == PictureKind::arrival) {
        return {};  // the scale says it
    }
    return kind == PictureKind::original || kind == PictureKind::mask
               ? fmt::format("C {:.0f}  W {:.0f}", window.center, window.width)
               : fmt::format("C {:.3f}  W {:.3f} opacity", window.center, window.width);
}

Lines frame_lines(const Workspace& workspace, const ViewOnScreen& view) {
    const auto& info = workspace.run()->info();
    const auto frame = workspace.run_view().frame;
    Lines lines;
    if (const auto window = window_slot(workspace.run_view(), view.kind)) {
        add(lines, window_text(*window, view.kind), kQuiet);
    }
    add(lines, fmt::format("Zoom {:.0f} %", 100.0 * view.transform.scale()), kQuiet);
    const auto time = time_of(info, frame);
    add(lines, time ? fmt::format("Frame {}/{}   {:.2f} s", frame + 1, info.frames, *time)
                    : fmt::format("Frame {}/{}   timing unknown", frame + 1, info.frames));
    return lines;
}

Lines run_lines(const RunInfo& info) {
    Lines lines;
    if (info.primary_angle_deg && info.secondary_angle_deg) {
        add(lines,
            fmt::format("{} {:.0f}\xc2\xb0  {} {:.0f}\xc2\xb0",
                        *info.primary_angle_deg < 0.0 ? "RAO" : "LAO",
                        std::abs(*info.primary_angle_deg),
                        *info.secondary_angle_deg < 0.0 ? "CAU" : "CRA",
                        std::abs(*info.secondary_angle_deg)),
            kQuiet);
    }
    add(lines, info.series_description, kQuiet);
    add(lines, position_text(info.position));
    return lines;
}

// The side of the picture (0 left, 1 right, 2 top, 3 bottom) that lies on this side of the screen.
int picture_side(const Orientation& orientation, int side) {
    constexpr Point kOutwards[] = {{-1.0, 0.0}, {1.0, 0.0}, {0.0, -1.0}, {0.0, 1.0}};
    const Point out = orientation.from_screen(kOutwards[static_cast<std::size_t>(side)]);
    return out.x < -0.5 ? 0 : out.x > 0.5 ? 1 : out.y < -0.5 ? 2 : 3;
}

const char* left_letter(LeftInImage left, int side) {
    // Sides of the picture: 0 left, 1 right, 2 top, 3 bottom.
    switch (left) {
        case LeftInImage::towards_smaller_x:
            return side == 0 ? "L" : side == 1 ? "R" : nullptr;
        case LeftInImage::towards_larger_x:
            return side == 1 ? "L" : side == 0 ? "R" : nullptr;
        case LeftInImage::towards_smaller_y:
            return side == 2 ? "L" : side == 3 ? "R" : nullptr;
        case LeftInImage::towards_larger_y:
            return side == 3 ? "L" : side == 2 ? "R" : nullptr;
        case LeftInImage::undetermined:
            break;
    }
    return nullptr;
}

const char* head_letter(HeadInImage head, int side) {
    switch (head) {
        case HeadInImage::towards_smaller_x:
            return side == 0 ? "H" : side == 1 ? "F" : nullptr;
        case HeadInImage::towards_larger_x:
            return side == 1 ? "H" : side == 0 ? "F" : nullptr;
        case HeadInImage::towards_smaller_y:
            return side == 2 ? "H" : side == 3 ? "F" : nullptr;
        case HeadInImage::towards_larger_y:
            return side == 3 ? "H" : side == 2 ? "F" : nullptr;
        case HeadInImage::undetermined:
            break;
    }
    return nullptr;
}

void draw_orientation(const RunInfo& info, const Orientation& orientation, const Rect& rect,
                      ImDrawList& list) {
    const auto middle_x = static_cast<float>(rect.x + 0.5 * rect.width);
    const auto middle_y = static_cast<float>(rect.y + 0.5 * rect.height);
    const ImVec2 places[] = {{static_cast<float>(rect.x) + kMargin, middle_y},
                             {static_cast<float>(rect.right()) - kMargin, middle_y},
                             {middle_x, static_cast<float>(rect.y) + kMargin},
                             {middle_x, static_cast<float>(rect.bottom()) - kMargin}};
    const ImVec2 anchors[] = {{0.0F, 0.5F}, {1.0F, 0.5F}, {0.5F, 0.0F}, {0.5F, 1.0F}};
    for (int side = 0; side < 4; ++side) {
        const int of_picture = picture_side(orientation, side);
        const char* letter = left_letter(info.left_in_image, of_picture);
        letter = letter != nullptr ? letter : head_letter(info.head_in_image, of_picture);
        if (letter != nullptr) {
            draw_shaded_text(list, places[side], anchors[side], colours::kText, letter);
        }
    }
}

const char* basis_text(SpacingBasis basis) {
    switch (basis) {
        case SpacingBasis::calibrated:
            return "calibrated";
        case SpacingBasis::at_isocentre:
            return "estimated at isocentre";
        case SpacingBasis::at_detector:
            return "at detector";
        case SpacingBasis::unknown:
            break;
    }
    return "basis unknown";
}

// 1, 2 or 5 times a power of ten that is `most` at the largest.
double round_length(double most) {
    const double power = std::pow(10.0, std::floor(std::log10(most)));
    for (const double step : {5.0, 2.0, 1.0}) {
        if (step * power <= most) {
            return step * power;
        }
    }
    return power;
}

}  // namespace

bool is_small(const Rect& rect) {
    const auto line = static_cast<double>(ImGui::GetTextLineHeight());
    return rect.width < 18.0 * line || rect.height < 15.0 * line;
}

void draw_corner_texts(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    if (workspace.view.overlay == Overlay::none) {
        return;
    }
    const auto& info = workspace.run()->info();
    if (is_small(view.rect)) {
        const auto state = state_lines(workspace, view);
        const auto frame = frame_lines(workspace, view);
        draw_block(list, view.rect, true, false, {state.front()});
        draw_block(list, view.rect, false, true, {frame.back()});
        // Clear of the words above and below, which reach to the middle here.
        const auto line = static_cast<double>(ImGui::GetTextLineHeight()) + 4.0;
        const Rect between{view.rect.x, view.rect.y + line, view.rect.width,
                           view.rect.height - 2.0 * line};
        draw_orientation(info, view.transform.orientation(), between, list);
        return;
    }
    // Two runs may be of two patients: each view says whose it is.
    const bool says_whose = view.index == 0 || workspace.view.layout == Layout::two_runs;
    if (workspace.view.overlay == Overlay::all && says_whose) {
        draw_block(list, view.rect, false, false, patient_lines(info));
    }
    draw_block(list, view.rect, true, false, state_lines(workspace, view));
    draw_block(list, view.rect, false, true, frame_lines(workspace, view));
    if (workspace.view.overlay == Overlay::all) {
        draw_block(list, view.rect, true, true, run_lines(info));
    }
    draw_orientation(info, view.transform.orientation(), view.rect, list);
}

void draw_scale_bar(const Workspace& workspace, const ViewOnScreen& view, ImDrawList& list) {
    const auto& info = workspace.run()->info();
    const auto spacing = mean_spacing_mm(info);
    if (!spacing || workspace.view.overlay != Overlay::all || view.index != 0 ||
        is_small(view.rect)) {
        return;
    }
    const double px_per_mm = view.transform.scale() / *spacing;
    const double length_mm = round_length(0.22 * view.rect.width / px_per_mm);
    const auto length = static_cast<float>(length_mm * px_per_mm);
    const auto x = static_cast<float>(view.rect.right()) - kMargin - length;
    const float text_height = ImGui::GetTextLineHeight();
    const float y = static_cast<float>(view.rect.bottom()) - kMargin -
                    (text_height + 3.0F) * static_cast<float>(run_lines(info).size()) -
                    0.9F * text_height;
    for (const float tick : {x, x + length}) {
        list.AddLine(ImVec2(tick, y - 4), ImVec2(tick, y + 4), colours::kText, 1.5F);
    }
    list.AddLine(ImVec2(x, y), ImVec2(x + length, y), colours::kText, 1.5F);
    draw_shaded_text(list, ImVec2(x + length, y - 0.5F * text_height), ImVec2(1.0F, 1.0F),
                     colours::kText,
                     fmt::format("{:g} mm, {}", length_mm, basis_text(info.spacing->basis)));
}

}  // namespace dsm::viewer
