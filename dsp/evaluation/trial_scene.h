// Scenes whose truth is known to the last quantum, for judging registration: masks, live frames
// with contrast, and the noise-free twins of both.
//
// Still, translation and smooth scenes move as a whole: the live picture is the phantom resampled
// (Lanczos, 3 lobes) along a field that is then the truth. The others are layers that slide over a
// still spine (dsp/phantom/motion.h): no one field explains them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/motion/displacement.h"
#include "dsp/phantom/recipe.h"

namespace dsm::evaluation {

enum class TrialCase : std::uint8_t {
    still,
    translation,
    smooth,
    breathing,          // one mask
    breathing_library,  // eight masks over the cycle
    chest_breathing,    // the same two with lungs and diaphragm in the picture
    chest_library,
    beating_heart,  // chest, library, natural depth of breath
    jerk,
    released_hold,  // masks from the hold, live frames after it
    recipe,         // a recipe of the user's own
};
inline constexpr int kBuiltInCases = 10;
[[nodiscard]] const char* to_string(TrialCase trial_case);

// What a pixel of a live frame is good for.
enum class Place : std::uint8_t { unused, free, column, leak };

struct LiveFrame {
    Image<float> quanta;                // expected, with contrast
    Image<float> background;            // expected, without
    Image<float> opacity;               // ln(background / quanta)
    std::optional<Displacement> field;  // from this frame to the mask, one control point a pixel
    Image<std::uint8_t> place;          // a Place
};

struct TrialScene {
    std::string name;
    TrialCase trial_case{TrialCase::still};
    phantom::Recipe recipe;
    double words_per_quantum{1.0};    // stored value over quanta
    std::vector<Image<float>> masks;  // expected quanta, in order of time; the last is nearest
    std::vector<LiveFrame> lives;

    [[nodiscard]] Extent extent() const { return masks.front().extent(); }
    // Variance of ln I of one exposure of `quanta`: (quanta + read-out^2) / quanta^2.
    [[nodiscard]] double variance(double quanta) const;
    // Stored values of the same picture exposed anew for each `exposure`; `frame` counts masks,
    // then live frames. `mirrored` gives the exposure whose noise is the opposite: quanta are
    // reflected at their expectation.
    void expose(std::size_t frame, std::uint64_t exposure, bool mirrored,
                ImageView<std::uint16_t> words) const;
    [[nodiscard]] const Image<float>& quanta(std::size_t frame) const {
        return frame < masks.size() ? masks[frame] : lives[frame - masks.size()].quanta;
    }
};

// Number `index` of the cohort `seed`, `size` pixels of 0.225 mm square; cases take turns.
// Deterministic. Errors: as PhantomRun::create.
[[nodiscard]] Result<TrialScene> make_trial_scene(std::uint64_t seed, int index, int size);
// The pre-contrast frames of a recipe (eight at most) and three frames from the rest of the run.
// Errors: a recipe without a frame before contrast or after it.
[[nodiscard]] Result<TrialScene> make_trial_scene(const phantom::Recipe& recipe);

// ln(max(image, least)), pixel by pixel.
[[nodiscard]] Image<float> log_of(ImageView<const float> quanta);

}  // namespace dsm::evaluation
