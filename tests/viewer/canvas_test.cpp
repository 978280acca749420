#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "viewer/canvas/hit_test.h"
#include "viewer/canvas/view_transform.h"
#include "viewer/marks.h"
#include "viewer/panes.h"

using namespace dsm;
using namespace dsm::viewer;

TEST_CASE("a picture at its fitted size touches the view's nearer sides") {
    const auto transform = make_transform({512, 640}, {800.0, 640.0}, {});
    CHECK(transform.scale() == Approx(1.0));
    // The outer edge of the first row of pixels lies half a pixel above its centre.
    CHECK(transform.view_from_image({0.0, -0.5}).y == Approx(0.0));
    CHECK(transform.view_from_image({0.0, 639.5}).y == Approx(640.0));
}

TEST_CASE("view points come back from image points at any zoom and place") {
    CHECK(rc::check([] {
        const Magnification magnification{
            *rc::gen::inRange(1, 400) / 20.0,
            {*rc::gen::inRange(-50, 50) / 100.0, *rc::gen::inRange(-50, 50) / 100.0}};
        const auto transform = make_transform({1024, 768}, {900.0, 500.0}, magnification);
        const Point image{*rc::gen::inRange(-100, 1200) + 0.25, *rc::gen::inRange(-100, 900) + 0.5};
        const Point back = transform.image_from_view(transform.view_from_image(image));
        RC_ASSERT(distance(back, image) < 1e-6);
    }));
}

TEST_CASE("zooming keeps the pixel under the pointer under the pointer") {
    const Extent picture{512, 640};
    const Point view{700.0, 600.0};
    const Point pointer{390.0, 250.0};
    const auto before = make_transform(picture, view, {});
    const auto zoomed = zoomed_at({}, picture, view, pointer, 2.0);
    const auto after = make_transform(picture, view, zoomed);
    CHECK(zoomed.zoom == Approx(2.0));
    CHECK(distance(before.image_from_view(pointer), after.image_from_view(pointer)) < 1e-9);
}

TEST_CASE("panning moves the picture by the pointer's way, and never out of the view") {
    const Extent picture{512, 512};
    const Point view{512.0, 512.0};
    const auto moved_by = panned({2.0, {}}, picture, view, {30.0, -20.0});
    const auto before = make_transform(picture, view, {2.0, {}});
    const auto after = make_transform(picture, view, moved_by);
    const Point way =
        after.view_from_image({100.0, 100.0}) - before.view_from_image({100.0, 100.0});
    CHECK(way.x == Approx(30.0));
    CHECK(way.y == Approx(-20.0));
    const auto far = panned({2.0, {}}, picture, view, {1e6, 0.0});
    CHECK(std::abs(far.offset.x) <= 0.5);
}

TEST_CASE("an annotation is hit by its outline, in its frames alone, handles of the chosen first") {
    RunReview review;
    review.annotations.push_back({1, EllipseShape{{100.0, 100.0}, 20.0, 10.0}, "", {}, true, {}});
    review.annotations.push_back(
        {2, ArrowShape{{10.0, 10.0}, {50.0, 10.0}}, "", FrameRange{4, 6}, false, {}});
    CHECK(hit_annotation(review, 0, {120.0, 100.0}, 3.0, {})->id == 1);
    CHECK_FALSE(hit_annotation(review, 0, {100.0, 100.0}, 3.0, {}));
    CHECK_FALSE(hit_annotation(review, 0, {30.0, 11.0}, 3.0, {}));
    CHECK(hit_annotation(review, 5, {30.0, 11.0}, 3.0, {})->id == 2);
    const auto handle = hit_annotation(review, 5, {49.0, 10.0}, 3.0, MarkId{2});
    REQUIRE(handle);
    CHECK(handle->handle == 1);
}

TEST_CASE("moving a shape moves all of it, moving a handle moves that alone") {
    const Shape arrow = ArrowShape{{0.0, 0.0}, {10.0, 0.0}};
    CHECK(std::get<ArrowShape>(moved(arrow, {5.0, 1.0}, -1)) ==
          ArrowShape{{5.0, 1.0}, {15.0, 1.0}});
    CHECK(std::get<ArrowShape>(moved(arrow, {5.0, 1.0}, 1)) == ArrowShape{{0.0, 0.0}, {15.0, 1.0}});
    const Shape ellipse = EllipseShape{{0.0, 0.0}, 10.0, 5.0};
    CHECK(std::get<EllipseShape>(moved(ellipse, {-50.0, 0.0}, 0)).radius_x_px >= 1.0);
}

TEST_CASE("panes fill the window without overlap at every size") {
    for (const Extent size : {Extent{1280, 720}, Extent{1920, 1080}, Extent{3840, 2160}}) {
        for (const double line : {15.0, 30.0}) {
            const auto panes = arrange(size, line, true, true);
            CAPTURE(size.width, line);
            CHECK(panes.toolbar.y == panes.menu.bottom());
            CHECK(panes.canvas.y == panes.toolbar.bottom());
            CHECK(panes.timeline.y == Approx(panes.canvas.bottom()));
            CHECK(panes.status.y == Approx(panes.timeline.bottom()));
            CHECK(panes.status.bottom() == Approx(size.height));
            CHECK(panes.canvas.x == panes.runs.right());
            CHECK(panes.side.x == Approx(panes.canvas.right()));
            CHECK(panes.side.right() == Approx(size.width));
            CHECK(panes.canvas.width > 300.0);
        }
    }
}

TEST_CASE(
    "a picture mirrored or turned comes back from the screen, and what is done twice undoes") {
    CHECK(rc::check([] {
        const Orientation orientation{*rc::gen::inRange(0, 4), *rc::gen::arbitrary<bool>()};
        const Magnification magnification{2.0, {0.1, -0.2}, orientation};
        const auto transform = make_transform({1024, 768}, {900.0, 500.0}, magnification);
        const Point image{*rc::gen::inRange(-100, 1200) + 0.25, *rc::gen::inRange(-100, 900) + 0.5};
        RC_ASSERT(distance(transform.image_from_view(transform.view_from_image(image)), image) <
                  1e-6);
        RC_ASSERT(orientation.mirrored_across().mirrored_across() == orientation);
        RC_ASSERT(orientation.mirrored_upright().mirrored_upright() == orientation);
        RC_ASSERT(orientation.turned(1).turned(-1) == orientation);
        // On the screen: mirroring turns right into left, whatever was done before.
        const Point right = orientation.from_screen({1.0, 0.0});
        RC_ASSERT(orientation.mirrored_across().onto_screen(right) == (Point{-1.0, 0.0}));
        RC_ASSERT(orientation.mirrored_upright().onto_screen(right) == (Point{1.0, 0.0}));
        RC_ASSERT(orientation.turned(1).onto_screen(right) == (Point{0.0, 1.0}));
        // Dragging still moves the picture with the pointer.
        const auto moved = panned(magnification, {1024, 768}, {900.0, 500.0}, {5.0, -3.0});
        const auto after = make_transform({1024, 768}, {900.0, 500.0}, moved);
        RC_ASSERT(distance(after.view_from_image(image) - transform.view_from_image(image),
                           {5.0, -3.0}) < 1e-6);
    }));
}

TEST_CASE("a picture turned by a right angle fits with its sides exchanged") {
    CHECK(fit_scale({200, 100}, {100.0, 200.0}) == Approx(0.5));
    CHECK(fit_scale({200, 100}, {100.0, 200.0}, {1, false}) == Approx(1.0));
}

TEST_CASE("four views fill the canvas in two rows, and more rows of buttons leave it less room") {
    const Rect canvas{10.0, 20.0, 400.0, 300.0};
    const auto rects = split_views(canvas, 4);
    REQUIRE(rects.size() == 4);
    CHECK((rects[0].x == canvas.x && rects[0].y == canvas.y));
    CHECK((rects[3].right() == Approx(canvas.right()) && rects[3].bottom() == Approx(320.0)));
    CHECK(rects[1].x > rects[0].right());
    CHECK(rects[2].y > rects[0].bottom());
    const auto one = arrange({1280, 720}, 15.0, true, false, 1);
    const auto two = arrange({1280, 720}, 15.0, true, false, 2);
    CHECK(two.canvas.y > one.canvas.y);
    CHECK(two.canvas.bottom() == Approx(one.canvas.bottom()));
}
