// A synthetic run, frame by frame, with its truth.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/levels.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/phantom/recipe.h"

namespace dsm::phantom {

// Detector over isocentre; the recipe's pixel_mm holds at the isocentre.
inline constexpr double kMagnification = 1.4;

// What truth.json lists; px of the picture as it is before anything moved.
struct TrueStructure {
    std::string kind;
    std::string level;
    Side side{Side::undetermined};
    std::vector<Point> path_px;
    double width_mm{0.0};
    int onset_frame{0};        // the first with 5 % of its full iodine; frames.size() if never
    double peak_opacity{0.0};  // largest over the run, 90th percentile along its path
    bool in_view{true};
};

struct Truth {
    std::string leak_class;       // kind of the first leak, or "negative"
    int first_contrast_frame{0};  // the first with any contrast in the picture; frames if none
    double noise_opacity{0.0};  // one standard deviation of ln I, one frame, median of the picture
    std::vector<LevelMark> levels;  // bodies whose centre is in the picture
    std::vector<TrueStructure> structures;
    Image<std::uint8_t> sac;   // 255 inside
    Image<std::uint8_t> free;  // 255 where contrast never comes near
};

// Deterministic: the same recipe gives the same pixels whatever the number of threads. Frames may
// be rendered in any order; not thread-safe (it works in its own buffers).
class PhantomRun {
 public:
    // Errors: invalid_input (a structure out of view).
    [[nodiscard]] static Result<PhantomRun> create(const Recipe& recipe);
    PhantomRun(PhantomRun&&) noexcept;
    PhantomRun& operator=(PhantomRun&&) noexcept;
    ~PhantomRun();

    [[nodiscard]] const RunInfo& info() const;
    [[nodiscard]] const Recipe& recipe() const;
    // Stored values and, where `opacity` is not empty, the true opacity ln(without / with contrast)
    // of the noise-free picture, scatter included.
    void render(FrameIndex frame, ImageView<std::uint16_t> words, ImageView<float> opacity);
    // Expected quanta per pixel, with or without the contrast medium, before noise.
    void render_quanta(FrameIndex frame, bool with_contrast, ImageView<float> quanta);
    // Complete once every frame has been rendered with its opacity.
    [[nodiscard]] Truth truth() const;

 private:
    struct Parts;
    explicit PhantomRun(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace dsm::phantom
