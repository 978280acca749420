// The pictures in the middle of the window: drawing them, what lies over them, and the mouse.
#pragma once

#include <imgui.h>

#include <optional>
#include <string>
#include <vector>

#include "viewer/canvas/picture_renderer.h"
#include "viewer/canvas/view_transform.h"
#include "viewer/invocation.h"
#include "viewer/panes.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

// One view on the screen.
struct ViewOnScreen {
    std::size_t index{0};
    std::size_t run{0};
    bool in_front{true};  // false: of the other of two runs
    PictureKind kind{PictureKind::original};
    Rect rect;
    ViewTransform transform{{1.0, 1.0}, {}, 1.0};

    [[nodiscard]] ImVec2 screen(Point image_point) const {
        const Point at = transform.view_from_image(image_point);
        return {static_cast<float>(rect.x + at.x), static_cast<float>(rect.y + at.y)};
    }
    [[nodiscard]] Point image(ImVec2 screen_point) const {
        return transform.image_from_view({static_cast<double>(screen_point.x) - rect.x,
                                          static_cast<double>(screen_point.y) - rect.y});
    }
};

// A drag under way: shown as it will be, turned into one action when the button comes up.
struct Gesture {
    enum class Kind {
        none,
        window,
        pan,
        zoom,
        arrow,
        ellipse,
        polygon,
        line,
        angle,
        move_annotation,
        move_level
    };
    Kind kind{Kind::none};
    std::size_t view{0};
    Point start_px{};  // image points
    Point now_px{};
    ImVec2 start_screen{};
    MarkId annotation{0};
    int handle{-1};
    std::string level;
    std::vector<Point> vertices_px;
    // Text being written, in the picture.
    std::optional<Point> text_at_px;
    std::optional<MarkId> text_of;
    std::string text;
    bool text_needs_focus{false};
};

// Draws each view with its own run in front; the one that was is in front again afterwards.
void draw_canvas(Workspace&, PictureRenderer&, Gesture&, const Rect& area, Intents&);

// The mouse over one view, or a drag that began there.
void handle_mouse(const Workspace&, const ViewOnScreen&, Gesture&, Intents&);

// Lines and signs grow with the text, so that they are seen on a dense screen too: 1 at 100 %.
[[nodiscard]] float mark_scale();

// What lies over the picture.
// Says across the top that the picture is poor, failed or no plain subtraction, and why; returns
// the height taken. Shown however few texts are wanted.
double draw_banner(const Workspace&, const ViewOnScreen&, ImDrawList&);
// Too small for more than the texts that say what is seen.
[[nodiscard]] bool is_small(const Rect& rect);
void draw_corner_texts(const Workspace&, const ViewOnScreen&, ImDrawList&);
void draw_scale_bar(const Workspace&, const ViewOnScreen&, ImDrawList&);
// What grey or colour means which opacity.
void draw_opacity_scale(const Workspace&, const ViewOnScreen&, ImDrawList&);
void draw_highlights(const Workspace&, const ViewOnScreen&, ImDrawList&);
void draw_levels(const Workspace&, const ViewOnScreen&, const Gesture&, ImDrawList&);
void draw_annotations(const Workspace&, const ViewOnScreen&, const Gesture&, ImDrawList&);
void draw_gesture(const Workspace&, const ViewOnScreen&, const Gesture&, ImDrawList&);
void draw_probe(const Workspace&, const ViewOnScreen&, ImDrawList&);

// Text with a dark shade behind it, so that it reads on any picture. `anchor` 0..1: which part of
// the text lies at the point, 0 left/top, 1 right/bottom.
void draw_shaded_text(ImDrawList&, ImVec2 at, ImVec2 anchor, ImU32 colour, const std::string& text);

}  // namespace dsm::viewer
