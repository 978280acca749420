// Where the contrast medium is, as mass thickness (mg of iodine per cm2) on the padded grid.
#pragma once

#include <vector>

#include "dsp/phantom/layers.h"
#include "dsp/phantom/recipe.h"
#include "dsp/phantom/spine.h"

namespace dsm::phantom {

// ln(I0 / I) of `mass` mg/cm2 iodine without scatter: 70 kVp behind 20 cm of water, CsI detector.
// Spectrum hardening bends the curve; fits 0.118, 0.57, 1.56, 2.86 at 10, 50, 150, 300 mg/cm2.
[[nodiscard]] inline double iodine_attenuation(double mass_mg_cm2) {
    return 0.0119 * mass_mg_cm2 / (1.0 + 0.00085 * mass_mg_cm2);
}

// One thing that fills beside the sac. All times s from the first frame.
struct Structure {
    std::string kind;   // as truth.json names it
    std::string level;  // "T9-T10"
    Side side{Side::undetermined};
    std::vector<PointMm> path;
    double width_mm{0.0};
    LayerKind moves_with{LayerKind::spine};
    double starts_s{0.0};
    double speed_mm_s{1.0};
    double rise_s{1.0};
    double iodine_mg_ml{0.0};
    double plateau_s{0.0};
    double washout_s{0.0};  // 0: stays
    struct Sample {
        int x{};  // on the padded grid
        int y{};
        float depth_mm{};  // of contrast in the beam when full
        float along_mm{};  // from where it leaves the sac
    };
    std::vector<Sample> samples;

    // mg/mL at `along_mm` of the path.
    [[nodiscard]] double concentration(double time_s, double along_mm) const;
    [[nodiscard]] double peak_concentration(double time_s) const {
        return concentration(time_s, 0);
    }
};

class Contrast {
 public:
    Contrast(const Recipe& recipe, const Spine& spine, const Grid& grid);

    [[nodiscard]] const std::vector<Structure>& structures() const { return structures_; }
    [[nodiscard]] double arrival_s(double y_mm) const;  // of the front in the sac
    // Adds up what moves with `layer`; returns false and leaves `mass` alone when there is none.
    [[nodiscard]] bool mass(LayerKind layer, double time_s, Image<float>& mass) const;
    // Where the sac is, whether filled or not, on the padded grid.
    [[nodiscard]] bool in_sac(PointMm p) const;

 private:
    void add_sac(double time_s, Image<float>& mass) const;
    [[nodiscard]] double sac_concentration(double across, double y_mm, double time_s) const;

    const Recipe& recipe_;
    const Spine& spine_;
    Grid grid_;
    std::vector<Structure> structures_;
    double dependent_{0.0};  // +1: contrast sinks towards the image's right
    double entry_y_mm_{0.0};
};

// Root sleeves, fistulas, diverticula, leaks, renal excretion: shapes without times.
[[nodiscard]] std::vector<Structure> shape_structures(const Recipe&, const Spine&, const Grid&);

}  // namespace dsm::phantom
