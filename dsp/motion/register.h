// Displacement between a live frame and a mask, coarse to fine, under the simplest model of the
// ladder none < shift < affine < mesh that explains the frame.
//
// Each level of the pyramid is fitted by a few Gauss-Newton steps on control points 8 of its
// pixels apart; a finest level with pixels of 2 px has control points every 16 px. A richer model
// is kept only if it lowers the robust misfit by more than its parameters would by chance.
#pragma once

#include <memory>
#include <string>

#include "dsp/core/findings.h"
#include "dsp/core/image.h"
#include "dsp/core/stage.h"
#include "dsp/motion/displacement.h"
#include "dsp/motion/level_pixels.h"
#include "dsp/motion/pyramid.h"

namespace dsm {

inline constexpr StageInfo kRegisterStage{.name = "register",
                                          .purpose = "displacement between frame and mask",
                                          .inputs = {"live_pyramid", "mask_pyramid"},
                                          .outputs = {"displacement"},
                                          .parity = {.absolute = 1e-2F}};

inline constexpr int kPyramidLevels = 5;
// Pictures with a shorter side below this are not registered.
inline constexpr int kSmallestRegistered_px = 48;

struct Registration {
    Displacement field;
    RegistrationMethod used{RegistrationMethod::none};
    std::string reason;  // why less than what was asked for was taken; empty if not
    // Mean robust misfit per usable pixel at a quarter of the resolution, in units of the
    // residual's variance before the last rung that was taken.
    double misfit{0.0};
    bool followed{false};  // found from the start it was given, which a fresh search did not beat
};

struct RegistrationParams {
    RegistrationMethod method{RegistrationMethod::mesh};
    float noise{0.01F};     // standard deviation of mask - live at full resolution
    int finest_px{2};       // pixels of the finest level that mesh and affine are fitted on: 2 or 4
    float spread_px{0.6F};  // usual difference of displacement between control points
    // Found for an earlier frame against the same mask; may be null. Where it explains the coarse
    // picture better than a fresh search does, the mesh goes on from it.
    const Displacement* start{nullptr};
    // Go on from the start without the fresh search: another mask of this frame needed none.
    bool trust_start{false};
};

// Holds working memory between calls. Not thread-safe; works on all cores.
class Registrar {
 public:
    Registrar();
    ~Registrar();
    Registrar(Registrar&&) noexcept;
    Registrar& operator=(Registrar&&) noexcept;
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    // Both pyramids come from pictures of `extent` with exposure drift removed. Pictures too small
    // for a pyramid are not registered, with the reason.
    [[nodiscard]] Registration estimate(const Pyramid& live, const Pyramid& mask, Extent extent,
                                        const RegistrationParams& params);
    // The same with the work on pixels done elsewhere; of whatever levels there are.
    [[nodiscard]] Registration estimate(LevelPixels& pixels, Extent extent,
                                        const RegistrationParams& params);

 private:
    struct Work;
    std::unique_ptr<Work> work_;
};

}  // namespace dsm
