// Candidates from frame to frame: which is which, when each was raised, and what the run's decoys
// say about them (decoys.h).
#pragma once

#include <vector>

#include "dsp/core/findings.h"
#include "dsp/opacification/candidate.h"
#include "dsp/opacification/classify.h"

namespace dsm {

struct Track {
    int id{0};
    Candidate candidate;
    LeakKind kind{LeakKind::unclassified};
    LeakFeatureValues features{};
    double odds{0.0};            // log odds by features
    double confidence{0.0};      // after decoys
    int decoys{0};               // decoys at least as convincing
    FrameIndex raised_frame{0};  // first frame with a trace here
    FrameIndex alarm_frame{-1};  // first frame it was a leak with confidence of a half; -1: never
    FrameIndex seen_frame{0};    // last frame with a trace here
};

class Tracks {
 public:
    static constexpr double kAlarmConfidence = 0.5;

    Tracks(const WorkGrid& grid, const LeakCalibration& calibration)
        : grid_(grid), calibration_(calibration) {}

    // New traces of one evidence map; `sign` -1 for dark ones.
    void add(const std::vector<Trace>& traces, int sign, FrameIndex frame);
    // Measures every track in the history as it is now and weighs them against the decoys.
    void weigh(const History& history, const Sac& sac, const MeasureParams& params,
               FrameIndex frame);

    // Bright tracks that have been measured, best first.
    [[nodiscard]] std::vector<const Track*> best() const;
    [[nodiscard]] const std::vector<Track>& bright() const { return bright_; }
    [[nodiscard]] const std::vector<Track>& dark() const { return dark_; }

 private:
    void weigh_one(std::vector<Track>& tracks, const History& history, const Sac& sac,
                   const MeasureParams& params, int sign) const;
    // A line at the sac's border that runs beside a band is the band's edge: it leaks as the band.
    void join_bands();
    // Log odds of the dark tracks there, largest first.
    [[nodiscard]] std::vector<double> decoys_of(Zone zone) const;
    void drop_duplicates(std::vector<Track>& tracks, FrameIndex frame) const;
    [[nodiscard]] bool same_place(const std::vector<Point>& a, const std::vector<Point>& b) const;

    WorkGrid grid_;
    LeakCalibration calibration_;
    std::vector<Track> bright_;
    std::vector<Track> dark_;
    int next_id_{1};
};

}  // namespace dsm
