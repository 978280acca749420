#include "dsp/motion/register.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dsp/motion/misfit.h"
#include "dsp/motion/models.h"
#include "dsp/motion/normal_cells.h"
#include "dsp/motion/warp.h"

namespace dsm {
namespace {

// A frame moved by less than this is still: interpolation would add more than it removes.
constexpr double kStill_px = 0.02;
constexpr float kConverged = 0.002F;  // level pixels
constexpr double kLargestStep = 4.0;  // level pixels; larger steps leave the linear range

int iterations_at(std::size_t level, RegistrationMethod model) {
    return level == 0 && model == RegistrationMethod::mesh ? 2 : 4;
}

}  // namespace

struct Registrar::Work {
    Image<float> warped;
    Image<float> covered;
    CellSums cells;
    Evidence evidence;
    Image<float> offset;
    std::vector<float> sample;
    MeshStep step_mesh;

    Displacement fit(const Pyramid& live, const Pyramid& mask, Extent extent,
                     const Displacement& start, RegistrationMethod model, std::size_t coarsest,
                     const RegistrationParams& params);
    // Both judge the field last shown by lay(), at half resolution.
    void lay(const Pyramid& live, const Pyramid& mask, const Displacement& field);
    [[nodiscard]] double misfit(const Pyramid& live, float scale) const;
    [[nodiscard]] float scale(const Pyramid& live, const RegistrationParams& params) const;
    void look(const Pyramid::Level& live, const Pyramid::Level& mask, const Displacement& field,
              const RegistrationParams& params);
};

void Registrar::Work::look(const Pyramid::Level& live, const Pyramid::Level& mask,
                           const Displacement& field, const RegistrationParams& params) {
    warped.resize(live.value.extent());
    covered.resize(live.value.extent());
    warp_level(
        {mask.value.view(), mask.usable.view(), live.usable.view(), warped.view(), covered.view()},
        field, live.pixel_px);
    CellInput input;
    input.mask_registered = warped.view();
    input.live = live.value.view();
    input.usable = covered.view();
    input.offset = offset.view();
    input.noise = params.noise / static_cast<float>(live.pixel_px);
    input.scale = std::max(input.noise,
                           residual_scale(input.mask_registered, input.live, input.usable, sample));
    accumulate_cells(input, cells);
    weigh_evidence(cells, input, live.pixel_px, evidence, offset.view());
}

Displacement Registrar::Work::fit(const Pyramid& live, const Pyramid& mask, Extent extent,
                                  const Displacement& start, RegistrationMethod model,
                                  std::size_t coarsest, const RegistrationParams& params) {
    Displacement field = start.clone();
    for (std::size_t i = coarsest + 1; i-- > 0;) {
        const Pyramid::Level& at = live.levels[i];
        field = field.resampled(extent, kCell * at.pixel_px);
        cells.resize(field.nodes());
        evidence.resize(field.nodes());
        offset.resize(field.nodes());
        offset.fill(0.0F);
        for (int iteration = 0; iteration < iterations_at(i, model); ++iteration) {
            look(at, mask.levels[i], field, params);
            Displacement next = field.clone();
            bool moved = true;
            if (model == RegistrationMethod::shift) {
                moved = step_shift(evidence, next);
            } else if (model == RegistrationMethod::affine) {
                moved = step_affine(evidence, next);
            } else {
                step_mesh(evidence, params.spread_px, next);
            }
            if (!moved) {
                break;
            }
            const float most = static_cast<float>(kLargestStep * at.pixel_px);
            float largest = 0.0F;
            for (std::size_t n = 0; n < next.dx_px.pixels().size(); ++n) {
                float& dx = field.dx_px.pixels()[n];
                float& dy = field.dy_px.pixels()[n];
                const float step_x = std::clamp(next.dx_px.pixels()[n] - dx, -most, most);
                const float step_y = std::clamp(next.dy_px.pixels()[n] - dy, -most, most);
                dx += step_x;
                dy += step_y;
                largest = std::max({largest, std::abs(step_x), std::abs(step_y)});
            }
            if (largest < kConverged * static_cast<float>(at.pixel_px)) {
                break;
            }
        }
    }
    return field;
}

void Registrar::Work::lay(const Pyramid& live, const Pyramid& mask, const Displacement& field) {
    const Pyramid::Level& finest = live.levels.front();
    warped.resize(finest.value.extent());
    covered.resize(finest.value.extent());
    warp_level({mask.levels.front().value.view(), mask.levels.front().usable.view(),
                finest.usable.view(), warped.view(), covered.view()},
               field, finest.pixel_px);
}

double Registrar::Work::misfit(const Pyramid& live, float scale) const {
    const Pyramid::Level& finest = live.levels.front();
    return robust_misfit(warped.view(), finest.value.view(), finest.usable.view(), scale);
}

float Registrar::Work::scale(const Pyramid& live, const RegistrationParams& params) const {
    const Pyramid::Level& finest = live.levels.front();
    return std::max(params.noise / static_cast<float>(finest.pixel_px),
                    residual_scale(warped.view(), finest.value.view(), finest.usable.view()));
}

Registrar::Registrar() : work_(std::make_unique<Work>()) {}
Registrar::~Registrar() = default;
Registrar::Registrar(Registrar&&) noexcept = default;
Registrar& Registrar::operator=(Registrar&&) noexcept = default;

Registration Registrar::estimate(const Pyramid& live, const Pyramid& mask, Extent extent,
                                 const RegistrationParams& params) {
    Registration best;
    best.field = Displacement(extent);
    if (params.method == RegistrationMethod::none) {
        return best;
    }
    if (live.levels.empty() || live.levels.size() != mask.levels.size()) {
        best.reason = "picture too small to register";
        return best;
    }
    const auto pixels = static_cast<double>(count_usable(live.levels.front().usable.view()));
    if (pixels < 256.0) {
        best.reason = "too few usable pixels to register";
        return best;
    }
    // One scale for all rungs, that of the residual as it is: where motion is gross every residual
    // lies beyond the noise, and a misfit in units of noise could not tell better from worse.
    work_->lay(live, mask, best.field);
    float scale = work_->scale(live, params);
    best.misfit = work_->misfit(live, scale);
    const std::size_t coarsest = live.levels.size() - 1;
    Displacement start = best.field.clone();
    struct Rung {
        RegistrationMethod model;
        double parameters;
    };
    const double nodes = static_cast<double>(best.field.nodes().pixels());
    for (const Rung& rung :
         {Rung{RegistrationMethod::shift, 2.0}, Rung{RegistrationMethod::affine, 6.0},
          Rung{RegistrationMethod::mesh, 2.0 * nodes}}) {
        const bool last = rung.model == params.method;
        // Affine is a rung of its own only where it is the goal; mesh starts from the shift.
        if (rung.model != RegistrationMethod::affine || last) {
            Displacement field =
                work_->fit(live, mask, extent, start, rung.model, coarsest, params);
            work_->lay(live, mask, field);
            const double misfit = work_->misfit(live, scale);
            const double chance = chance_gain(rung.parameters, pixels);
            if (best.misfit - misfit > chance && field.max_px() > kStill_px) {
                best.field = std::move(field);
                best.used = rung.model;
                scale = work_->scale(live, params);
                best.misfit = work_->misfit(live, scale);
                start = best.field.clone();
            }
        }
        if (last) {
            break;
        }
    }
    if (best.used != params.method) {
        best.reason = std::string("no gain beyond noise from ") + to_string(params.method);
    }
    return best;
}

}  // namespace dsm
