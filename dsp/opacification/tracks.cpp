#include "dsp/opacification/tracks.h"

#include <algorithm>
#include <cmath>

#include "dsp/opacification/decoys.h"

namespace dsm {

namespace {

constexpr double kSamePlaceMm = 2.5;
constexpr double kSameShare = 0.6;
constexpr double kGoesOnMm = 8.0;      // farther than a known line: a vein beyond its sleeve
constexpr double kBesideBandMm = 8.0;  // from a band's middle: its own edge lies within
constexpr int kForgetFrames = 12;      // an unconvincing line that is not seen again
constexpr int kMost = 32;

double evidence_of(const Trace& trace) {
    return trace.mean_evidence * std::sqrt(trace.length_mm);
}

double leak_odds(const Track& track) {
    return is_leak(track.kind) ? track.odds : track.odds - 100.0;
}

// What raised an alarm had begun by then: a later estimate of its onset stops there.
void begin_by_alarm(Track& track, const History& history) {
    Candidate& c = track.candidate;
    const int alarm = history.slot_of(track.alarm_frame);
    if (c.step.onset > alarm) {
        c.step.onset = alarm;
        c.delay_s = history.slot(alarm).time_s - c.sac_arrival_s;
    }
}

}  // namespace

bool Tracks::same_place(const std::vector<Point>& a, const std::vector<Point>& b) const {
    const std::vector<Point>& shorter = a.size() < b.size() ? a : b;
    const std::vector<Point>& longer = a.size() < b.size() ? b : a;
    if (shorter.empty()) {
        return false;
    }
    const double near = kSamePlaceMm / grid_.mm();
    const auto [low, high] = std::minmax_element(longer.begin(), longer.end(),
                                                 [](Point p, Point q) { return p.y < q.y; });
    const auto [left, right] = std::minmax_element(longer.begin(), longer.end(),
                                                   [](Point p, Point q) { return p.x < q.x; });
    const double top = low->y - near;
    const double bottom = high->y + near;
    const double first = left->x - near;
    const double last = right->x + near;
    const auto close = std::count_if(shorter.begin(), shorter.end(), [&](Point p) {
        return p.y > top && p.y < bottom && p.x > first && p.x < last &&
               distance_to_polyline(p, longer) < near;
    });
    return static_cast<double>(close) >= kSameShare * static_cast<double>(shorter.size());
}

void Tracks::add(const std::vector<Trace>& traces, int sign, FrameIndex frame) {
    std::vector<Track>& tracks = sign > 0 ? bright_ : dark_;
    for (const Trace& trace : traces) {
        const auto known = std::find_if(tracks.begin(), tracks.end(), [&](const Track& track) {
            const Trace& known_trace = track.candidate.trace;
            const bool goes_on =
                !trace.broad && trace.length_mm > known_trace.length_mm + kGoesOnMm;
            return known_trace.broad == trace.broad && known_trace.zone == trace.zone && !goes_on &&
                   same_place(known_trace.path, trace.path);
        });
        if (known == tracks.end()) {
            Track track;
            track.id = sign > 0 ? next_id_++ : 0;
            track.candidate.trace = trace;
            track.raised_frame = track.seen_frame = frame;
            tracks.push_back(std::move(track));
            continue;
        }
        known->seen_frame = frame;
        if (evidence_of(trace) >= evidence_of(known->candidate.trace)) {
            known->candidate.trace = trace;
        }
    }
}

void Tracks::weigh_one(std::vector<Track>& tracks, const History& history, const Sac& sac,
                       const MeasureParams& params, int sign) const {
    for (Track& track : tracks) {
        auto measured = measure(track.candidate.trace, sign, history, sac, grid_, params);
        if (!measured) {
            track.odds = -10.0;
            track.kind = LeakKind::unclassified;
            continue;
        }
        track.candidate = std::move(*measured);
        track.kind = kind_of(track.candidate);
        track.features = features_of(track.candidate);
        track.odds = log_odds(track.features, calibration_);
    }
}

void Tracks::drop_duplicates(std::vector<Track>& tracks, FrameIndex frame) const {
    std::stable_sort(tracks.begin(), tracks.end(), [](const Track& a, const Track& b) {
        return leak_odds(a) != leak_odds(b) ? leak_odds(a) > leak_odds(b) : a.id < b.id;
    });
    std::vector<Track> kept;
    for (Track& track : tracks) {
        const bool stale =
            frame - track.seen_frame > kForgetFrames && track.alarm_frame < 0 && track.odds < 0.0;
        const auto again = std::find_if(kept.begin(), kept.end(), [&](const Track& other) {
            return same_place(other.candidate.trace.path, track.candidate.trace.path) ||
                   same_place(other.candidate.path, track.candidate.path);
        });
        if (again != kept.end() && track.alarm_frame >= 0) {
            // The alarm was raised for this place, whichever of its lines is kept.
            again->alarm_frame = again->alarm_frame < 0
                                     ? track.alarm_frame
                                     : std::min(again->alarm_frame, track.alarm_frame);
        }
        if (!stale && again == kept.end() && static_cast<int>(kept.size()) < kMost) {
            kept.push_back(std::move(track));
        }
    }
    tracks = std::move(kept);
}

std::vector<double> Tracks::decoys_of(Zone zone) const {
    std::vector<double> decoys;
    for (const Track& track : dark_) {
        if (track.candidate.trace.zone == zone) {
            decoys.push_back(leak_odds(track));
        }
    }
    std::sort(decoys.rbegin(), decoys.rend());
    return decoys;
}

void Tracks::join_bands() {
    const auto is_band = [](const Track& track) {
        return track.candidate.trace.zone == Zone::beside && track.kind == LeakKind::extravasation;
    };
    const double near = kBesideBandMm / grid_.mm();
    for (Track& line : bright_) {
        if (line.candidate.trace.zone != Zone::canal || !is_leak(line.kind)) {
            continue;
        }
        const std::vector<Point>& path = line.candidate.path;
        for (const Track& band : bright_) {
            const auto beside = std::count_if(path.begin(), path.end(), [&](Point p) {
                return is_band(band) && distance_to_polyline(p, band.candidate.path) < near;
            });
            if (static_cast<double>(beside) >= kSameShare * static_cast<double>(path.size())) {
                line.kind = LeakKind::extravasation;
            }
        }
    }
}

void Tracks::weigh(const History& history, const Sac& sac, const MeasureParams& params,
                   FrameIndex frame) {
    weigh_one(bright_, history, sac, params, 1);
    weigh_one(dark_, history, sac, params, -1);
    join_bands();
    drop_duplicates(bright_, frame);
    drop_duplicates(dark_, frame);
    const std::vector<double> beside = decoys_of(Zone::beside);
    const std::vector<double> canal = decoys_of(Zone::canal);
    for (Track& track : bright_) {
        const auto& decoys = track.candidate.trace.zone == Zone::canal ? canal : beside;
        const double odds = leak_odds(track);
        track.decoys = static_cast<int>(
            std::count_if(decoys.begin(), decoys.end(), [&](double d) { return d >= odds; }));
        track.confidence = calibrated(confidence_beside(decoys, odds), calibration_);
        if (is_leak(track.kind) && track.confidence >= kAlarmConfidence) {
            track.alarm_frame = track.alarm_frame < 0 ? frame : track.alarm_frame;
        } else if (!is_leak(track.kind)) {
            track.alarm_frame = -1;
        }
        if (track.alarm_frame >= 0) {
            begin_by_alarm(track, history);
        }
    }
}

std::vector<const Track*> Tracks::best() const {
    std::vector<const Track*> tracks;
    for (const Track& track : bright_) {
        if (track.candidate.step.found) {
            tracks.push_back(&track);
        }
    }
    return tracks;
}

}  // namespace dsm
