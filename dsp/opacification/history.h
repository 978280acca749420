// The run so far on the coarse grid, in fixed memory: every frame up to kSlots of them, then
// neighbouring frames are averaged in pairs, so that a run of any length fits and any path can
// still be followed back to the first frame.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

class History {
 public:
    static constexpr int kSlots = 96;
    // Opacity is kept in steps of 1e-4, a fiftieth of the quietest noise met; range +-3.2.
    static constexpr float kStep = 1e-4F;

    struct Slot {
        FrameIndex first{0};  // frames averaged in this slot
        FrameIndex last{0};
        int frames{0};
        double time_s{0.0};  // mean time of those frames
        float artefact_ratio{1.0F};
        bool before_contrast{false};
        Point moved_px{};                // mean displacement of the mask: the phase of breathing
        std::int16_t* opacity{nullptr};  // in steps of kStep; in the history's own memory
    };

    explicit History(Extent extent);

    // One more frame: `slot` says what it is, all but its opacity.
    void add(const WorkFrame& work, Slot slot);

    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] int size() const { return static_cast<int>(slots_.size()); }
    [[nodiscard]] const Slot& slot(int i) const { return slots_[static_cast<std::size_t>(i)]; }
    [[nodiscard]] float opacity(int i, int x, int y) const {
        return kStep * static_cast<float>(slot(i).opacity[index(x, y)]);
    }
    // Never measured, or not measured in the last frame.
    [[nodiscard]] bool valid(int x, int y) const { return valid_(x, y) != 0; }
    // One standard deviation of one frame's opacity on the coarse grid: the noise model's, scaled
    // by what successive frames show (blur correlates pixels, so bins average out less).
    [[nodiscard]] float sigma(int x, int y) const { return noise_scale_ * sigma_(x, y); }
    [[nodiscard]] float typical_sigma() const { return noise_scale_ * typical_; }
    // Mean opacity of slots [from, to) at row y, weighted by weight(), into `out`.
    void mean_row(int from, int to, int y, int x_from, int x_to, float* out) const;
    // Frames in slots [from, to).
    [[nodiscard]] int frames_in(int from, int to) const;
    // How much a slot counts in a mean: its frames over the square of their artefact ratio, which
    // is the maximum-likelihood weight when residue adds to the noise in that ratio.
    [[nodiscard]] float weight(int i) const;
    // Frames without artefact whose plain mean would be as free of quantum noise as the weighted
    // mean of slots [from, to): (sum w)^2 / sum(w^2 / frames).
    [[nodiscard]] float effective_frames(int from, int to) const;
    // Slot that holds `frame`, or size() when it is later than all.
    [[nodiscard]] int slot_of(FrameIndex frame) const;

 private:
    [[nodiscard]] std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(extent_.width) +
               static_cast<std::size_t>(x);
    }
    void follow_noise(const WorkFrame& work);
    void halve();

    Extent extent_;
    // All the memory there will ever be, untouched by the system until it is used.
    std::unique_ptr<std::int16_t[]> store_;
    std::vector<std::int16_t*> free_;
    std::vector<Slot> slots_;
    std::vector<float> ratio_, sigmas_;  // samples of the frame added last
    int frames_per_slot_{1};
    Image<float> sigma_;
    Image<std::uint8_t> valid_;
    Image<float> previous_;
    float typical_{0.0F};
    float noise_scale_{1.0F};
    int frames_seen_{0};
};

}  // namespace dsm
