#include "dsp/pipeline/follow.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/lanes.h"
#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr int kBlock_px = kOpacityBlock_px;

// A row of blocks. Summed down first, which the compiler can do for many columns at once.
DSM_HOT void sum_blocks(const FrameOutput& frame, int row, std::vector<float>& sums, float* opacity,
                        float* variance, float* count) {
    const int width = frame.opacity.width();
    const auto columns = static_cast<std::size_t>(width);
    sums.assign(3 * columns, 0.0F);
    float* __restrict opacities = sums.data();
    float* __restrict variances = sums.data() + columns;
    float* __restrict counts = sums.data() + 2 * columns;
    const int last = std::min(frame.opacity.height(), (row + 1) * kBlock_px);
    for (int y = row * kBlock_px; y < last; ++y) {
        const float* values = frame.opacity.row(y);
        const float* sigma = frame.sigma.row(y);
        const std::uint8_t* usable = frame.usable.row(y);
        for (int x = 0; x < width; ++x) {
            opacities[x] += usable[x] != 0 ? values[x] : 0.0F;
            const float noise = usable[x] != 0 ? sigma[x] : 0.0F;
            variances[x] += noise * noise;
            counts[x] += usable[x] != 0 ? 1.0F : 0.0F;
        }
    }
    for (int x = 0; x < width; ++x) {
        opacity[x / kBlock_px] += opacities[x];
        variance[x / kBlock_px] += variances[x];
        count[x / kBlock_px] += counts[x];
    }
}

}  // namespace

Follower::Follower(const RunInfo& run, const PipelineParams& params, bool relative,
                   LineFilter filter)
    : run_(run),
      engine_(run, params.levels,
              {.causal = params.mode == Mode::live,
               .relative_opacity = relative,
               .calibration = params.calibration.value_or(built_in_calibration()),
               .line_filter = std::move(filter)}),
      history_(even_number_in(kMostBytes, opacity_blocks(run.extent).pixels() * 2 * sizeof(float),
                              kFewestFrames, kMostFrames)) {}

void Follower::follow(const FrameOutput& frame, bool before_contrast) {
    const double time_s = time_of(run_, frame.frame).value_or(0.0);
    engine_.follow({.frame = frame.frame,
                    .time_s = time_s,
                    .opacity = frame.opacity,
                    .sigma = frame.sigma,
                    .usable = frame.usable,
                    .subtracted = frame.subtracted(),
                    .before_contrast = before_contrast,
                    .artefact_ratio = frame.motion.artefact_ratio.value_or(1.0),
                    .moved_px = frame.motion.mean_px,
                    .mask_registered = frame.mask_registered,
                    .bins = frame.sums != nullptr ? &frame.sums->bins : nullptr,
                    .bin_mask = frame.bin_mask});
    if (history_.keeps_next()) {
        history_.add(blocks_of(frame, time_s));
    } else {
        history_.skip();
    }
}

void Follower::report(FrameIndex frame, const FindingsSink& sink) {
    if (!sink) {
        return;
    }
    std::vector<Highlight> highlights = engine_.findings().highlights;
    if (highlights != reported_) {
        sink(frame, highlights);
        reported_ = std::move(highlights);
    }
}

Follower::Blocks Follower::blocks_of(const FrameOutput& frame, double time_s) const {
    const Extent extent = opacity_blocks(frame.usable.extent());
    if (frame.sums != nullptr) {
        return {time_s, frame.sums->block_opacity.clone(), frame.sums->block_variance.clone()};
    }
    Blocks blocks{time_s, Image<float>(extent), Image<float>(extent)};
    Image<float> count(extent);
    parallel_rows(extent.height, 4, [&](int first, int last) {
        std::vector<float> sums;
        for (int row = first; row < last; ++row) {
            sum_blocks(frame, row, sums, blocks.opacity.view().row(row),
                       blocks.variance.view().row(row), count.view().row(row));
        }
    });
    for (std::size_t i = 0; i < count.pixels().size(); ++i) {
        const float n = std::max(1.0F, count.pixels()[i]);
        blocks.opacity.pixels()[i] /= n;
        blocks.variance.pixels()[i] /= n * n;
    }
    return blocks;
}

OpacityCurve Follower::curve_along(const std::vector<Point>& axis_px) const {
    OpacityCurve curve;
    if (axis_px.empty()) {
        return curve;
    }
    // Where frames have no times a curve's entries are told apart by their number alone.
    const std::size_t repeats = run_.has_timing() ? 1 : history_.step();
    for (const Blocks& blocks : history_.items()) {
        double opacity = 0.0;
        double variance = 0.0;
        for (const Point& p : axis_px) {
            const int x =
                std::clamp(static_cast<int>(p.x) / kBlock_px, 0, blocks.opacity.width() - 1);
            const int y =
                std::clamp(static_cast<int>(p.y) / kBlock_px, 0, blocks.opacity.height() - 1);
            opacity += static_cast<double>(blocks.opacity(x, y));
            variance += static_cast<double>(blocks.variance(x, y));
        }
        const auto n = static_cast<double>(axis_px.size());
        curve.time_s.insert(curve.time_s.end(), repeats, blocks.time_s);
        curve.opacity.insert(curve.opacity.end(), repeats, opacity / n);
        curve.noise.insert(curve.noise.end(), repeats, std::sqrt(variance) / n);
    }
    if (!run_.has_timing()) {
        for (auto* values : {&curve.time_s, &curve.opacity, &curve.noise}) {
            values->resize(std::min(values->size(), history_.seen()));
        }
    }
    return curve;
}

void Follower::finish(RunResult& result) const {
    Findings findings = engine_.findings(run_.frame_time_s);
    result.levels = std::move(findings.levels);
    result.highlights = std::move(findings.highlights);
    int id = 0;
    for (Highlight& highlight : result.highlights) {
        highlight.id = ++id;
    }
    result.coverage = std::move(findings.coverage);
    result.conclusion = std::move(findings.conclusion);
    result.candidates = engine_.candidates();
    result.sac_axis_px = std::move(findings.sac_axis_px);
    result.sac_curve = curve_along(result.sac_axis_px);
    for (std::string& warning : findings.warnings) {
        result.warnings.push_back(std::move(warning));
    }
}

}  // namespace dsm
