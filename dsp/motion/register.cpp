#include "dsp/motion/register.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "dsp/motion/misfit.h"
#include "dsp/motion/models.h"
#include "dsp/motion/normal_cells.h"

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
constexpr const char* kTooSmall = "picture too small to register";

// Levels from `coarsest` to `finest`, each with so many steps.
struct Course {
    std::size_t coarsest, finest;
    int steps;
};

// Of the residuals at a level, from quanta alone.
float noise_at(const LevelPixels& pixels, std::size_t level, const RegistrationParams& params) {
    return params.noise / static_cast<float>(pixels.shape(level).pixel_px);
}

Registration none(Extent extent, const char* reason) {
    Registration still;
    still.field = Displacement(extent);
    still.reason = reason;
    return still;
}

}  // namespace

struct Registrar::Work {
    PyramidPixels processor;
    CellSums cells;
    Evidence evidence;
    Image<float> offset;
    MeshStep step_mesh;
    Displacement next, finer, sparse;

    void fit(LevelPixels& pixels, Extent extent, RegistrationMethod model, const Course& course,
             const RegistrationParams& params, Displacement& field);
    bool step(RegistrationMethod model, int pixel_px, const RegistrationParams& params,
              Displacement& field);
    void look(LevelPixels& pixels, std::size_t level, const Displacement& field,
              const RegistrationParams& params);
    void lay(LevelPixels& pixels, std::size_t level, const Displacement& field);

    void search(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                RegistrationMethod model, Displacement& field);
    [[nodiscard]] bool start_serves(LevelPixels& pixels, Extent extent,
                                    const RegistrationParams& params, Displacement& fresh);
    [[nodiscard]] bool follow(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                              Displacement& field);
    void refine(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                Registration& found);
};

void Registrar::Work::lay(LevelPixels& pixels, std::size_t level, const Displacement& field) {
    // Eight pixels at a time need control points no nearer than that: a coarse level is shown every
    // other point of a finer mesh.
    const LevelPixels::Shape shape = pixels.shape(level);
    const int spacing = kCell * shape.pixel_px;
    if (field.spacing_px < spacing) {
        const Extent extent{shape.extent.width * shape.pixel_px,
                            shape.extent.height * shape.pixel_px};
        field.resample(extent, spacing, sparse);
    }
    pixels.lay(level, field.spacing_px < spacing ? sparse : field);
}

void Registrar::Work::look(LevelPixels& pixels, std::size_t level, const Displacement& field,
                           const RegistrationParams& params) {
    lay(pixels, level, field);
    CellInput input;
    input.noise = noise_at(pixels, level, params);
    input.scale = pixels.accumulate(input.noise, offset.view(), cells);
    weigh_evidence(cells, input, pixels.shape(level).pixel_px, evidence, offset.view());
}

// False once nothing moves any more.
bool Registrar::Work::step(RegistrationMethod model, int pixel_px, const RegistrationParams& params,
                           Displacement& field) {
    next.assign(field);
    if (model == RegistrationMethod::mesh) {
        step_mesh(evidence, params.spread_px, next);
    } else if (!(model == RegistrationMethod::shift ? step_shift(evidence, next)
                                                    : step_affine(evidence, next))) {
        return false;
    }
    const float most = kLargestStep * static_cast<float>(pixel_px);
    float largest = 0.0F;
    for (auto [from, to] : {std::pair{next.dx_px.pixels(), field.dx_px.pixels()},
                            std::pair{next.dy_px.pixels(), field.dy_px.pixels()}}) {
        for (std::size_t n = 0; n < to.size(); ++n) {
            const float moved = std::clamp(from[n] - to[n], -most, most);
            to[n] += moved;
            largest = std::max(largest, std::abs(moved));
        }
    }
    return largest >= kConverged * static_cast<float>(pixel_px);
}

void Registrar::Work::fit(LevelPixels& pixels, Extent extent, RegistrationMethod model,
                          const Course& course, const RegistrationParams& params,
                          Displacement& field) {
    for (std::size_t i = course.coarsest + 1; i-- > course.finest;) {
        const int pixel_px = pixels.shape(i).pixel_px;
        field.resample(extent, kCell * pixel_px, finer);
        std::swap(field, finer);
        cells.resize(field.nodes());
        evidence.resize(field.nodes());
        offset.resize(field.nodes());
        offset.fill(0.0F);
        for (int iteration = 0; iteration < course.steps; ++iteration) {
            look(pixels, i, field, params);
            if (!step(model, pixel_px, params, field)) {
                break;
            }
        }
    }
}

// From `field`, which a simpler model found, coarse to fine. A shift on the way to a mesh need not
// be known to the finest level.
void Registrar::Work::search(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                             RegistrationMethod model, Displacement& field) {
    const std::size_t coarsest = pixels.levels() - 1;
    const std::size_t last_coarse = std::min<std::size_t>(1, coarsest);
    fit(pixels, extent, model, {coarsest, last_coarse, 4}, params, field);
    if (params.finest_px < 4 && last_coarse == 1 && model != RegistrationMethod::shift) {
        fit(pixels, extent, model, {0, 0, 2}, params, field);
    }
}

// Whether the field of an earlier frame explains the coarse picture as well as `fresh`, which is
// searched for on the coarse levels. After a jerk it does not.
bool Registrar::Work::start_serves(LevelPixels& pixels, Extent extent,
                                   const RegistrationParams& params, Displacement& fresh) {
    if (params.trust_start) {
        return true;
    }
    const std::size_t coarsest = pixels.levels() - 1;
    const std::size_t starts = std::min(kStarts, coarsest);
    fit(pixels, extent, RegistrationMethod::shift, {coarsest, starts, 4}, params, fresh);
    fit(pixels, extent, RegistrationMethod::mesh, {coarsest, starts, 4}, params, fresh);
    lay(pixels, starts, fresh);
    const LevelPixels::Judged judged = pixels.judge(noise_at(pixels, starts, params));
    lay(pixels, starts, *params.start);
    return pixels.misfit(judged.scale) <= judged.misfit;
}

// From the field of an earlier frame, or from a fresh search of the coarse levels where that
// explains them better. True for the former.
bool Registrar::Work::follow(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                             Displacement& field) {
    const bool serves = start_serves(pixels, extent, params, field);
    if (serves) {
        field.assign(*params.start);
    }
    const int steps = serves ? 2 : 4;
    const std::size_t starts = std::min(kStarts, pixels.levels() - 1);
    if (starts > 1) {
        fit(pixels, extent, RegistrationMethod::mesh, {starts - 1, 1, steps}, params, field);
    }
    if (params.finest_px < 4 && starts > 0) {
        fit(pixels, extent, RegistrationMethod::mesh, {0, 0, steps / 2}, params, field);
    }
    return serves;
}

void Registrar::Work::refine(LevelPixels& pixels, Extent extent, const RegistrationParams& params,
                             Registration& found) {
    if (found.used == RegistrationMethod::shift && pixels.levels() > 1) {
        fit(pixels, extent, found.used, {0, 0, 3}, params, found.field);
        found.field = found.field.resampled(extent, kNodeSpacing_px);
    }
}

Registrar::Registrar() : work_(std::make_unique<Work>()) {}
Registrar::~Registrar() = default;
Registrar::Registrar(Registrar&&) noexcept = default;
Registrar& Registrar::operator=(Registrar&&) noexcept = default;

Registration Registrar::estimate(const Pyramid& live, const Pyramid& mask, Extent extent,
                                 const RegistrationParams& params) {
    if (params.method == RegistrationMethod::none) {
        return none(extent, "");
    }
    if (live.levels.size() != mask.levels.size()) {
        return none(extent, kTooSmall);
    }
    work_->processor.compare(live, mask);
    return estimate(work_->processor, extent, params);
}

Registration Registrar::estimate(LevelPixels& pixels, Extent extent,
                                 const RegistrationParams& params) {
    Registration best = none(extent, "");
    if (params.method == RegistrationMethod::none) {
        return best;
    }
    if (pixels.levels() == 0 || std::min(extent.width, extent.height) < kSmallestRegistered_px) {
        best.reason = kTooSmall;
        return best;
    }
    const std::size_t judged = std::min(kJudged, pixels.levels() - 1);
    const auto usable = static_cast<double>(pixels.usable(judged));
    const float noise = noise_at(pixels, judged, params);
    if (4.0 * usable < kLeastUsable) {
        best.reason = "too few usable pixels to register";
        return best;
    }
    // One scale for all rungs, that of the residual as it is: where motion is gross every residual
    // lies beyond the noise, and a misfit in units of noise could not tell better from worse.
    work_->lay(pixels, judged, best.field);
    float scale = 0.0F;
    const auto take_scale = [&] {
        const LevelPixels::Judged judged_now = pixels.judge(noise);
        scale = judged_now.scale;
        best.misfit = judged_now.misfit;
    };
    take_scale();
    Displacement field = best.field.clone();
    // What chance gains is a part of the noise, which residue of motion may exceed; residue is
    // alike over pixels of half resolution, so no more of them are counted than there are.
    const auto noise_share = [&] {
        return std::max(0.25, std::pow(static_cast<double>(noise / scale), 2.0));
    };
    const auto judge = [&](RegistrationMethod model, double parameters) {
        work_->lay(pixels, judged, field);
        const double misfit = pixels.misfit(scale);
        if (best.misfit - misfit <= noise_share() * chance_gain(parameters, usable) ||
            field.max_px() <= kStill_px) {
            return false;
        }
        std::swap(best.field, field);
        best.used = model;
        take_scale();
        return true;
    };
    // Neighbouring control points share evidence, so a point is worth half a parameter; much more
    // where masks of other phases are to explain what slides.
    const double mesh_parameters =
        (params.finest_px < 4 ? 0.5 : 2.0) * static_cast<double>(best.field.nodes().pixels());
    if (params.method == RegistrationMethod::mesh && params.start != nullptr &&
        !params.start->is_uniform()) {
        const bool followed = work_->follow(pixels, extent, params, field);
        if (judge(RegistrationMethod::mesh, mesh_parameters)) {
            best.followed = followed;
            return best;
        }
    }
    const auto climb = [&](RegistrationMethod model, double parameters) {
        field.assign(best.field);
        work_->search(pixels, extent, params, model, field);
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
    work_->refine(pixels, extent, params, best);
    if (best.used != params.method) {
        best.reason = std::string("no gain beyond noise from ") + to_string(params.method) +
                      (best.used == RegistrationMethod::none
                           ? std::string()
                           : std::string("; ") + to_string(best.used) + " kept");
    }
    return best;
}

}  // namespace dsm
