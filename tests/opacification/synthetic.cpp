#include "synthetic.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace dsm::test {

namespace {

constexpr double kMm = 0.48;

struct Drawn {
    Image<float> shape;  // 0..1, the line's profile
    Image<float> along;  // mm from its beginning
};

Drawn draw(const Scene& scene, const Line& line) {
    Drawn drawn{Image<float>(scene.extent, 0.0F), Image<float>(scene.extent, 0.0F)};
    double length_mm = 0.0;
    for (std::size_t i = 1; i < line.path.size(); ++i) {
        const Point a = line.path[i - 1];
        const Point b = line.path[i];
        const double piece = distance(a, b);
        for (double t = 0.0; t <= piece; t += 0.25) {
            const Point p = a + (t / piece) * (b - a);
            const int reach = static_cast<int>(line.width_mm / kMm) + 3;
            for (int y = static_cast<int>(p.y) - reach; y <= static_cast<int>(p.y) + reach; ++y) {
                for (int x = static_cast<int>(p.x) - reach; x <= static_cast<int>(p.x) + reach;
                     ++x) {
                    if (x < 0 || y < 0 || x >= scene.extent.width || y >= scene.extent.height) {
                        continue;
                    }
                    const double off =
                        distance(p, {static_cast<double>(x), static_cast<double>(y)}) * kMm;
                    const double s = off / (0.42 * line.width_mm);
                    const float value = static_cast<float>(std::exp(-0.5 * s * s));
                    if (value > drawn.shape(x, y)) {
                        drawn.shape(x, y) = value;
                        drawn.along(x, y) = static_cast<float>(length_mm + t * kMm);
                    }
                }
            }
        }
        length_mm += piece * kMm;
    }
    return drawn;
}

double risen(double since_s, double rise_s) {
    return since_s <= 0.0 ? 0.0 : 1.0 - std::exp(-since_s / rise_s);
}

std::vector<Line> sleeves_of(const Scene& scene) {
    std::vector<Line> lines;
    for (double y = 30.0; y < scene.extent.height - 20; y += 60.0) {
        for (const int side : {-1, 1}) {
            const double x = scene.sac_x + side * scene.sac_half_width_mm / kMm;
            lines.push_back({{{x, y}, {x + side * 16.0, y + 10.0}},
                             2.5,
                             0.06,
                             arrival_s(scene, y) + 0.7,
                             40.0,
                             2.5});
        }
    }
    return lines;
}

void add_sac(const Scene& scene, double time_s, Image<float>& opacity) {
    for (int y = 0; y < scene.extent.height; ++y) {
        const double level = scene.sac_peak * risen(time_s - arrival_s(scene, y), 2.5);
        for (int x = 0; x < scene.extent.width; ++x) {
            const double off = std::abs(x - scene.sac_x) * kMm - scene.sac_half_width_mm;
            opacity(x, y) += static_cast<float>(level / (1.0 + std::exp(off / 0.35)));
        }
    }
}

// Twelve slanting rib edges; each slips by a random phase of the breathing cycle.
void add_residue(const Scene& scene, double time_s, Image<float>& opacity) {
    std::mt19937 random(77);
    std::uniform_real_distribution<double> phase(0.0, 2.0 * std::numbers::pi);
    for (int rib = 0; rib < 12; ++rib) {
        const double offset = phase(random);
        const double top = 10.0 + 22.0 * rib;
        const double slip = std::sin(2.0 * std::numbers::pi * time_s / 4.3 + offset);
        for (int x = 0; x < scene.extent.width; ++x) {
            const double center = top + 0.35 * std::abs(x - scene.sac_x);
            for (int k = -6; k <= 10; ++k) {
                const int y = static_cast<int>(center) + k;
                if (y < 0 || y >= scene.extent.height) {
                    continue;
                }
                // Upper and lower edge of the rib answer with opposite signs.
                const double upper = std::exp(-0.5 * std::pow((y - center) / 1.6, 2.0));
                const double lower = std::exp(-0.5 * std::pow((y - center - 5.0) / 1.6, 2.0));
                opacity(x, y) += static_cast<float>(scene.residue * slip * (upper - lower));
            }
        }
    }
}

}  // namespace

double arrival_s(const Scene& scene, double y) {
    return scene.first_contrast_s + (scene.extent.height - y) * kMm / scene.front_mm_s;
}

RunInfo run_of(const Scene& scene) {
    RunInfo run;
    run.extent = scene.extent;
    run.frames = scene.frames;
    run.spacing = PixelSpacing{kMm, kMm, SpacingBasis::calibrated};
    run.left_in_image = scene.left;
    run.head_in_image = HeadInImage::towards_smaller_y;
    for (int k = 0; k < scene.frames; ++k) {
        run.frame_time_s.push_back(scene.frame_s * k);
    }
    return run;
}

std::vector<Point> vein_path(const Scene& scene, double y, double length_mm) {
    std::vector<Point> path;
    const double from = scene.sac_x + scene.sac_half_width_mm / kMm + 4.0;
    const double length_px = length_mm / kMm;
    for (double t = 0.0; t <= length_px; t += 2.0) {
        path.push_back({from + 0.8 * t, y - 0.55 * t + 0.002 * t * t});
    }
    return path;
}

std::vector<Point> border_path(const Scene& scene, double y, double length_mm) {
    std::vector<Point> path;
    for (double t = 0.0; t <= length_mm; t += 0.5) {
        const double off_mm = scene.sac_half_width_mm + 0.9 + 1.4 * std::sin(t / 2.1);
        path.push_back({scene.sac_x + off_mm / kMm, y + t / kMm});
    }
    return path;
}

Findings follow(const Scene& scene, int frames, const std::vector<LevelMark>& marks,
                const FindingParams& params) {
    const RunInfo run = run_of(scene);
    FindingEngine engine(run, marks, params);
    std::mt19937 random(scene.seed);
    std::normal_distribution<float> noise(0.0F, static_cast<float>(scene.noise));
    std::vector<Line> lines = scene.lines;
    if (scene.sac && scene.sleeves) {
        const std::vector<Line> sleeves = sleeves_of(scene);
        lines.insert(lines.end(), sleeves.begin(), sleeves.end());
    }
    std::vector<Drawn> drawn;
    for (const Line& line : lines) {
        drawn.push_back(draw(scene, line));
    }
    const Image<float> sigma(scene.extent, static_cast<float>(scene.noise));
    const Image<std::uint8_t> usable(scene.extent, 1);
    for (int k = 0; k < (frames < 0 ? scene.frames : frames); ++k) {
        const double time_s = scene.frame_s * k;
        Image<float> opacity(scene.extent);
        for (float& value : opacity.pixels()) {
            value = noise(random);
        }
        if (scene.sac) {
            add_sac(scene, time_s, opacity);
        }
        if (scene.residue > 0.0) {
            add_residue(scene, time_s, opacity);
        }
        if (k < 2 && scene.bad_start != 0.0 && !scene.lines.empty()) {
            const Point far = scene.lines.front().path.back();
            for (int y = static_cast<int>(far.y) - 6; y < static_cast<int>(far.y) + 6; ++y) {
                for (int x = static_cast<int>(far.x) - 6; x < static_cast<int>(far.x) + 30; ++x) {
                    opacity(x, y) += static_cast<float>(scene.bad_start);
                }
            }
        }
        for (std::size_t i = 0; i < lines.size(); ++i) {
            for (std::size_t p = 0; p < opacity.pixels().size(); ++p) {
                const float shape = drawn[i].shape.pixels()[p];
                if (shape > 0.01F) {
                    const double since =
                        time_s - lines[i].onset_s -
                        static_cast<double>(drawn[i].along.pixels()[p]) / lines[i].speed_mm_s;
                    opacity.pixels()[p] +=
                        static_cast<float>(lines[i].peak * risen(since, lines[i].rise_s)) * shape;
                }
            }
        }
        engine.follow({.frame = k,
                       .time_s = time_s,
                       .opacity = opacity.view(),
                       .sigma = sigma.view(),
                       .usable = usable.view(),
                       .subtracted = k >= scene.unsubtracted,
                       .before_contrast = time_s < scene.first_contrast_s,
                       .artefact_ratio = 1.0,
                       .moved_px = {},
                       .mask_registered = {}});
    }
    return engine.findings();
}

}  // namespace dsm::test
