#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "dsp/core/spoken.h"
#include "dsp/review/command_json.h"
#include "dsp/review/dicom_state.h"
#include "dsp/review/measure.h"
#include "dsp/review/state_layers.h"

namespace dsm {
namespace {

// The whole Review of a run as one command on an empty one.
CommandGroup commands_of(const std::string& run, const RunReview& review) {
    CommandGroup all;
    for (const LevelMark& level : outermost_first(review.levels)) {
        all.commands.emplace_back(SetLevelMark{run, level.label, level.center_px});
    }
    for (const Annotation& annotation : review.annotations) {
        all.commands.emplace_back(AddAnnotation{run, annotation});
    }
    for (const KeyImage& image : review.key_images) {
        all.commands.emplace_back(AddKeyImage{run, image});
    }
    for (const HighlightVerdict& verdict : review.verdicts) {
        all.commands.emplace_back(SetVerdict{run, verdict});
    }
    if (review.mask_frames) {
        all.commands.emplace_back(SetMaskFrames{run, review.mask_frames});
    }
    if (review.manual_shift_px) {
        all.commands.emplace_back(SetManualShift{run, review.manual_shift_px});
    }
    return all;
}

StateGraphic polyline(std::vector<Point> points_px) {
    return {StateGraphic::Kind::polyline, std::move(points_px)};
}

// Shaft and two barbs in one stroke that returns to the head: tail, head, barb, head, barb.
StateGraphic arrow(const ArrowShape& shape) {
    const Point along = shape.tail_px - shape.head_px;
    const double barb_px = std::clamp(0.3 * length(along), 4.0, 16.0);
    const double angle = std::atan2(along.y, along.x);
    const auto barb = [&](double turn) {
        return shape.head_px + barb_px * Point{std::cos(angle + turn), std::sin(angle + turn)};
    };
    constexpr double kTurn = std::numbers::pi / 7.0;
    return polyline({shape.tail_px, shape.head_px, barb(kTurn), shape.head_px, barb(-kTurn)});
}

struct Drawn {
    std::vector<StateGraphic> graphics;
    Point text_at_px{};
};

Drawn drawn(const Shape& shape) {
    struct {
        Drawn operator()(const ArrowShape& s) const { return {{arrow(s)}, s.tail_px}; }
        Drawn operator()(const TextShape& s) const { return {{}, s.at_px}; }
        Drawn operator()(const EllipseShape& s) const {
            const Point c = s.center_px;
            const std::pair across{Point{c.x - s.radius_x_px, c.y},
                                   Point{c.x + s.radius_x_px, c.y}};
            const std::pair down{Point{c.x, c.y - s.radius_y_px}, Point{c.x, c.y + s.radius_y_px}};
            const bool wide = s.radius_x_px >= s.radius_y_px;
            const auto& major = wide ? across : down;
            const auto& minor = wide ? down : across;
            return {{{StateGraphic::Kind::ellipse,
                      {major.first, major.second, minor.first, minor.second}}},
                    {c.x + s.radius_x_px, c.y}};
        }
        Drawn operator()(const PolygonShape& s) const {
            std::vector<Point> closed = s.vertices_px;
            closed.push_back(closed.front());
            return {{polyline(std::move(closed))}, s.vertices_px.front()};
        }
        Drawn operator()(const LineShape& s) const {
            return {{polyline({s.from_px, s.to_px})}, s.to_px};
        }
        Drawn operator()(const AngleShape& s) const {
            return {{polyline({s.first_px, s.vertex_px, s.second_px})}, s.vertex_px};
        }
    } draw;
    return std::visit(draw, shape);
}

std::optional<std::pair<FrameIndex, FrameIndex>> frames_in(
    const RunInfo& run, const std::optional<FrameRange>& frames) {
    if (!frames || run.frames < 1) {
        return std::nullopt;
    }
    const FrameIndex first = std::clamp(frames->first, 0, run.frames - 1);
    return std::pair{first, std::clamp(frames->last, first, run.frames - 1)};
}

// A long text gives way, with an ellipsis, to what was measured: Unformatted Text Value (0070,0006)
// holds 1024 characters. The text itself is whole in the private marks.
std::string leaving_room(const std::string& text, std::size_t measured_bytes) {
    constexpr std::size_t kMost = 1024;
    const std::size_t room = kMost - std::min(kMost, measured_bytes + 3);
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        characters += begins ? 1U : 0U;
        if (characters > room) {
            return text.substr(0, at) + "...";
        }
    }
    return text;
}

StateAnnotation annotation_of(const RunInfo& run, const Annotation& annotation) {
    Drawn shape = drawn(annotation.shape);
    StateAnnotation made{kMarkLayer,
                         std::move(shape.graphics),
                         annotation.text,
                         {},
                         frames_in(run, annotation.frames)};
    if (const auto measured = measured_text(annotation.shape, run)) {
        const std::string after = (made.text.empty() ? "" : kMeasuredAfter) + *measured;
        made.text = leaving_room(made.text, after.size()) + after;
    }
    if (!made.text.empty()) {
        made.text_at_px = shape.text_at_px;
    }
    return made;
}

StateAnnotation level_of(const LevelMark& level) {
    const bool marked = level.source == LevelSource::operator_marked;
    return {marked ? kLevelLayer : kComputedLevelLayer,
            {{StateGraphic::Kind::point, {level.center_px}}},
            level.label,
            level.center_px,
            {}};
}

StateAnnotation verdict_of(const RunInfo& run, const HighlightVerdict& verdict) {
    const std::string note = verdict.note.empty() ? "" : ": " + verdict.note;
    const FrameIndex onset = verdict.onset_frame;
    return {kVerdictLayer,
            {{StateGraphic::Kind::point, {verdict.seed_px}}},
            "highlight " + std::to_string(verdict.highlight_id) + " " + to_string(verdict.verdict) +
                note,
            verdict.seed_px,
            frames_in(run, FrameRange{onset, std::max(onset, run.frames - 1)})};
}

std::string words_of(const Highlight& highlight) {
    std::string words = spaced(to_string(highlight.kind));
    if (!highlight.level.empty()) {
        words += " " + highlight.level;
    }
    if (highlight.side != Side::undetermined) {
        words += std::string(" ") + to_string(highlight.side);
    }
    const long percent = std::lround(100.0 * highlight.confidence);
    return words + ", " + to_string(highlight.grade) + ", " + std::to_string(percent) + " %";
}

StateAnnotation finding_of(const RunInfo& run, const Highlight& highlight) {
    const bool line = highlight.path_px.size() > 1;
    return {kFindingLayer,
            {line ? polyline(highlight.path_px)
                  : StateGraphic{StateGraphic::Kind::point, {highlight.seed_px}}},
            words_of(highlight),
            highlight.seed_px,
            frames_in(run, FrameRange{highlight.onset_frame,
                                      std::max(highlight.onset_frame, run.frames - 1)})};
}

void add_layers(PresentationState& state) {
    constexpr std::array<std::pair<const char*, const char*>, 5> kLayers{
        {{kFindingLayer, "highlights of the software"},
         {kComputedLevelLayer, "levels interpolated by the software"},
         {kLevelLayer, "levels marked by the reader"},
         {kMarkLayer, "marks of the reader"},
         {kVerdictLayer, "verdicts of the reader"}}};
    for (const auto& layer : kLayers) {
        const bool used = std::any_of(state.annotations.begin(), state.annotations.end(),
                                      [&](const auto& a) { return a.layer == layer.first; });
        if (used) {
            state.layers.push_back({layer.first, layer.second});
        }
    }
}

// One shift for each frame the software subtracted; neighbours that are the same share a range.
// Masks from after the arrival of contrast need it put back, which no presentation state can say:
// the frames are subtracted from the masks before contrast alone.
void add_shifts(PresentationState& state, const RunInfo& run, const ComputedState& computed) {
    for (const FrameMotion& motion : computed.motion) {
        if (motion.frame < 0 || motion.frame >= run.frames || motion.masks.empty()) {
            continue;
        }
        StateShift next{motion.frame, motion.frame, computed.mask_frames, motion.mean_px};
        if (!state.shifts.empty() && state.shifts.back().last + 1 == next.first &&
            state.shifts.back().shift_px == next.shift_px) {
            state.shifts.back().last = next.last;
        } else {
            state.shifts.push_back(std::move(next));
        }
    }
}

std::string explanation(const ComputedState& computed) {
    double farthest_px = 0.0;
    for (const FrameMotion& motion : computed.motion) {
        farthest_px = std::max(farthest_px, motion.max_px - length(motion.mean_px));
    }
    char figures[160] = "";
    if (computed.rms_difference) {
        std::snprintf(figures, sizeof figures,
                      " It differs from the subtraction as computed by %.4f opacity (root mean "
                      "square).",
                      *computed.rms_difference);
    }
    char text[400];
    std::snprintf(text, sizeof text,
                  "Approximation: mean of the masks, shifted as a whole. The subtraction as "
                  "computed used %s registration and a mix of masks; its displacements reach "
                  "%.1f px beyond the shift.%s The derived subtracted run is the exact record.",
                  to_string(computed.registration), farthest_px, figures);
    return text;
}

}  // namespace

Result<PresentationState> presentation_state_of(const RunInfo& run, const RunReview& review,
                                                const ComputedState& computed) {
    PresentationState state;
    state.label = "DSM";
    state.description = "marks and findings; subtraction approximated by shift";
    auto record = to_json(Command{commands_of(kRecordedRun, review)});
    if (!record) {
        return tl::unexpected(record.error());
    }
    state.exact_record = std::move(*record);
    for (const Highlight& highlight : computed.highlights) {
        state.annotations.push_back(finding_of(run, highlight));
    }
    for (const LevelMark& level : computed.levels) {
        if (find_level(review, level.label) == nullptr) {
            LevelMark shown = level;
            shown.source = LevelSource::interpolated;
            state.annotations.push_back(level_of(shown));
        }
    }
    for (const LevelMark& level : review.levels) {
        state.annotations.push_back(level_of(level));
    }
    for (const Annotation& annotation : review.annotations) {
        state.annotations.push_back(annotation_of(run, annotation));
    }
    for (const HighlightVerdict& verdict : review.verdicts) {
        state.annotations.push_back(verdict_of(run, verdict));
    }
    add_layers(state);
    if (!computed.mask_frames.empty()) {
        add_shifts(state, run, computed);
        state.mask_explanation = explanation(computed);
        state.opacity_window = {-0.05, 0.25};
    }
    return state;
}

}  // namespace dsm
