// The skeleton's measures and where each level lies. Everything in mm; (0, 0) is the middle of the
// picture, x right, y down (feet).
#pragma once

#include <string>
#include <vector>

#include "dsp/phantom/recipe.h"

namespace dsm::phantom {

struct PointMm {
    double x{};
    double y{};
};

struct Vertebra {
    std::string label;
    int order{};         // in level_names()
    PointMm center;      // of the body
    double pitch_mm{};   // to the next one below
    double height_mm{};  // of the body
    double half_width_mm{};
    double depth_mm{};
    [[nodiscard]] bool thoracic() const { return label[0] == 'T'; }
    [[nodiscard]] bool lumbar() const { return label[0] == 'L' || label[0] == 'S'; }
};

// Measures: level pitch T1 20 mm to T12 28 mm, lumbar 35-38 mm; sac 12-15 x 14-18 mm in the chest,
// 14-18 x 15-22 mm in the loins; cord 6-8 x 8-10 mm, ending at L1 (usual adult values).
class Spine {
 public:
    explicit Spine(const Recipe& recipe);

    [[nodiscard]] const std::vector<Vertebra>& vertebrae() const { return vertebrae_; }
    // Fractional position along level_names(): 16.5 is halfway between two centres.
    [[nodiscard]] double order_at(double y_mm) const;
    [[nodiscard]] double y_of(double order) const;
    [[nodiscard]] double x_at(double y_mm) const;                // of the midline
    [[nodiscard]] double sac_half_width_mm(double y_mm) const;   // left to right
    [[nodiscard]] double sac_half_depth_mm(double y_mm) const;   // front to back
    [[nodiscard]] double cord_half_width_mm(double y_mm) const;  // 0 below the conus
    [[nodiscard]] double cord_half_depth_mm(double y_mm) const;
    [[nodiscard]] double size() const { return size_; }

 private:
    std::vector<Vertebra> vertebrae_;
    double size_;
    double offset_mm_;
    double scoliosis_mm_;
    double bend_phase_;
};

// Where "T9-T10" leaves the sac; the level must be one that recipes may name.
[[nodiscard]] double foramen_order(const std::string& level);

inline constexpr int kOrderT1 = 7;
inline constexpr int kOrderL1 = 19;

}  // namespace dsm::phantom
