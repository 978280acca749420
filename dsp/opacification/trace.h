// From an evidence map to paths: connected ridges, followed along their crest from the end nearest
// the sac to the end farthest along it.
#pragma once

#include <cstdint>
#include <vector>

#include "dsp/core/image_pool.h"
#include "dsp/core/units.h"
#include "dsp/opacification/evidence.h"

namespace dsm {

struct Trace {
    std::vector<Point> path;  // coarse px, proximal (near the sac) first, about 1 mm apart
    double length_mm{0.0};
    double area_mm2{0.0};       // of the ridge the path was found in
    double peak_evidence{0.0};  // largest Z on it
    double mean_evidence{0.0};  // mean Z along the path
    double weak_evidence{0.0};  // lower quartile: a sleeve with a tail of noise has a low one
    bool broad{false};
    Zone zone{Zone::beside};
};

struct TraceParams {
    float low{2.2F};   // ridge continues above this Z
    float high{3.8F};  // and must somewhere exceed this
    double shortest_mm{5.0};
    int most{12};  // paths kept, strongest first
};

// Pictures to work in, kept between calls: of the grid's extent.
struct TraceWork {
    explicit TraceWork(Extent grid) : numbers(grid), bytes(grid), labels(grid) {}
    ImagePool<float> numbers;
    ImagePool<std::uint8_t> bytes;
    ImagePool<int> labels;
};

// Bright lines, or dark ones (decoys) of the same map by the same rules.
[[nodiscard]] std::vector<Trace> trace_lines(const EvidenceMap& map, const Sac& sac,
                                             const WorkGrid& grid, bool dark,
                                             const TraceParams& params, TraceWork& work);

// Points `step` apart along `path`, ends kept.
[[nodiscard]] std::vector<Point> resample(const std::vector<Point>& path, double step);
[[nodiscard]] double path_length(const std::vector<Point>& path);

}  // namespace dsm
