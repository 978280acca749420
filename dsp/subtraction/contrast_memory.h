// What contrast each frame holds, remembered from frame to frame, so that a frame can serve as a
// mask once its contrast has been put back.
//
// A subtraction is contrast, residue of motion and noise. Contrast is told from the rest by what it
// can and can not do: it is never negative, it stays for seconds, and it spreads from where it has
// been. Per pixel the memory is a scalar Kalman filter (Kalman, J Basic Eng 1960) whose measurement
// v of a frame is its opacity, smoothed by [1 4 1]/6 both ways, with the variance  R = n + a + u:
//   n   noise.
//   a   residue around the place, from what contrast can not be: twice the mean square of negative
//       opacity over 48 px, and a share of that of the whole frame. In a frame that is all residue
//       (a breath let go) the squares of every change, positive too, are added.
//   u   unsteadiness: the square of the largest drop that a clean frame has shown here, forgotten
//       over 22 s. What came and went with a breath is not believed when it comes again.
// Contrast changes steadily, by 0.003 in a second (one standard deviation), and in a clean frame by
// a jump: beyond three standard deviations the gain goes to one. A measurement that is worse than
// what is remembered hardly adds to its doubt: residue of a breath let go says nothing of a vein
// that was seen while it was held.
//
// What is put back is the estimate times its credibility z^4 / (z^4 + limit^4), z in its own
// standard deviations, noise and residue both. The limit is low within 40 px or so of contrast that
// is certain, and high elsewhere: a vein continues what is there. Opacity well beyond all doubt, as
// the sac's, is put back as measured in that very frame.
//
// The measurement is a mean of two: against masks without any contrast, and against all masks. The
// second has less residue, but what was lost of the contrast put back is missing from it too; it is
// charged with that doubt, 0.012 and three tenths of the contrast.
//
// The constants were chosen on the runs of ../shared/data/simulated and on runs projected from a
// chest CT with other anatomy and motion.
#pragma once

#include "dsp/core/image.h"
#include "dsp/core/stage.h"

namespace dsm {

inline constexpr StageInfo kContrastMemoryStage{
    .name = "contrast_memory",
    .purpose = "contrast that a frame holds",
    .inputs = {"opacity", "sigma"},
    .outputs = {"contrast"},
    .halo_px = 64,  // and the residue of the whole frame
    .parity = {.absolute = 1e-4F}};

// All views are at half resolution (pixels of 2 px) and of one extent; opacity is not
// negative where there is no measurement: what saturates is no sign of residue.
struct ContrastMeasurement {
    ImageView<const float> certain;  // opacity against masks without contrast
    ImageView<const float> mixed;    // opacity against all masks; empty where these are all
    ImageView<const float> sigma;    // noise of opacity of a pixel of full resolution
    double seconds{1.0};             // since the frame before
};

// Not thread-safe (it keeps its working memory); runs on all cores.
class ContrastMemory {
 public:
    // Of one frame, for the two-sided estimate.
    struct Record {
        Image<float> contrast, variance;   // the estimate; noise, residue and unsteadiness
        Image<float> value, beyond_doubt;  // the measurement; how far it is believed as it is
    };

    // Takes the measurement in; `contrast` receives what the frame holds, at half resolution.
    void follow(const ContrastMeasurement& measurement, Image<float>& contrast);
    // What follow() would say, with nothing remembered.
    void expect(const ContrastMeasurement& measurement, Image<float>& contrast);

    // Nothing is known beforehand of how much contrast there is: for a run followed backwards.
    void begin_unknown() { unknown_ = true; }
    // Of the frame followed last.
    [[nodiscard]] Record record() const;

    // Two-sided: the same frame followed forwards and backwards.
    static void settle(const Record& forwards, const Record& backwards, Image<float>& contrast);

 private:
    // Per pixel: the estimate and the variances it carries.
    struct State {
        Image<float> contrast, noise, residue, unsteady;
        Image<float> sure;  // by blocks of 8 half-resolution pixels: share of certain contrast
    };
    // One of the two measurements, smoothed, with the variance of residue by blocks.
    struct Look {
        Image<float> value, negative, change, residue;
        float clean{1.0F};  // 0: the frame is all residue
    };
    void start(Extent extent);
    void look(ImageView<const float> opacity, Look& look);
    void update(const ContrastMeasurement& measurement);

    State state_, next_;  // update() leads from one to the other
    bool unknown_{false};
    Look certain_, mixed_;
    Image<float> noise_;  // variance of a smoothed measurement, by blocks
    Image<float> value_, beyond_doubt_, z_;
};

}  // namespace dsm
