#include "dsp/motion/register.h"

#include <algorithm>
#include <cmath>
#include <utility>
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
constexpr float kLargestStep = 4.0F;  // level pixels; larger steps leave the linear range
// Levels at which fields are judged, and starts are chosen.
constexpr std::size_t kJudged = 1;
constexpr std::size_t kStarts = 2;
constexpr double kLeastUsable = 256.0;  // pixels at half resolution

// Levels from `coarsest` to `finest`, each with so many steps.
struct Course {
    std::size_t coarsest, finest;
    int steps;
};

}  // namespace

struct Registrar::Work {
    Image<float> warped;
    Image<float> covered;
    CellSums cells;
    Evidence evidence;
    Image<float> offset;
    std::vector<float> sample;
    MeshStep step_mesh;
    Displacement next, finer, sparse;

    void fit(const Pyramid& live, const Pyramid& mask, Extent extent, RegistrationMethod model,
             const Course& course, const RegistrationParams& params, Displacement& field);
    bool step(RegistrationMethod model, const Pyramid::Level& at, const RegistrationParams& params,
              Displacement& field);
    void look(const Pyramid::Level& live, const Pyramid::Level& mask, const Displacement& field,
              const RegistrationParams& params);
    // Both judge the field last shown by lay().
    void lay(const Pyramid::Level& live, const Pyramid::Level& mask, const Displacement& field);
    [[nodiscard]] double misfit(const Pyramid::Level& live, float scale) const;
    [[nodiscard]] float scale(const Pyramid::Level& live, const RegistrationParams& params);

    void search(const Pyramid& live, const Pyramid& mask, Extent extent,
                const RegistrationParams& params, RegistrationMethod model, Displacement& field);
    [[nodiscard]] bool start_serves(const Pyramid& live, const Pyramid& mask, Extent extent,
                                    const RegistrationParams& params, Displacement& fresh);
    [[nodiscard]] bool follow(const Pyramid& live, const Pyramid& mask, Extent extent,
                              const RegistrationParams& params, Displacement& field);
    void refine(const Pyramid& live, const Pyramid& mask, Extent extent,
                const RegistrationParams& params, Registration& found);
};

void Registrar::Work::lay(const Pyramid::Level& live, const Pyramid::Level& mask,
                          const Displacement& field) {
    warped.resize(live.value.extent());
    covered.resize(live.value.extent());
    // Eight pixels at a time need control points no nearer than that: a coarse level is shown every
    // other point of a finer mesh.
    const int spacing = kCell * live.pixel_px;
    if (field.spacing_px < spacing) {
        const Extent extent{live.value.width() * live.pixel_px,
                            live.value.height() * live.pixel_px};
        field.resample(extent, spacing, sparse);
    }
    warp_level(
        {mask.value.view(), mask.usable.view(), live.usable.view(), warped.view(), covered.view()},
        field.spacing_px < spacing ? sparse : field, live.pixel_px);
}

double Registrar::Work::misfit(const Pyramid::Level& live, float scale) const {
    return robust_misfit(warped.view(), live.value.view(), live.usable.view(), scale);
}

float Registrar::Work::scale(const Pyramid::Level& live, const RegistrationParams& params) {
    return std::max(params.noise / static_cast<float>(live.pixel_px),
                    residual_scale(warped.view(), live.value.view(), covered.view(), sample));
}

void Registrar::Work::look(const Pyramid::Level& live, const Pyramid::Level& mask,
                           const Displacement& field, const RegistrationParams& params) {
    lay(live, mask, field);
    CellInput input;
    input.mask_registered = warped.view();
    input.live = live.value.view();
    input.usable = covered.view();
    input.offset = offset.view();
    input.noise = params.noise / static_cast<float>(live.pixel_px);
    input.scale = scale(live, params);
    accumulate_cells(input, cells);
    weigh_evidence(cells, input, live.pixel_px, evidence, offset.view());
}

// False once nothing moves any more.
bool Registrar::Work::step(RegistrationMethod model, const Pyramid::Level& at,
                           const RegistrationParams& params, Displacement& field) {
    next.assign(field);
    if (model == RegistrationMethod::mesh) {
        step_mesh(evidence, params.spread_px, next);
    } else if (!(model == RegistrationMethod::shift ? step_shift(evidence, next)
                                                    : step_affine(evidence, next))) {
        return false;
    }
    const float most = kLargestStep * static_cast<float>(at.pixel_px);
    float largest = 0.0F;
    for (auto [from, to] : {std::pair{next.dx_px.pixels(), field.dx_px.pixels()},
                            std::pair{next.dy_px.pixels(), field.dy_px.pixels()}}) {
        for (std::size_t n = 0; n < to.size(); ++n) {
            const float moved = std::clamp(from[n] - to[n], -most, most);
            to[n] += moved;
            largest = std::max(largest, std::abs(moved));
        }
    }
    return largest >= kConverged * static_cast<float>(at.pixel_px);
}

void Registrar::Work::fit(const Pyramid& live, const Pyramid& mask, Extent extent,
                          RegistrationMethod model, const Course& course,
                          const RegistrationParams& params, Displacement& field) {
    for (std::size_t i = course.coarsest + 1; i-- > course.finest;) {
        const Pyramid::Level& at = live.levels[i];
        field.resample(extent, kCell * at.pixel_px, finer);
        std::swap(field, finer);
        cells.resize(field.nodes());
        evidence.resize(field.nodes());
        offset.resize(field.nodes());
        offset.fill(0.0F);
        for (int iteration = 0; iteration < course.steps; ++iteration) {
            look(at, mask.levels[i], field, params);
            if (!step(model, at, params, field)) {
                break;
            }
        }
    }
}

// From `field`, which a simpler model found, coarse to fine. A shift on the way to a mesh need not
// be known to the finest level.
void Registrar::Work::search(const Pyramid& live, const Pyramid& mask, Extent extent,
                             const RegistrationParams& params, RegistrationMethod model,
                             Displacement& field) {
    const std::size_t coarsest = live.levels.size() - 1;
    const std::size_t last_coarse = std::min<std::size_t>(1, coarsest);
    fit(live, mask, extent, model, {coarsest, last_coarse, 4}, params, field);
    if (params.finest_px < 4 && last_coarse == 1 && model != RegistrationMethod::shift) {
        fit(live, mask, extent, model, {0, 0, 2}, params, field);
    }
}

// Whether the field of an earlier frame explains the coarse picture as well as `fresh`, which is
// searched for on the coarse levels. After a jerk it does not.
bool Registrar::Work::start_serves(const Pyramid& live, const Pyramid& mask, Extent extent,
                                   const RegistrationParams& params, Displacement& fresh) {
    if (params.trust_start) {
        return true;
    }
    const std::size_t coarsest = live.levels.size() - 1;
    const std::size_t starts = std::min(kStarts, coarsest);
    fit(live, mask, extent, RegistrationMethod::shift, {coarsest, starts, 4}, params, fresh);
    fit(live, mask, extent, RegistrationMethod::mesh, {coarsest, starts, 4}, params, fresh);
    const Pyramid::Level& at = live.levels[starts];
    lay(at, mask.levels[starts], fresh);
    const float level_scale = scale(at, params);
    const double misfit_fresh = misfit(at, level_scale);
    lay(at, mask.levels[starts], *params.start);
    return misfit(at, level_scale) <= misfit_fresh;
}

// From the field of an earlier frame, or from a fresh search of the coarse levels where that
// explains them better. True for the former.
bool Registrar::Work::follow(const Pyramid& live, const Pyramid& mask, Extent extent,
                             const RegistrationParams& params, Displacement& field) {
    const bool serves = start_serves(live, mask, extent, params, field);
    if (serves) {
        field.assign(*params.start);
    }
    const int steps = serves ? 2 : 4;
    const std::size_t starts = std::min(kStarts, live.levels.size() - 1);
    if (starts > 1) {
        fit(live, mask, extent, RegistrationMethod::mesh, {starts - 1, 1, steps}, params, field);
    }
    if (params.finest_px < 4 && starts > 0) {
        fit(live, mask, extent, RegistrationMethod::mesh, {0, 0, steps / 2}, params, field);
    }
    return serves;
}

void Registrar::Work::refine(const Pyramid& live, const Pyramid& mask, Extent extent,
                             const RegistrationParams& params, Registration& found) {
    if (found.used == RegistrationMethod::shift && live.levels.size() > 1) {
        fit(live, mask, extent, found.used, {0, 0, 3}, params, found.field);
        found.field = found.field.resampled(extent, kNodeSpacing_px);
    }
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
    if (live.levels.empty() || live.levels.size() != mask.levels.size() ||
        std::min(extent.width, extent.height) < kSmallestRegistered_px) {
        best.reason = "picture too small to register";
        return best;
    }
    const std::size_t judged = std::min(kJudged, live.levels.size() - 1);
    const Pyramid::Level& level = live.levels[judged];
    const Pyramid::Level& mask_level = mask.levels[judged];
    const auto pixels = static_cast<double>(count_usable(level.usable.view()));
    if (4.0 * pixels < kLeastUsable) {
        best.reason = "too few usable pixels to register";
        return best;
    }
    // One scale for all rungs, that of the residual as it is: where motion is gross every residual
    // lies beyond the noise, and a misfit in units of noise could not tell better from worse.
    work_->lay(level, mask_level, best.field);
    float scale = work_->scale(level, params);
    best.misfit = work_->misfit(level, scale);
    Displacement field = best.field.clone();
    // What chance gains is a part of the noise, which residue of motion may exceed; residue is
    // alike over pixels of half resolution, so no more of them are counted than there are.
    const auto noise_share = [&] {
        const float noise = params.noise / static_cast<float>(level.pixel_px);
        return std::max(0.25, std::pow(static_cast<double>(noise / scale), 2.0));
    };
    const auto judge = [&](RegistrationMethod model, double parameters) {
        work_->lay(level, mask_level, field);
        const double misfit = work_->misfit(level, scale);
        if (best.misfit - misfit <= noise_share() * chance_gain(parameters, pixels) ||
            field.max_px() <= kStill_px) {
            return false;
        }
        std::swap(best.field, field);
        best.used = model;
        scale = work_->scale(level, params);
        best.misfit = work_->misfit(level, scale);
        return true;
    };
    // Neighbouring control points share evidence, so a point is worth half a parameter; much more
    // where masks of other phases are to explain what slides.
    const double mesh_parameters =
        (params.finest_px < 4 ? 0.5 : 2.0) * static_cast<double>(best.field.nodes().pixels());
    if (params.method == RegistrationMethod::mesh && params.start != nullptr &&
        !params.start->is_uniform()) {
        const bool followed = work_->follow(live, mask, extent, params, field);
        if (judge(RegistrationMethod::mesh, mesh_parameters)) {
            best.followed = followed;
            return best;
        }
    }
    const auto climb = [&](RegistrationMethod model, double parameters) {
        field.assign(best.field);
        work_->search(live, mask, extent, params, model, field);
        return judge(model, parameters);
    };
    const bool moved = climb(RegistrationMethod::shift, 2.0);
    if (params.method == RegistrationMethod::affine) {
        climb(RegistrationMethod::affine, 6.0);
    } else if (params.method == RegistrationMethod::mesh) {
        // The mesh starts from the shift; where it does not pay but something has moved, the rung
        // between may.
        if (!climb(RegistrationMethod::mesh, mesh_parameters) && moved) {
            climb(RegistrationMethod::affine, 6.0);
        }
    }
    work_->refine(live, mask, extent, params, best);
    if (best.used != params.method) {
        best.reason = std::string("no gain beyond noise from ") + to_string(params.method) +
                      (best.used == RegistrationMethod::none
                           ? std::string()
                           : std::string("; ") + to_string(best.used) + " kept");
    }
    return best;
}

}  // namespace dsm
