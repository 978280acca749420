// The shapes of what fills beside the sac. Frequencies and calibres: foraminal veins 1-3 mm leave
// laterally and follow the vertebral bodies towards the azygos system, the ribs, or the epidural
// plexus; sleeves fill outwards, taper and stop within 1-2 cm.
#include <algorithm>
#include <cmath>

#include "dsp/phantom/contrast.h"
#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

enum Purpose : std::uint64_t { kSleeve = 701, kVein = 702, kLeak = 703 };

double sign_of(Side side) {
    return side == Side::left ? 1.0 : -1.0;
}

// Catmull-Rom through the control points, about one point per mm.
std::vector<PointMm> smooth_course(const std::vector<PointMm>& control) {
    std::vector<PointMm> course;
    const auto at = [&](std::size_t i, std::ptrdiff_t step) {
        const auto last = static_cast<std::ptrdiff_t>(control.size()) - 1;
        return control[static_cast<std::size_t>(
            std::clamp(static_cast<std::ptrdiff_t>(i) + step, std::ptrdiff_t{0}, last))];
    };
    for (std::size_t i = 0; i + 1 < control.size(); ++i) {
        const PointMm a = at(i, -1);
        const PointMm b = at(i, 0);
        const PointMm c = at(i, 1);
        const PointMm d = at(i, 2);
        const int steps = std::max(1, static_cast<int>(std::hypot(c.x - b.x, c.y - b.y) / 1.2));
        for (int s = 0; s < steps; ++s) {
            const double t = static_cast<double>(s) / steps;
            const auto spline = [t](double p0, double p1, double p2, double p3) {
                return 0.5 *
                       (2.0 * p1 + (p2 - p0) * t + (2.0 * p0 - 5.0 * p1 + 4.0 * p2 - p3) * t * t +
                        (3.0 * p1 - p0 - 3.0 * p2 + p3) * t * t * t);
            };
            course.push_back({spline(a.x, b.x, c.x, d.x), spline(a.y, b.y, c.y, d.y)});
        }
    }
    course.push_back(control.back());
    return course;
}

// Keeps the first `length_mm` of a course.
std::vector<PointMm> cut(const std::vector<PointMm>& course, double length_mm) {
    std::vector<PointMm> kept{course.front()};
    double walked = 0.0;
    for (std::size_t i = 1; i < course.size() && walked < length_mm; ++i) {
        walked += std::hypot(course[i].x - course[i - 1].x, course[i].y - course[i - 1].y);
        kept.push_back(course[i]);
    }
    return kept;
}

void sample_tube(const Grid& grid, const Tube& tube, Structure& into, double depth_scale = 1.0) {
    draw_tube(grid, tube, [&](int x, int y, double chord_mm, double along_mm) {
        into.samples.push_back(
            {x, y, static_cast<float>(depth_scale * chord_mm), static_cast<float>(along_mm)});
    });
}

Structure begin(const StructureRecipe& recipe) {
    Structure s;
    s.kind = recipe.kind;
    s.level = recipe.level;
    s.side = recipe.side;
    s.width_mm = recipe.width_mm;
    s.starts_s = recipe.delay_s;
    s.speed_mm_s = recipe.speed_mm_s;
    s.rise_s = recipe.rise_s;
    s.iodine_mg_ml = recipe.iodine_mg_ml;
    s.plateau_s = recipe.plateau_s;
    s.washout_s = recipe.washout_s;
    return s;
}

// The point at which roots and veins leave the sac.
PointMm exit_point(const Spine& spine, double order, Side side) {
    const double y = spine.y_of(order) - 1.0;
    return {spine.x_at(y) + sign_of(side) * 0.92 * spine.sac_half_width_mm(y), y};
}

std::vector<PointMm> paravertebral_course(const Spine& spine, PointMm exit, double order, Side side,
                                          double length_mm, Random& random) {
    const double sign = sign_of(side);
    const double way = random.uniform() < 0.65 ? -1.0 : 1.0;  // mostly upwards, to the azygos
    const Vertebra& v = spine.vertebrae()[static_cast<std::size_t>(order)];
    std::vector<PointMm> control{exit,
                                 {exit.x + sign * 6.0, exit.y + 2.0},
                                 {exit.x + sign * 11.0, exit.y + 1.0 + 2.5 * way}};
    double y = exit.y + 8.0 * way;
    double bend = random.uniform(0.0, 6.0);
    for (double walked = 12.0; walked < length_mm + 12.0; walked += 7.0) {
        const double off = v.half_width_mm + 3.0 + 2.2 * std::sin(bend) + random.uniform(-0.7, 0.7);
        control.push_back({spine.x_at(y) + sign * off, y});
        y += 7.0 * way;
        bend += 0.75;
    }
    return control;
}

std::vector<PointMm> lateral_course(const Spine& spine, PointMm exit, double order, Side side,
                                    double length_mm, Random& random) {
    const double sign = sign_of(side);
    std::vector<PointMm> control{exit, {exit.x + sign * 7.0, exit.y + 2.0}};
    const auto rib = rib_course(spine, static_cast<int>(std::floor(order)), side, length_mm + 40.0);
    for (std::size_t i = 0; i < rib.size(); i += 3) {
        const double beyond = sign * (rib[i].x - exit.x);
        if (beyond < 13.0) {
            continue;
        }
        // From the foramen up to the groove under the rib.
        const double groove = rib[i].y + 6.5 * spine.size();
        const double part = std::exp(-(beyond - 13.0) / 14.0);
        control.push_back(
            {rib[i].x, part * (exit.y + 3.0) + (1.0 - part) * groove + random.uniform(-0.6, 0.6)});
    }
    return control;
}

std::vector<PointMm> epidural_course(const Spine& spine, PointMm exit, Side side, double length_mm,
                                     Random& random) {
    const double sign = sign_of(side);
    const double way = random.uniform() < 0.5 ? -1.0 : 1.0;
    std::vector<PointMm> control{exit, {exit.x + sign * 2.5, exit.y + 2.0 * way}};
    double y = exit.y + 5.0 * way;
    for (double walked = 5.0; walked < length_mm + 5.0; walked += 5.0) {
        // The lateral channel of the epidural plexus, winding about the edge of the sac; beyond
        // two thirds of its way it bridges to the other side.
        const double over = soft_step(walked - 0.7 * length_mm, 6.0);
        const double off =
            spine.sac_half_width_mm(y) * (1.12 - 2.2 * over) + random.uniform(-1.3, 1.3);
        control.push_back({spine.x_at(y) + sign * off, y});
        y += way * 5.0 * (1.0 - 0.6 * over);
    }
    return control;
}

Structure fistula(const Recipe& run, const StructureRecipe& recipe, const Spine& spine,
                  const Grid& grid, std::size_t number) {
    Structure s = begin(recipe);
    Random random(run.seed, kVein, number);
    const double order = foramen_order(recipe.level);
    const PointMm exit = exit_point(spine, order, recipe.side);
    std::vector<PointMm> control;
    switch (recipe.route) {
        case Drainage::lateral:
            control = lateral_course(spine, exit, order, recipe.side, recipe.length_mm, random);
            s.moves_with = LayerKind::ribs;
            break;
        case Drainage::central_epidural:
            control = epidural_course(spine, exit, recipe.side, recipe.length_mm, random);
            break;
        case Drainage::paravertebral:
        case Drainage::unknown:
            control =
                paravertebral_course(spine, exit, order, recipe.side, recipe.length_mm, random);
            break;
    }
    s.path = cut(smooth_course(control), recipe.length_mm);
    Tube tube;
    tube.path = s.path;
    tube.radius_mm = 0.5 * recipe.width_mm;
    tube.end_radius_mm = 0.42 * recipe.width_mm;
    sample_tube(grid, tube, s);
    return s;
}

Structure diverticulum(const StructureRecipe& recipe, const Spine& spine, const Grid& grid) {
    Structure s = begin(recipe);
    const PointMm exit = exit_point(spine, foramen_order(recipe.level), recipe.side);
    const double sign = sign_of(recipe.side);
    const double radius = 0.5 * recipe.width_mm;
    const PointMm middle{exit.x + sign * (5.0 + radius), exit.y + 3.0};
    s.path = {exit, middle};
    Tube pouch;
    pouch.path = {middle, {middle.x + sign * 0.3 * radius, middle.y + 0.3 * radius}};
    pouch.radius_mm = radius;
    pouch.end_radius_mm = 0.95 * radius;
    sample_tube(grid, pouch, s, 0.8);
    for (Structure::Sample& sample : s.samples) {
        sample.along_mm += 6.0F;
    }
    Tube neck;
    neck.path = s.path;
    neck.radius_mm = std::min(1.3, radius);
    neck.end_radius_mm = neck.radius_mm;
    sample_tube(grid, neck, s);
    return s;
}

// A film of contrast in the epidural space that creeps up and down from where it leaves the sac.
Structure extravasation(const Recipe& run, const StructureRecipe& recipe, const Spine& spine,
                        const Grid& grid) {
    Structure s = begin(recipe);
    const PointMm exit = exit_point(spine, foramen_order(recipe.level), recipe.side);
    const double sign = sign_of(recipe.side);
    const auto place = [&](double y) {
        return PointMm{spine.x_at(y) + sign * (spine.sac_half_width_mm(y) + 0.30 * recipe.width_mm +
                                               1.2 * std::sin(y / 9.0)),
                       y};
    };
    constexpr double kFilmMm = 3.6;
    const double half = 0.5 * recipe.length_mm;
    for (double y = exit.y - half; y <= exit.y + half; y += 2.0) {
        s.path.push_back(place(y));
    }
    Tube tube;
    tube.path = s.path;
    tube.radius_mm = 0.5 * recipe.width_mm;
    tube.end_radius_mm = tube.radius_mm;
    sample_tube(grid, tube, s, kFilmMm / recipe.width_mm);
    for (Structure::Sample& sample : s.samples) {
        const PointMm p = grid.to_mm(sample.x - grid.margin_px, sample.y - grid.margin_px);
        const double patchy = 1.0 + 0.9 * fractal_noise(run.seed + kLeak, p.x / 5.0, p.y / 8.0, 3);
        // Spreads both ways from its origin, thinner and thinner.
        const double away = std::abs(static_cast<double>(sample.along_mm) - half);
        const double thinner = 1.0 - 0.75 * std::min(1.0, away / half);
        sample.along_mm = static_cast<float>(away);
        sample.depth_mm *= static_cast<float>(thinner * std::max(0.15, patchy));
    }
    return s;
}

Structure renal_excretion(const StructureRecipe& recipe, const Spine& spine, const Grid& grid) {
    Structure s = begin(recipe);
    s.moves_with = LayerKind::abdomen;
    const double sign = sign_of(recipe.side);
    const double y = spine.y_of(kOrderL1 + 0.3) + (recipe.side == Side::right ? 8.0 : 0.0);
    const double x = spine.x_at(y) + sign * 46.0;
    const std::vector<std::vector<PointMm>> branches = {
        {{x, y}, {x + sign * 9.0, y - 9.0}, {x + sign * 15.0, y - 20.0}},
        {{x, y}, {x + sign * 11.0, y + 1.0}, {x + sign * 18.0, y + 3.0}},
        {{x, y}, {x + sign * 8.0, y + 12.0}, {x + sign * 13.0, y + 22.0}},
        {{x, y},
         {x - sign * 6.0, y + 10.0},
         {x - sign * 9.0, y + 30.0},
         {x - sign * 10.0, y + 30.0 + recipe.length_mm}}};
    for (const auto& branch : branches) {
        Tube tube;
        tube.path = smooth_course(branch);
        tube.radius_mm = 0.5 * recipe.width_mm;
        tube.end_radius_mm = 0.3 * recipe.width_mm;
        sample_tube(grid, tube, s);
    }
    s.path = smooth_course(branches.back());
    return s;
}

Structure root_sleeve(const Recipe& run, const Spine& spine, const Grid& grid, int order,
                      Side side) {
    Random random(run.seed, kSleeve, static_cast<std::uint64_t>(2 * order + (side == Side::left)));
    Structure s;
    s.kind = "nerve_root_sleeve";
    const auto& vertebrae = spine.vertebrae();
    s.level = vertebrae[static_cast<std::size_t>(order)].label + "-" +
              vertebrae[static_cast<std::size_t>(order) + 1].label;
    s.side = side;
    const PointMm exit = exit_point(spine, order + 0.5, side);
    const double length = random.uniform(7.0, 13.0);
    const double slope = order >= kOrderL1 ? random.uniform(0.9, 1.4) : random.uniform(0.35, 0.75);
    const double across = 1.0 / std::hypot(1.0, slope);
    s.path = smooth_course(
        {exit, {exit.x + sign_of(side) * length * across, exit.y + slope * length * across}});
    s.width_mm = random.uniform(1.6, 2.8);
    const double dependent =
        (run.position == PatientPosition::left_decubitus && side == Side::left) ||
                (run.position == PatientPosition::right_decubitus && side == Side::right)
            ? 1.0
            : 0.45;
    s.iodine_mg_ml = run.contrast.iodine_mg_ml * dependent * random.uniform(0.4, 0.9);
    s.starts_s = random.uniform(0.5, 3.0);
    s.rise_s = random.uniform(2.0, 4.0);
    s.speed_mm_s = 8.0;
    Tube tube;
    tube.path = s.path;
    tube.radius_mm = 0.5 * s.width_mm;
    tube.end_radius_mm = 0.2 * s.width_mm;
    sample_tube(grid, tube, s);
    return s;
}

}  // namespace

std::vector<Structure> shape_structures(const Recipe& run, const Spine& spine, const Grid& grid) {
    std::vector<Structure> all;
    if (run.contrast.root_sleeves) {
        const double half_mm = 0.5 * grid.picture.height * grid.pixel_mm;
        for (int order = 0; order + 1 < static_cast<int>(spine.vertebrae().size()); ++order) {
            if (std::abs(spine.y_of(order + 0.5)) < half_mm) {
                all.push_back(root_sleeve(run, spine, grid, order, Side::right));
                all.push_back(root_sleeve(run, spine, grid, order, Side::left));
            }
        }
    }
    for (std::size_t i = 0; i < run.structures.size(); ++i) {
        const StructureRecipe& recipe = run.structures[i];
        if (recipe.kind == "diverticulum") {
            all.push_back(diverticulum(recipe, spine, grid));
        } else if (recipe.kind == "extravasation") {
            all.push_back(extravasation(run, recipe, spine, grid));
        } else if (recipe.kind == "renal_excretion") {
            all.push_back(renal_excretion(recipe, spine, grid));
        } else {
            all.push_back(fistula(run, recipe, spine, grid, i));
        }
    }
    return all;
}

}  // namespace dsm::phantom
