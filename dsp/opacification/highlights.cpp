#include "dsp/opacification/highlights.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/levels.h"
#include "dsp/opacification/coverage.h"

namespace dsm {

namespace {

// The curve frame by frame, from frame 0 to the last measured. Frames averaged in one slot share
// its value; frames that were not subtracted (before the first mask) are zeros, as in opacity.npy.
OpacityCurve curve_of_frames(const PathCurve& measured, std::span<const double> frame_time_s) {
    OpacityCurve curve;
    const auto frames = static_cast<std::size_t>(measured.slots.back().last + 1);
    curve.opacity.assign(frames, 0.0);
    curve.noise.assign(frames, 0.0);
    for (std::size_t i = 0; i < measured.slots.size(); ++i) {
        const SlotFrames& slot = measured.slots[i];
        for (auto k = static_cast<std::size_t>(slot.first);
             k <= static_cast<std::size_t>(slot.last); ++k) {
            curve.opacity[k] = measured.opacity[i];
            curve.noise[k] = measured.scatter / std::sqrt(static_cast<double>(slot.frames));
        }
    }
    for (std::size_t k = 0; k < frames; ++k) {
        curve.time_s.push_back(k < frame_time_s.size() ? frame_time_s[k] : 0.0);
    }
    return curve;
}

OpacityCurve curve_of_slots(const PathCurve& measured) {
    OpacityCurve curve;
    for (std::size_t i = 0; i < measured.slots.size(); ++i) {
        curve.time_s.push_back(measured.slots[i].time_s);
        curve.opacity.push_back(measured.opacity[i]);
        curve.noise.push_back(measured.scatter /
                              std::sqrt(static_cast<double>(measured.slots[i].frames)));
    }
    return curve;
}

OpacityCurve curve_of(const PathCurve& measured, const HighlightContext& context) {
    const auto frames = static_cast<std::size_t>(measured.slots.back().last + 1);
    const bool told = frames <= context.frame_time_s.size() || !context.run.has_timing();
    return told || frames <= kCurveFrames ? curve_of_frames(measured, context.frame_time_s)
                                          : curve_of_slots(measured);
}

PixelRect box_of(const std::vector<Point>& path, double margin_px, Extent extent) {
    double left = extent.width;
    double top = extent.height;
    double right = 0.0;
    double bottom = 0.0;
    for (const Point p : path) {
        left = std::min(left, p.x - margin_px);
        top = std::min(top, p.y - margin_px);
        right = std::max(right, p.x + margin_px);
        bottom = std::max(bottom, p.y + margin_px);
    }
    const int x = std::clamp(static_cast<int>(left), 0, std::max(0, extent.width - 1));
    const int y = std::clamp(static_cast<int>(top), 0, std::max(0, extent.height - 1));
    return {x, y, std::min(extent.width, static_cast<int>(right) + 2) - x,
            std::min(extent.height, static_cast<int>(bottom) + 2) - y};
}

// Where the line leaves the sac: its proximal end; what runs along the sac leaves it where it
// began.
Point origin_of(const Candidate& c, LeakKind kind) {
    if (kind == LeakKind::extravasation || c.trace.zone == Zone::canal) {
        return c.began;
    }
    return c.early_path.empty() ? c.path.front() : c.early_path.front();
}

// Largest mean of three slots in a row while it lasts, over the ground.
double peak_of(const Candidate& c) {
    double peak = c.step.height;
    for (int i = c.step.from; i + 3 <= c.step.to; ++i) {
        const auto at = c.curve.opacity.begin() + i;
        peak = std::max(peak, (at[0] + at[1] + at[2]) / 3.0 - c.step.baseline);
    }
    return peak;
}

Highlight highlight_of(const Track& track, const HighlightContext& context) {
    const Candidate& c = track.candidate;
    const WorkGrid& grid = context.grid;
    Highlight h;
    h.id = track.id;
    h.kind = track.kind;
    h.confidence = is_leak(track.kind) ? track.confidence
                                       : 1.0 / (1.0 + std::exp(-(c.step.sigmas - 8.0) / 3.0));
    h.grade = grade_of(h.confidence);
    h.onset_frame = c.curve.slots[static_cast<std::size_t>(c.step.onset)].first;
    // A trace older than the onset of what it turned into is no evidence of it.
    h.alarm_frame =
        track.alarm_frame >= 0 ? track.alarm_frame : std::max(h.onset_frame, track.raised_frame);
    for (const Point p : c.early_path) {
        h.path_px.push_back(grid.to_picture(p));
    }
    for (const Point p : c.path) {
        h.path_px.push_back(grid.to_picture(p));
    }
    const Point origin = origin_of(c, track.kind);
    h.seed_px = grid.to_picture(origin);
    h.bbox_px = box_of(h.path_px, 2.0 / grid.pixel_mm(), context.run.extent);
    const Point middle = c.path[c.path.size() / 2];
    h.side = patient_side(context.run, grid, context.sac.side_of(middle));
    h.level = foramen_at(context.levels, h.seed_px).value_or("");
    h.drainage = h.kind == LeakKind::csf_venous_fistula ? drainage_of(c) : Drainage::unknown;
    // What spreads beside the sac drains nowhere.
    h.drains_at = h.kind == LeakKind::extravasation
                      ? std::string{}
                      : foramen_at(context.levels, h.path_px.back()).value_or("");
    if (grid.spacing_known() && c.width_mm > 0.0) {
        h.width_mm = c.width_mm;
    }
    h.peak_opacity = peak_of(c);
    if (context.run.has_timing()) {
        h.delay_after_sac_s = c.delay_s;
    }
    h.curve = curve_of(c.curve, context);
    h.why = explain(c, h.kind, track.decoys, context.relative, context.run.has_timing());
    return h;
}

}  // namespace

std::vector<Highlight> highlights_of(const Tracks& tracks, const HighlightContext& context) {
    std::vector<Highlight> all;
    for (const Track* track : tracks.best()) {
        const bool shown = is_leak(track->kind) ? track->confidence >= kLeastShown
                                                : track->kind != LeakKind::unclassified &&
                                                      track->candidate.step.sigmas >= kMimicSigmas;
        if (shown) {
            all.push_back(highlight_of(*track, context));
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const Highlight& a, const Highlight& b) {
        return is_leak(a.kind) != is_leak(b.kind) ? is_leak(a.kind) : a.confidence > b.confidence;
    });
    return all;
}

std::vector<CandidateRecord> candidates_of(const Tracks& tracks, const WorkGrid& grid) {
    std::vector<CandidateRecord> all;
    const auto add = [&](const Track& track, bool dark) {
        const Candidate& c = track.candidate;
        if (!c.step.found) {
            return;
        }
        CandidateRecord record;
        record.dark = dark;
        record.kind = track.kind;
        for (const Point p : c.path) {
            record.path_px.push_back(grid.to_picture(p));
        }
        record.onset_frame = c.curve.slots[static_cast<std::size_t>(c.step.onset)].first;
        record.peak_opacity = c.step.height;
        record.width_mm = c.width_mm;
        record.features = track.features;
        record.confidence = dark ? 0.0 : track.confidence;
        all.push_back(std::move(record));
    };
    for (const Track& track : tracks.bright()) {
        add(track, false);
    }
    for (const Track& track : tracks.dark()) {
        add(track, true);
    }
    return all;
}

}  // namespace dsm
