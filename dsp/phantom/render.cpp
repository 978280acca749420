#include "dsp/phantom/render.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/phantom/contrast.h"
#include "dsp/phantom/detector.h"
#include "dsp/phantom/identity.h"
#include "dsp/phantom/layers.h"
#include "dsp/phantom/motion.h"
#include "dsp/phantom/random.h"
#include "dsp/phantom/truth_masks.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kFlutter = 901 };

// Scatter spreads over several centimetres behind 20 cm of patient.
constexpr double kScatterSigmaMm = 22.0;

Grid make_grid(const Recipe& recipe) {
    Grid grid;
    grid.picture = {recipe.image.columns, recipe.image.rows};
    grid.pixel_mm = recipe.image.pixel_mm;
    grid.margin_px = static_cast<int>(std::ceil(largest_motion_mm(recipe) / grid.pixel_mm)) + 3;
    return grid;
}

double exposure_gain(const Recipe& recipe, int frame, double time_s) {
    const DetectorRecipe& detector = recipe.detector;
    Random random(recipe.seed, kFlutter, static_cast<std::uint64_t>(frame));
    double gain = std::exp(detector.drift_per_s * time_s) *
                  (1.0 + detector.flutter * std::clamp(random.normal(), -4.0, 4.0));
    for (const ExposureStep& step : detector.steps) {
        if (time_s >= step.at_s) {
            gain *= step.gain;
        }
    }
    return gain;
}

double quantile(std::span<const float> values, double part) {
    std::vector<float> sorted(values.begin(), values.end());
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(sorted.size() - 1));
    std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
    return static_cast<double>(sorted[static_cast<std::size_t>(at)]);
}

}  // namespace

struct PhantomRun::Parts {
    explicit Parts(const Recipe& chosen)
        : recipe(chosen),
          spine(recipe),
          grid(make_grid(recipe)),
          contrast(recipe, spine, grid),
          mass(grid.padded()),
          bare(grid.picture),
          filled(grid.picture),
          scatter(grid.picture),
          peak_opacity(grid.picture) {}

    const Recipe recipe;
    const Spine spine;
    const Grid grid;
    const Contrast contrast;
    std::vector<Layer> layers;
    std::vector<double> time_s;
    RunInfo info;
    Encoding encoding;
    double quanta_per_unit{1.0};
    Image<float> mass;    // mg/cm2, padded grid
    Image<float> bare;    // primary without contrast
    Image<float> filled;  // primary with contrast
    Image<float> scatter;
    Image<float> scratch;
    Image<float> first_primary_share;  // primary over all, frame 0
    Image<float> peak_opacity;         // over the frames rendered so far
    std::vector<bool> contrast_seen;

    void add_attenuation(const Motion& motion, LayerKind kind, ImageView<const float> drawn,
                         Image<float>& onto) const;
    bool project(FrameIndex frame);
    void prepare();
};

// Movement is smooth: it is worked out at every 8th pixel and interpolated between.
void PhantomRun::Parts::add_attenuation(const Motion& motion, LayerKind kind,
                                        ImageView<const float> drawn, Image<float>& onto) const {
    constexpr int kStep = 8;
    const ImageView<float> out = onto.view();
    const int columns = out.width() / kStep + 2;
    const auto source = [&](int x, int y) {
        const Point px = grid.to_px(motion.drawn_at(kind, grid.to_mm(x, y)));
        return Point{px.x + grid.margin_px, px.y + grid.margin_px};
    };
    parallel_rows((out.height() + kStep - 1) / kStep, 1, [&](int first, int last) {
        std::vector<Point> above(static_cast<std::size_t>(columns));
        std::vector<Point> below(above.size());
        for (int band = first; band < last; ++band) {
            for (int i = 0; i < columns; ++i) {
                above[static_cast<std::size_t>(i)] = source(i * kStep, band * kStep);
                below[static_cast<std::size_t>(i)] = source(i * kStep, (band + 1) * kStep);
            }
            for (int y = band * kStep; y < std::min(out.height(), (band + 1) * kStep); ++y) {
                const double down = static_cast<double>(y - band * kStep) / kStep;
                float* row = out.row(y);
                for (int x = 0; x < out.width(); ++x) {
                    const auto i = static_cast<std::size_t>(x / kStep);
                    const double across = static_cast<double>(x % kStep) / kStep;
                    const Point left = above[i] + down * (below[i] - above[i]);
                    const Point right = above[i + 1] + down * (below[i + 1] - above[i + 1]);
                    const Point from = left + across * (right - left);
                    row[x] += sample_cubic(drawn, from.x, from.y);
                }
            }
        }
    });
}

// Leaves the primary without contrast in `bare`, with contrast in `filled`, and the scatter, all in
// units of the even background; false when there is no contrast in the picture.
bool PhantomRun::Parts::project(FrameIndex frame) {
    const double now_s = time_s[static_cast<std::size_t>(frame)];
    const Motion motion(recipe, spine, now_s);
    bare.fill(0.0F);
    for (const Layer& layer : layers) {
        add_attenuation(motion, layer.kind, layer.attenuation.view(), bare);
    }
    filled.fill(0.0F);
    for (const LayerKind kind : {LayerKind::spine, LayerKind::ribs, LayerKind::abdomen}) {
        if (contrast.mass(kind, now_s, mass)) {
            add_attenuation(motion, kind, mass.cview(), filled);
        }
    }
    // Overshoot of the interpolation is not contrast.
    std::vector<char> any(static_cast<std::size_t>(filled.height()), 0);
    parallel_rows(filled.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < filled.width(); ++x) {
                const float primary = std::exp(-bare(x, y));
                const auto mass_here = static_cast<double>(filled(x, y));
                bare(x, y) = primary;
                filled(x, y) = primary;
                if (mass_here > 0.0) {
                    any[static_cast<std::size_t>(y)] |= static_cast<char>(mass_here > 1e-4);
                    filled(x, y) *= static_cast<float>(std::exp(-iodine_attenuation(mass_here)));
                }
            }
        }
    });
    blur(bare, recipe.detector.blur_px, scratch);
    const bool contrast_here =
        std::any_of(any.begin(), any.end(), [](char seen) { return seen != 0; });
    if (contrast_here) {
        blur(filled, recipe.detector.blur_px, scratch);
    } else {
        copy_pixels(bare.cview(), filled.view());
    }
    // Scatter comes from all of the patient; the little that contrast takes from it is left out, so
    // that opacity is zero where there is no contrast.
    scatter_field(bare.view(), kScatterSigmaMm / grid.pixel_mm, recipe.detector.scatter_fraction,
                  scatter.view());
    return contrast_here;
}

void PhantomRun::Parts::prepare() {
    time_s = frame_times(recipe);
    contrast_seen.assign(time_s.size(), false);
    project(0);
    first_primary_share = Image<float>(grid.picture);
    Image<float> all(grid.picture);
    double sum = 0.0;
    for (std::size_t i = 0; i < all.pixels().size(); ++i) {
        const float total = bare.pixels()[i] + scatter.pixels()[i];
        all.pixels()[i] = total;
        first_primary_share.pixels()[i] = bare.pixels()[i] / total;
        sum += static_cast<double>(total);
    }
    const double mean = sum / static_cast<double>(all.pixels().size());
    const double dose_quanta =
        recipe.detector.dose_ugy * quanta_per_ugy(recipe.image.pixel_mm * kMagnification);
    quanta_per_unit = dose_quanta / mean;
    encoding = Encoding(recipe.image, quantile(all.pixels(), 0.995) * quanta_per_unit);
    info = describe_run(recipe, time_s, encoding.table_to_linear());
}

PhantomRun::PhantomRun(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PhantomRun::PhantomRun(PhantomRun&&) noexcept = default;
PhantomRun& PhantomRun::operator=(PhantomRun&&) noexcept = default;
PhantomRun::~PhantomRun() = default;

const RunInfo& PhantomRun::info() const {
    return parts_->info;
}

const Recipe& PhantomRun::recipe() const {
    return parts_->recipe;
}

Result<PhantomRun> PhantomRun::create(const Recipe& recipe) {
    auto parts = std::make_unique<Parts>(recipe);
    parts->layers = draw_layers(parts->recipe, parts->spine, parts->grid);
    for (const Structure& structure : parts->contrast.structures()) {
        const bool wanted = structure.kind != "nerve_root_sleeve";
        if (wanted && !path_in_view(structure, parts->grid)) {
            return fail(ErrorKind::invalid_input, recipe.name,
                        structure.kind + " at " + structure.level + " is out of the picture",
                        "choose a level in view or another center_level");
        }
    }
    parts->prepare();
    return PhantomRun(std::move(parts));
}

void PhantomRun::render(FrameIndex frame, ImageView<std::uint16_t> words,
                        ImageView<float> opacity) {
    Parts& p = *parts_;
    p.contrast_seen[static_cast<std::size_t>(frame)] = p.project(frame);
    const double gain = p.quanta_per_unit *
                        exposure_gain(p.recipe, frame, p.time_s[static_cast<std::size_t>(frame)]);
    Image<float>& quanta = p.scratch;
    quanta.resize(p.grid.picture);
    parallel_rows(p.grid.picture.height, 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < p.grid.picture.width; ++x) {
                const double around = static_cast<double>(p.scatter(x, y));
                const double with = static_cast<double>(p.filled(x, y)) + around;
                quanta(x, y) = static_cast<float>(gain * with);
                if (!opacity.empty()) {
                    const double without = static_cast<double>(p.bare(x, y)) + around;
                    opacity(x, y) =
                        without == with ? 0.0F : static_cast<float>(std::log(without / with));
                    p.peak_opacity(x, y) = std::max(p.peak_opacity(x, y), opacity(x, y));
                }
            }
        }
    });
    if (!words.empty()) {
        expose(p.recipe, p.encoding, frame, quanta.view(), words);
    }
}

void PhantomRun::render_quanta(FrameIndex frame, bool with_contrast, ImageView<float> quanta) {
    Parts& p = *parts_;
    p.project(frame);
    const double gain = p.quanta_per_unit *
                        exposure_gain(p.recipe, frame, p.time_s[static_cast<std::size_t>(frame)]);
    const Image<float>& primary = with_contrast ? p.filled : p.bare;
    for (int y = 0; y < quanta.height(); ++y) {
        for (int x = 0; x < quanta.width(); ++x) {
            quanta(x, y) = static_cast<float>(
                gain * (static_cast<double>(primary(x, y)) + static_cast<double>(p.scatter(x, y))));
        }
    }
}

Truth PhantomRun::truth() const {
    const Parts& p = *parts_;
    Truth truth;
    const auto seen = std::find(p.contrast_seen.begin(), p.contrast_seen.end(), true);
    truth.first_contrast_frame = static_cast<int>(seen - p.contrast_seen.begin());
    truth.levels = levels_in_view(p.spine, p.grid);
    truth.structures =
        true_structures(p.contrast, p.recipe, p.grid, p.time_s, p.first_primary_share.view());
    for (TrueStructure& bubble : true_bubbles(p.recipe, p.spine, p.grid)) {
        truth.structures.push_back(std::move(bubble));
    }
    truth.leak_class = "negative";
    for (const TrueStructure& structure : truth.structures) {
        if (structure.kind == "csf_venous_fistula" || structure.kind == "extravasation") {
            truth.leak_class = structure.kind;
            break;
        }
    }
    truth.sac = sac_mask(p.contrast, p.grid);
    truth.free = free_mask(p.peak_opacity.view(), truth.sac.view(), p.grid);
    const double quanta =
        p.recipe.detector.dose_ugy * quanta_per_ugy(p.recipe.image.pixel_mm * kMagnification);
    const double read = p.recipe.detector.read_noise_quanta;
    truth.noise_opacity = std::sqrt(quanta + read * read) / quanta;
    return truth;
}

}  // namespace dsm::phantom
