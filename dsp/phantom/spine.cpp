#include "dsp/phantom/spine.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/core/levels.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kBend = 101, kVertebra = 102 };

double blend(double from, double to, double part) {
    return from + (to - from) * std::clamp(part, 0.0, 1.0);
}

Vertebra measures(const std::string& label, int order, double size) {
    Vertebra v;
    v.label = label;
    v.order = order;
    if (order < kOrderT1) {
        v.pitch_mm = 17.5;
        v.half_width_mm = 12.0;
        v.depth_mm = 17.0;
        v.height_mm = 0.76 * v.pitch_mm;
    } else if (order < kOrderL1) {
        const double part = (order - kOrderT1) / 11.0;
        v.pitch_mm = blend(20.0, 28.5, part);
        v.half_width_mm = blend(14.5, 20.0, part);
        v.depth_mm = blend(19.0, 31.0, part);
        v.height_mm = blend(0.80, 0.77, part) * v.pitch_mm;
    } else {
        const double part = (order - kOrderL1) / 5.0;
        v.pitch_mm = blend(34.0, 37.0, part);
        v.half_width_mm = blend(21.5, 26.0, part);
        v.depth_mm = 33.0;
        v.height_mm = blend(0.76, 0.72, part) * v.pitch_mm;
    }
    v.pitch_mm *= size;
    v.half_width_mm *= size;
    v.depth_mm *= size;
    v.height_mm *= size;
    return v;
}

}  // namespace

Spine::Spine(const Recipe& recipe)
    : size_(recipe.anatomy.size),
      offset_mm_(recipe.anatomy.offset_mm),
      scoliosis_mm_(recipe.anatomy.scoliosis_mm) {
    const std::vector<std::string> names = level_names();
    double y = 0.0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        Vertebra v = measures(names[i], static_cast<int>(i), size_);
        Random random(recipe.seed, kVertebra, i);
        v.half_width_mm *= random.uniform(0.97, 1.03);
        v.height_mm *= random.uniform(0.96, 1.03);
        v.center.y = y;
        y += v.pitch_mm;
        vertebrae_.push_back(v);
    }
    const int middle = level_order(recipe.anatomy.center_level).value_or(kOrderT1 + 8);
    const double shift = vertebrae_[static_cast<std::size_t>(middle)].center.y;
    Random random(recipe.seed, kBend);
    bend_phase_ = random.uniform(0.0, 2.0 * std::numbers::pi);
    for (Vertebra& v : vertebrae_) {
        v.center.y -= shift;
        v.center.x = x_at(v.center.y);
    }
}

double Spine::x_at(double y_mm) const {
    // Half a wave over 240 mm: one gentle curve through a field of view.
    return offset_mm_ + scoliosis_mm_ * std::sin(std::numbers::pi * y_mm / 240.0 + bend_phase_);
}

double Spine::order_at(double y_mm) const {
    for (std::size_t i = 0; i + 1 < vertebrae_.size(); ++i) {
        if (y_mm < vertebrae_[i + 1].center.y || i + 2 == vertebrae_.size()) {
            return static_cast<double>(i) +
                   (y_mm - vertebrae_[i].center.y) / vertebrae_[i].pitch_mm;
        }
    }
    return 0.0;
}

double Spine::y_of(double order) const {
    const auto last = static_cast<double>(vertebrae_.size() - 1);
    const auto below = static_cast<std::size_t>(std::clamp(std::floor(order), 0.0, last));
    return vertebrae_[below].center.y +
           (order - static_cast<double>(below)) * vertebrae_[below].pitch_mm;
}

double Spine::sac_half_width_mm(double y_mm) const {
    const double order = order_at(y_mm);
    return size_ * (order < kOrderL1 ? blend(7.0, 7.9, (order - kOrderT1) / 12.0)
                                     : blend(7.9, 9.0, (order - kOrderL1) / 2.0));
}

double Spine::sac_half_depth_mm(double y_mm) const {
    const double order = order_at(y_mm);
    return size_ * (order < kOrderL1 ? blend(6.2, 7.0, (order - kOrderT1) / 12.0)
                                     : blend(7.0, 7.8, (order - kOrderL1) / 2.0));
}

double Spine::cord_half_width_mm(double y_mm) const {
    const double order = order_at(y_mm);
    // Wider at the lumbar swelling (T10-T12), then the conus.
    const double swelling = 0.6 * std::exp(-std::pow((order - 17.0) / 1.4, 2.0));
    return size_ * (4.2 + swelling) * std::clamp((kOrderL1 + 0.3 - order) / 1.2, 0.0, 1.0);
}

double Spine::cord_half_depth_mm(double y_mm) const {
    return 0.78 * cord_half_width_mm(y_mm);
}

double foramen_order(const std::string& level) {
    const auto above = level_order(level.substr(0, level.find('-')));
    return static_cast<double>(above.value_or(kOrderT1)) + 0.5;
}

}  // namespace dsm::phantom
