// Opacity against time under the pointer, in regions and of the chosen highlight, kept until what
// they come from changes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viewer/workspace.h"

namespace dsm::viewer {

struct CurveSeries {
    enum class Of { highlight, region, probe };
    std::string name;
    Of of{Of::probe};
    int number{0};       // a highlight's id, a region's place among the regions
    OpacityCurve curve;  // time_s holds frame numbers (from 1) where timing is unknown
    friend bool operator==(const CurveSeries&, const CurveSeries&) = default;
};

// The curve under the pointer is the mean over the pixels within this radius.
inline constexpr double kProbeRadius_px = 2.5;

// Of the chosen highlight, the regions and the probe, from the frames that are there.
[[nodiscard]] std::vector<CurveSeries> curve_series(const Workspace&);

// The whole run on the axis of its curves.
[[nodiscard]] CurveSpan whole_span(const RunInfo& info);
// What is drawn: the reader's choice, else the whole.
[[nodiscard]] CurveSpan shown_span(const Workspace&);
// Shorter by `factor` (longer below 1) round `at`, which keeps its place; within the whole, and
// never shorter than kShortestSpan of it.
inline constexpr double kShortestSpan = 0.02;
[[nodiscard]] CurveSpan zoomed(const CurveSpan& span, double at, double factor,
                               const CurveSpan& whole);
// By so much later, as far as the whole reaches.
[[nodiscard]] CurveSpan moved(const CurveSpan& span, double by, const CurveSpan& whole);

// The entry of a curve that lies nearest to `at`; nothing for an empty curve.
// The entry of that very time, which a frame has or has not.
[[nodiscard]] std::optional<std::size_t> entry_at(const OpacityCurve& curve, double time);
[[nodiscard]] std::optional<std::size_t> nearest_entry(const OpacityCurve& curve, double at);
// The frame of the run that lies nearest to `at`.
[[nodiscard]] FrameIndex nearest_frame(const RunInfo& info, double at);

class CurveCache {
 public:
    // Everything to draw now; the references stay valid until the next call.
    [[nodiscard]] const std::vector<CurveSeries>& series(const Workspace&);

 private:
    struct Key {
        const SubtractionJob* job{nullptr};
        unsigned serial{0};
        std::size_t frames_done{0};
        std::optional<Point> probe_px;
        std::optional<int> highlight;
        std::vector<Shape> regions;
        friend bool operator==(const Key&, const Key&) = default;
    };
    Key key_;
    std::vector<CurveSeries> series_;
};

}  // namespace dsm::viewer
