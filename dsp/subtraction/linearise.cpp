#include "dsp/subtraction/linearise.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"

namespace dsm {
namespace {

constexpr std::size_t kWords = 65536;
constexpr double kDarkest = 0.5;  // half a grey level: the logarithm of nothing stays finite

enum class Law { linear, table, optical_density, assumed_logarithmic };

Law law_of(const RunInfo& run) {
    const IntensityScale& scale = run.intensity;
    if (scale.relationship == PixelIntensityRelationship::linear) {
        return Law::linear;
    }
    if (!scale.to_linear.empty()) {
        return Law::table;
    }
    const bool logarithmic = scale.relationship == PixelIntensityRelationship::logarithmic;
    return logarithmic && scale.has_rescale && scale.rescale_type == "OD"
               ? Law::optical_density
               : Law::assumed_logarithmic;
}

double full_scale(const RunInfo& run) {
    return std::ldexp(1.0, std::clamp(run.bits_stored, 1, 16));
}

// Exposure rises with the returned number, whatever the sign of the stored one.
double brightening(double stored, const RunInfo& run) {
    const double first = run.is_signed ? -0.5 * full_scale(run) : 0.0;
    const double last = first + full_scale(run) - 1.0;
    return run.intensity.sign < 0 ? last - stored : stored - first;
}

double from_table(double stored, const IntensityScale& scale) {
    const double at = stored - scale.first_mapped_value;
    const double last = static_cast<double>(scale.to_linear.size() - 1);
    const auto entry = static_cast<std::size_t>(std::clamp(at, 0.0, last));
    return std::log(std::max(static_cast<double>(scale.to_linear[entry]), kDarkest));
}

double log_intensity_of(double stored, Law law, const RunInfo& run) {
    switch (law) {
        case Law::linear:
            return std::log(std::max(brightening(stored, run), kDarkest));
        case Law::table:
            return from_table(stored, run.intensity);
        case Law::optical_density: {
            const IntensityScale& scale = run.intensity;
            const double density = scale.rescale_slope * stored + scale.rescale_intercept;
            return -std::log(10.0) * density / 1000.0;
        }
        case Law::assumed_logarithmic:
            break;
    }
    return brightening(stored, run) * std::log(full_scale(run)) / (full_scale(run) - 1.0);
}

}  // namespace

Lineariser::Lineariser(const RunInfo& run) : table_(kWords) {
    fill_table(run);
    relative_ = law_of(run) == Law::assumed_logarithmic;
    const auto words = static_cast<std::size_t>(full_scale(run));
    lowest_ = 0;
    highest_ = static_cast<std::uint16_t>(words - 1);
}

void Lineariser::fill_table(const RunInfo& run) {
    const Law law = law_of(run);
    for (std::size_t word = 0; word < kWords; ++word) {
        const double stored = static_cast<double>(word) + run.stored_offset;
        table_[word] = static_cast<float>(log_intensity_of(stored, law, run));
    }
}

void Lineariser::apply(ImageView<const std::uint16_t> words, ImageView<float> log_intensity,
                       ImageView<std::uint8_t> usable) const {
    const float* table = table_.data();
    parallel_rows(words.height(), 64, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const std::uint16_t* in = words.row(y);
            float* out = log_intensity.row(y);
            std::uint8_t* good = usable.row(y);
            for (int x = 0; x < words.width(); ++x) {
                out[x] = table[in[x]];
                good[x] = in[x] > lowest_ && in[x] < highest_ ? 1 : 0;
            }
        }
    });
}

}  // namespace dsm
