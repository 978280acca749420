// What people add to a study: level marks, annotations, key images, verdicts, mask choice, manual
// pixel shift.
// Plain values. They change through dsp/review/commands.h alone, so that every change can be
// undone and is in the journal. What the software found stays in dsp/core/findings.h and is never
// altered here.
// Positions are px of the live frame as acquired (x right, y down, pixel centres at integers), not
// of the warped mask. Not thread-safe; copy a Review to read it elsewhere.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/units.h"
#include "dsp/review/shown_picture.h"

namespace dsm {

// Who and when, given by the caller; nothing in this room reads a clock.
struct Stamp {
    std::string author;
    std::string time_utc;  // ISO 8601, "2026-03-01T09:30:00Z"; may be empty
    friend bool operator==(const Stamp&, const Stamp&) = default;
};

// First to last frame, both included.
struct FrameRange {
    FrameIndex first{0};
    FrameIndex last{0};
    [[nodiscard]] bool contains(FrameIndex frame) const { return first <= frame && frame <= last; }
    friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

struct ArrowShape {
    Point tail_px{};
    Point head_px{};  // what it points at
    friend bool operator==(const ArrowShape&, const ArrowShape&) = default;
};
struct TextShape {
    Point at_px{};
    friend bool operator==(const TextShape&, const TextShape&) = default;
};
// Axes along x and y.
struct EllipseShape {
    Point center_px{};
    double radius_x_px{0.0};
    double radius_y_px{0.0};
    friend bool operator==(const EllipseShape&, const EllipseShape&) = default;
};
// Closed; the last vertex joins the first. Three or more.
struct PolygonShape {
    std::vector<Point> vertices_px;
    friend bool operator==(const PolygonShape&, const PolygonShape&) = default;
};
// Its length is a measurement: see measure.h.
struct LineShape {
    Point from_px{};
    Point to_px{};
    friend bool operator==(const LineShape&, const LineShape&) = default;
};
// Between the arms that lead from the vertex to both ends.
struct AngleShape {
    Point first_px{};
    Point vertex_px{};
    Point second_px{};
    friend bool operator==(const AngleShape&, const AngleShape&) = default;
};
using Shape =
    std::variant<ArrowShape, TextShape, EllipseShape, PolygonShape, LineShape, AngleShape>;

using MarkId = std::int64_t;  // from 1, unique within a run and kind of mark

struct Annotation {
    MarkId id{0};
    Shape shape;
    std::string text;                  // UTF-8; may be empty except for a TextShape
    std::optional<FrameRange> frames;  // nothing: the whole run
    bool shows_curve{false};           // a region whose opacity is drawn against time
    Stamp stamp;
    friend bool operator==(const Annotation&, const Annotation&) = default;
};
[[nodiscard]] bool is_region(const Shape&);       // ellipse or polygon
[[nodiscard]] bool is_measurement(const Shape&);  // line or angle
// "arrow", "text", "ellipse", "region", "line", "angle"
[[nodiscard]] const char* name_of(const Shape&);

// A frame that matters, as it was shown. The annotations of its frame belong to it, as they stand.
struct KeyImage {
    MarkId id{0};
    FrameIndex frame{0};
    ShownPicture shown;
    std::string note;  // UTF-8; may be empty
    Stamp stamp;
    friend bool operator==(const KeyImage&, const KeyImage&) = default;
};

enum class Verdict { none, confirmed, rejected };

// The reader's judgement of one highlight. A later run of the software may number its highlights
// anew, so the place and onset are kept with it: a verdict never moves to another finding that
// happens to bear the same number.
struct HighlightVerdict {
    MarkId id{0};
    int highlight_id{0};  // as the software numbered it when it was judged
    Point seed_px{};
    FrameIndex onset_frame{0};
    Verdict verdict{Verdict::none};  // `none` with a note: seen, undecided
    std::string note;
    Stamp stamp;
    friend bool operator==(const HighlightVerdict&, const HighlightVerdict&) = default;
};

struct RunReview {
    std::vector<LevelMark> levels;           // operator's alone, head to foot, never contradictory
    std::vector<Annotation> annotations;     // by id
    std::vector<KeyImage> key_images;        // by id
    std::vector<HighlightVerdict> verdicts;  // by id
    std::optional<std::vector<FrameIndex>> mask_frames;  // rising; nothing: chosen automatically
    // Added to the displacement of every frame, or instead of it, as the viewer offers:
    // mask_registered(x, y) = mask(x + dx, y + dy). Nothing: untouched.
    std::optional<Point> manual_shift_px;
    friend bool operator==(const RunReview&, const RunReview&) = default;
};

// By SOP Instance UID. A run that nothing was added to has no entry.
struct Review {
    std::map<std::string, RunReview> runs;
    friend bool operator==(const Review&, const Review&) = default;
};

// The empty RunReview for a run without an entry.
[[nodiscard]] const RunReview& review_of(const Review&, const std::string& sop_instance_uid);
[[nodiscard]] const Annotation* find_annotation(const RunReview&, MarkId id);
[[nodiscard]] const KeyImage* find_key_image(const RunReview&, MarkId id);
[[nodiscard]] const LevelMark* find_level(const RunReview&, const std::string& label);
// The verdict given on this finding: seeds within kSameFindingPx of each other; the nearest wins.
inline constexpr double kSameFindingPx = 12.0;  // about 3 mm at 0.25 mm per pixel, a vein's width
[[nodiscard]] const HighlightVerdict* verdict_on(const RunReview&, const Highlight&);
// Numbers that no mark of the run bears.
[[nodiscard]] MarkId next_annotation_id(const RunReview&);
[[nodiscard]] MarkId next_key_image_id(const RunReview&);
[[nodiscard]] MarkId next_verdict_id(const RunReview&);

// "confirmed" and so on, both ways.
[[nodiscard]] const char* to_string(Verdict);
template <>
std::optional<Verdict> from_string<Verdict>(const std::string& word);

}  // namespace dsm
