#include "tests/review/random_commands.h"

#include <algorithm>

namespace dsm::test {
namespace {

using rc::gen::element;
using rc::gen::just;
using rc::gen::oneOf;

rc::Gen<std::string> any_run() {
    return element<std::string>("1.2.3", "1.2.4", "1.2.840.10008.1");
}
rc::Gen<MarkId> any_id() {
    return rc::gen::inRange<MarkId>(1, 5);
}
rc::Gen<std::string> any_text() {
    return element<std::string>("", "vein?", "Grüße \"quoted\"\n", "\xE2\x86\x92 here", "a\\b\t");
}
rc::Gen<Stamp> any_stamp() {
    return rc::gen::construct<Stamp>(any_text(), element<std::string>("", "2026-03-01T09:30:00Z"));
}
rc::Gen<double> any_length() {
    return rc::gen::map(rc::gen::inRange(1, 4'000'000), [](int n) { return n / 7919.0; });
}

rc::Gen<Shape> any_shape() {
    return oneOf(
        rc::gen::apply(
            [](Point a, Point b) {
                return Shape{ArrowShape{a, b}};
            },
            any_point(), any_point()),
        rc::gen::apply(
            [](Point a, Point b) {
                return Shape{LineShape{a, b}};
            },
            any_point(), any_point()),
        rc::gen::apply(
            [](Point a, Point b, Point c) {
                return Shape{AngleShape{a, b, c}};
            },
            any_point(), any_point(), any_point()),
        rc::gen::apply([](Point a) { return Shape{TextShape{a}}; }, any_point()),
        rc::gen::apply(
            [](Point c, double x, double y) {
                return Shape{EllipseShape{c, x, y}};
            },
            any_point(), any_length(), any_length()),
        rc::gen::apply([](std::vector<Point> p) { return Shape{PolygonShape{std::move(p)}}; },
                       rc::gen::container<std::vector<Point>>(any_point())));
}

rc::Gen<std::optional<FrameRange>> any_frames() {
    return oneOf(just(std::optional<FrameRange>{}),
                 rc::gen::apply(
                     [](int first, int count) {
                         return std::optional<FrameRange>{FrameRange{first, first + count}};
                     },
                     rc::gen::inRange(2, 100), rc::gen::inRange(-2, 100)));
}

// Levels lie down the picture in their order, but for a few that do not.
rc::Gen<Command> any_level_mark() {
    return rc::gen::apply(
        [](std::string run, int order, int off) {
            const std::vector<std::string> names{"T5", "T6", "T7", "T11", "T12", "T13", "L1", "Q9"};
            const auto place = static_cast<std::size_t>(order);
            const double y = 100.0 * order + (off == 0 ? -350.0 : off / 3.0);
            return Command{SetLevelMark{std::move(run), names.at(place), {512.0 + off, y}}};
        },
        any_run(), rc::gen::inRange(0, 8), rc::gen::inRange(0, 20));
}

rc::Gen<Command> any_verdict() {
    return rc::gen::apply(
        [](std::string run, MarkId id, Point seed, Verdict verdict, std::string note, Stamp stamp) {
            return Command{SetVerdict{std::move(run),
                                      {id, static_cast<int>(id) + 3, seed, 7, verdict,
                                       std::move(note), std::move(stamp)}}};
        },
        any_run(), any_id(), any_point(),
        element(Verdict::none, Verdict::confirmed, Verdict::rejected), any_text(), any_stamp());
}

rc::Gen<Command> any_masks() {
    return rc::gen::apply(
        [](std::string run, bool automatic, std::vector<FrameIndex> frames) {
            SetMaskFrames command{std::move(run), std::nullopt};
            if (!automatic) {
                std::sort(frames.begin(), frames.end());
                command.frames = std::move(frames);
            }
            return Command{command};
        },
        any_run(), rc::gen::arbitrary<bool>(),
        rc::gen::resize(5, rc::gen::container<std::vector<FrameIndex>>(rc::gen::inRange(0, 60))));
}

rc::Gen<Command> any_shift() {
    return rc::gen::apply(
        [](std::string run, bool none, Point shift) {
            SetManualShift command{std::move(run), std::nullopt};
            if (!none) {
                command.shift_px = shift;
            }
            return Command{command};
        },
        any_run(), rc::gen::arbitrary<bool>(), any_point());
}

rc::Gen<ShownPicture> any_shown() {
    return rc::gen::apply(
        [](int kind, int window, bool flag, int part, std::optional<Point> corner, int turns) {
            ShownPicture shown;
            shown.kind = static_cast<PictureKind>(kind);
            shown.window = {window / 7.0, (window + 1) / 64.0};
            shown.inverted = flag;
            shown.filtered = !flag;
            shown.sharpened = part % 2 == 0;
            shown.peak_in_grey = part % 3 == 0;
            shown.shutter_shown = part % 4 == 0;
            shown.highlights_shown = flag;
            shown.anatomy_part = part / 10.0;  // one in eleven is out of bounds
            shown.anatomy_window = {1.0, 2.5};
            shown.anatomy_inverted = flag;
            if (corner) {
                shown.part = ShownPart{*corner, *corner + Point{part * 10.0, 30.0}};
            }
            shown.orientation = {turns, !flag};
            return shown;
        },
        rc::gen::inRange(0, 6), rc::gen::inRange(0, 900), rc::gen::arbitrary<bool>(),
        rc::gen::inRange(0, 12),
        oneOf(just(std::optional<Point>{}),
              rc::gen::map(any_point(), [](Point p) { return std::optional<Point>{p}; })),
        rc::gen::inRange(0, 4));
}
template <class T>
rc::Gen<Command> with_key_image() {
    return rc::gen::apply(
        [](std::string run, MarkId id, int frame, ShownPicture shown, std::string note,
           Stamp stamp) {
            return Command{
                T{std::move(run), KeyImage{id, frame, shown, std::move(note), std::move(stamp)}}};
        },
        any_run(), any_id(), rc::gen::inRange(0, 60), any_shown(), any_text(), any_stamp());
}

template <class T>
rc::Gen<Command> by_id() {
    return rc::gen::apply(
        [](std::string run, MarkId id) {
            return Command{T{std::move(run), id}};
        },
        any_run(), any_id());
}
template <class T>
rc::Gen<Command> with_annotation() {
    return rc::gen::apply(
        [](std::string run, Annotation annotation) {
            return Command{T{std::move(run), std::move(annotation)}};
        },
        any_run(), any_annotation());
}

}  // namespace

rc::Gen<Point> any_point() {
    return rc::gen::apply(
        [](int x, int y) {
            return Point{x / 7.0, y / 1024.0};
        },
        rc::gen::inRange(-1000, 20'000), rc::gen::inRange(-1000, 2'000'000));
}

rc::Gen<Annotation> any_annotation() {
    return rc::gen::apply(
        [](MarkId id, Shape shape, std::string text, std::optional<FrameRange> frames, bool curve,
           Stamp stamp) {
            return Annotation{id,    std::move(shape), std::move(text), frames,
                              curve, std::move(stamp)};
        },
        any_id(), any_shape(), any_text(), any_frames(), rc::gen::arbitrary<bool>(), any_stamp());
}

rc::Gen<Command> any_command(int depth) {
    const auto remove_level = rc::gen::apply(
        [](std::string run, std::string label) {
            return Command{RemoveLevelMark{std::move(run), std::move(label)}};
        },
        any_run(), element<std::string>("T5", "T6", "T7", "T12", "T13"));
    const auto single = oneOf(with_annotation<AddAnnotation>(), with_annotation<EditAnnotation>(),
                              by_id<RemoveAnnotation>(), any_level_mark(), any_level_mark(),
                              remove_level, with_key_image<AddKeyImage>(),
                              with_key_image<EditKeyImage>(), by_id<RemoveKeyImage>(),
                              any_verdict(), by_id<RemoveVerdict>(), any_masks(), any_shift());
    if (depth == 0) {
        return single;
    }
    const auto group = rc::gen::apply(
        [](std::vector<Command> members) { return Command{CommandGroup{std::move(members)}}; },
        rc::gen::resize(6, rc::gen::container<std::vector<Command>>(any_command(depth - 1))));
    return rc::gen::weightedOneOf<Command>({{std::size_t{6}, single}, {std::size_t{1}, group}});
}

rc::Gen<std::vector<Command>> any_commands() {
    return rc::gen::container<std::vector<Command>>(any_command());
}

}  // namespace dsm::test
