#include "dsp/phantom/contrast.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/parallel.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kFront = 601, kMixing = 602, kRoots = 603 };

double rising(double since_s, double time_constant_s) {
    return since_s > 0.0 ? 1.0 - std::exp(-since_s / time_constant_s) : 0.0;
}

double dependent_direction(PatientPosition position) {
    if (position == PatientPosition::left_decubitus) {
        return 1.0;  // the patient's left is the image's right
    }
    return position == PatientPosition::right_decubitus ? -1.0 : 0.0;
}

}  // namespace

double Structure::concentration(double time_s, double along_mm) const {
    const double since_s = time_s - starts_s - along_mm / speed_mm_s;
    double fill = rising(since_s, rise_s);
    if (washout_s > 0.0 && since_s > plateau_s) {
        fill *= std::exp(-(since_s - plateau_s) / washout_s);
    }
    return iodine_mg_ml * fill;
}

Contrast::Contrast(const Recipe& recipe, const Spine& spine, const Grid& grid)
    : recipe_(recipe),
      spine_(spine),
      grid_(grid),
      structures_(shape_structures(recipe, spine, grid)),
      dependent_(dependent_direction(recipe.position)),
      entry_y_mm_(grid.to_mm(0.0, grid.picture.height + grid.margin_px).y) {
    for (Structure& structure : structures_) {
        const double origin =
            structure.moves_with == LayerKind::abdomen ? entry_y_mm_ : structure.path.front().y;
        structure.starts_s += arrival_s(origin);
    }
}

double Contrast::arrival_s(double y_mm) const {
    const double way_mm = std::max(0.0, entry_y_mm_ - y_mm);
    // The front hurries and lingers a little on its way, but never turns back.
    const auto uneven = [&](double way) {
        return 12.0 * fractal_noise(recipe_.seed + kFront, way / 60.0, 0.5, 1);
    };
    return recipe_.contrast.start_s +
           std::max(0.0, way_mm + uneven(way_mm) - uneven(0.0)) / recipe_.contrast.front_mm_s;
}

double Contrast::sac_concentration(double across, double y_mm, double time_s) const {
    const double age_s = time_s - arrival_s(y_mm);
    if (age_s <= 0.0) {
        return 0.0;
    }
    const ContrastRecipe& contrast = recipe_.contrast;
    const double layering = dependent_ != 0.0 ? contrast.layering : 0.0;
    // Heavier than CSF, it fills from the dependent wall; the surface climbs as more arrives.
    const double surface = 0.75 - 1.35 * rising(age_s, 9.0);
    const double layered = soft_step(dependent_ * across - surface, 0.45);
    const double share = (1.0 - layering) + layering * (0.12 * rising(age_s, 12.0) + layered);
    const double mixing =
        1.0 + 0.10 * fractal_noise(recipe_.seed + kMixing, y_mm / 22.0, time_s / 9.0, 3);
    return contrast.iodine_mg_ml * rising(age_s, 3.5) * share * mixing * std::exp(-age_s / 180.0);
}

bool Contrast::in_sac(PointMm p) const {
    return std::abs(p.x - spine_.x_at(p.y)) < spine_.sac_half_width_mm(p.y);
}

void Contrast::add_sac(double time_s, Image<float>& mass) const {
    const ImageView<float> out = mass.view();
    parallel_rows(out.height(), 8, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            const double y_mm = grid_.to_mm(0.0, y - grid_.margin_px).y;
            if (time_s <= arrival_s(y_mm)) {
                continue;
            }
            const double half_width = spine_.sac_half_width_mm(y_mm);
            const double depth = 2.0 * spine_.sac_half_depth_mm(y_mm);
            const double cord_width = spine_.cord_half_width_mm(y_mm);
            const double cord_depth = 2.0 * spine_.cord_half_depth_mm(y_mm);
            const double middle = spine_.x_at(y_mm);
            const Point edge = grid_.to_px({middle, y_mm});
            const double reach = half_width / grid_.pixel_mm + 1.0;
            const int from = std::max(0, static_cast<int>(edge.x - reach) + grid_.margin_px);
            const int to =
                std::min(out.width() - 1, static_cast<int>(edge.x + reach) + grid_.margin_px);
            for (int x = from; x <= to; ++x) {
                const double off = grid_.to_mm(x - grid_.margin_px, 0.0).x - middle;
                const double across = off / half_width;
                if (std::abs(across) >= 1.0) {
                    continue;
                }
                double path = depth * std::sqrt(1.0 - across * across);
                if (std::abs(off) < cord_width) {
                    const double in_cord = off / cord_width;
                    path -= cord_depth * std::sqrt(1.0 - in_cord * in_cord);
                }
                // Roots take room as fine strands running down the sac.
                const double strands =
                    fractal_noise(recipe_.seed + kRoots, off / 0.9 + y_mm / 40.0, y_mm / 45.0, 2);
                path *= 1.0 - 0.13 * std::max(0.0, strands);
                out(x, y) +=
                    static_cast<float>(0.1 * path * sac_concentration(across, y_mm, time_s));
            }
        }
    });
}

bool Contrast::mass(LayerKind layer, double time_s, Image<float>& mass) const {
    bool any = false;
    if (layer == LayerKind::spine && time_s > arrival_s(entry_y_mm_)) {
        mass.fill(0.0F);
        add_sac(time_s, mass);
        any = true;
    }
    for (const Structure& structure : structures_) {
        if (structure.moves_with != layer || time_s <= structure.starts_s) {
            continue;
        }
        if (!any) {
            mass.fill(0.0F);
            any = true;
        }
        for (const Structure::Sample& sample : structure.samples) {
            mass(sample.x, sample.y) += static_cast<float>(
                0.1 * static_cast<double>(sample.depth_mm) *
                structure.concentration(time_s, static_cast<double>(sample.along_mm)));
        }
    }
    return any;
}

}  // namespace dsm::phantom
