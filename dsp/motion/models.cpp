#include "dsp/motion/models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>

namespace dsm {
namespace {

constexpr int kSweeps = 12;

// Six parameters: u = p0 + p1 x + p2 y, v = p3 + p4 x + p5 y, x and y over the picture in -1..1.
using Row = std::array<double, 6>;

Row basis(int x, int y, Extent nodes, bool vertical) {
    const double sx = nodes.width > 1 ? 2.0 * x / (nodes.width - 1) - 1.0 : 0.0;
    const double sy = nodes.height > 1 ? 2.0 * y / (nodes.height - 1) - 1.0 : 0.0;
    return vertical ? Row{0, 0, 0, 1, sx, sy} : Row{1, sx, sy, 0, 0, 0};
}

void add_node(const NodeEvidence& node, const Row& u, const Row& v, cv::Matx<double, 6, 6>& matrix,
              cv::Vec<double, 6>& right) {
    for (int i = 0; i < 6; ++i) {
        const auto a = static_cast<std::size_t>(i);
        right[i] += u[a] * static_cast<double>(node.bx) + v[a] * static_cast<double>(node.by);
        for (int j = 0; j < 6; ++j) {
            const auto b = static_cast<std::size_t>(j);
            matrix(i, j) += static_cast<double>(node.xx) * u[a] * u[b] +
                            static_cast<double>(node.yy) * v[a] * v[b] +
                            static_cast<double>(node.xy) * (u[a] * v[b] + v[a] * u[b]);
        }
    }
}

// Ties to the right and to the node below, with the weight of a Cauchy prior at the difference
// the field starts from.
struct Ties {
    Image<float> right, below;
};

Ties ties_of(const Displacement& field, float spread_px) {
    const Extent nodes = field.nodes();
    const float tie = 1.0F / (spread_px * spread_px);
    Ties ties{Image<float>(nodes), Image<float>(nodes)};
    const auto weight = [&](int x, int y, int nx, int ny) {
        const float du = field.dx_px(nx, ny) - field.dx_px(x, y);
        const float dv = field.dy_px(nx, ny) - field.dy_px(x, y);
        return tie / (1.0F + (du * du + dv * dv) * tie);
    };
    for (int y = 0; y < nodes.height; ++y) {
        for (int x = 0; x < nodes.width; ++x) {
            ties.right(x, y) = x + 1 < nodes.width ? weight(x, y, x + 1, y) : 0.0F;
            ties.below(x, y) = y + 1 < nodes.height ? weight(x, y, x, y + 1) : 0.0F;
        }
    }
    return ties;
}

struct Pull {
    float weight{0.0F};
    float dx{0.0F}, dy{0.0F};
};

Pull pull_of(const Displacement& field, const Ties& ties, int x, int y) {
    Pull pull;
    const auto add = [&](float weight, int nx, int ny) {
        pull.weight += weight;
        pull.dx += weight * field.dx_px(nx, ny);
        pull.dy += weight * field.dy_px(nx, ny);
    };
    if (x > 0) {
        add(ties.right(x - 1, y), x - 1, y);
    }
    if (x + 1 < field.nodes().width) {
        add(ties.right(x, y), x + 1, y);
    }
    if (y > 0) {
        add(ties.below(x, y - 1), x, y - 1);
    }
    if (y + 1 < field.nodes().height) {
        add(ties.below(x, y), x, y + 1);
    }
    return pull;
}

}  // namespace

bool step_shift(ImageView<const NodeEvidence> evidence, Displacement& field) {
    double xx = 0.0;
    double xy = 0.0;
    double yy = 0.0;
    double bx = 0.0;
    double by = 0.0;
    for (int y = 0; y < evidence.height(); ++y) {
        for (const NodeEvidence& node : evidence.row_span(y)) {
            xx += static_cast<double>(node.xx);
            xy += static_cast<double>(node.xy);
            yy += static_cast<double>(node.yy);
            bx += static_cast<double>(node.bx);
            by += static_cast<double>(node.by);
        }
    }
    const double determinant = xx * yy - xy * xy;
    if (!(determinant > 1e-9 * (xx + yy) * (xx + yy)) || !(xx + yy > 0.0)) {
        return false;
    }
    field.add({(yy * bx - xy * by) / determinant, (xx * by - xy * bx) / determinant});
    return true;
}

bool step_affine(ImageView<const NodeEvidence> evidence, Displacement& field) {
    cv::Matx<double, 6, 6> matrix = cv::Matx<double, 6, 6>::zeros();
    cv::Vec<double, 6> right = cv::Vec<double, 6>::all(0.0);
    for (int y = 0; y < evidence.height(); ++y) {
        for (int x = 0; x < evidence.width(); ++x) {
            add_node(evidence(x, y), basis(x, y, evidence.extent(), false),
                     basis(x, y, evidence.extent(), true), matrix, right);
        }
    }
    const double ridge = 1e-6 * cv::trace(matrix);
    if (!(ridge > 0.0)) {
        return false;
    }
    for (int i = 0; i < 6; ++i) {
        matrix(i, i) += ridge;
    }
    cv::Vec<double, 6> step;
    if (!cv::solve(matrix, right, step, cv::DECOMP_CHOLESKY)) {
        return false;
    }
    for (int y = 0; y < evidence.height(); ++y) {
        for (int x = 0; x < evidence.width(); ++x) {
            const Row u = basis(x, y, evidence.extent(), false);
            const Row v = basis(x, y, evidence.extent(), true);
            for (int i = 0; i < 6; ++i) {
                const auto a = static_cast<std::size_t>(i);
                field.dx_px(x, y) += static_cast<float>(u[a] * step[i]);
                field.dy_px(x, y) += static_cast<float>(v[a] * step[i]);
            }
        }
    }
    return true;
}

void step_mesh(ImageView<const NodeEvidence> evidence, float spread_px, Displacement& field) {
    const Displacement start = field.clone();
    const Ties ties = ties_of(start, spread_px);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        for (int y = 0; y < evidence.height(); ++y) {
            for (int x = 0; x < evidence.width(); ++x) {
                const NodeEvidence& node = evidence(x, y);
                const Pull pull = pull_of(field, ties, x, y);
                const float xx = node.xx + pull.weight;
                const float yy = node.yy + pull.weight;
                const float u0 = start.dx_px(x, y);
                const float v0 = start.dy_px(x, y);
                const float bx = node.xx * u0 + node.xy * v0 + node.bx + pull.dx;
                const float by = node.xy * u0 + node.yy * v0 + node.by + pull.dy;
                const float determinant = xx * yy - node.xy * node.xy;
                if (determinant > 0.0F) {
                    field.dx_px(x, y) = (yy * bx - node.xy * by) / determinant;
                    field.dy_px(x, y) = (xx * by - node.xy * bx) / determinant;
                }
            }
        }
    }
}

}  // namespace dsm
