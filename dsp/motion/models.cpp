#include "dsp/motion/models.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/core.hpp>

#include "dsp/core/lanes.h"

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

void add_node(const Evidence& evidence, int x, int y, cv::Matx<double, 6, 6>& matrix,
              cv::Vec<double, 6>& right) {
    const Row u = basis(x, y, evidence.nodes(), false);
    const Row v = basis(x, y, evidence.nodes(), true);
    for (int i = 0; i < 6; ++i) {
        const auto a = static_cast<std::size_t>(i);
        right[i] += u[a] * static_cast<double>(evidence.bx(x, y)) +
                    v[a] * static_cast<double>(evidence.by(x, y));
        for (int j = 0; j < 6; ++j) {
            const auto b = static_cast<std::size_t>(j);
            matrix(i, j) += static_cast<double>(evidence.xx(x, y)) * u[a] * u[b] +
                            static_cast<double>(evidence.yy(x, y)) * v[a] * v[b] +
                            static_cast<double>(evidence.xy(x, y)) * (u[a] * v[b] + v[a] * u[b]);
        }
    }
}

DSM_HOT void tie_row(const float* u, const float* v, const float* next_u, const float* next_v,
                     int count, float tie, float* ties) {
    for (int x = 0; x < count; ++x) {
        const float du = next_u[x] - u[x];
        const float dv = next_v[x] - v[x];
        ties[x] = tie / (1.0F + (du * du + dv * dv) * tie);
    }
}

// What a row of control points is solved from.
struct SolveRow {
    const float* __restrict left;
    const float* __restrict right;
    const float* __restrict above;
    const float* __restrict below;
    const float* __restrict xx;
    const float* __restrict xy;
    const float* __restrict yy;
    const float* __restrict bx;
    const float* __restrict by;
};

// `u` and `v` are rows with one value more at each end; `to` receives the new values of both.
DSM_HOT void solve_row(const SolveRow& row, const float* u, const float* v, const float* above_u,
                       const float* above_v, const float* below_u, const float* below_v, int width,
                       float* __restrict to_u, float* __restrict to_v) {
    for (int x = 0; x < width; ++x) {
        const float pull_u = row.left[x] * u[x - 1] + row.right[x] * u[x + 1] +
                             row.above[x] * above_u[x] + row.below[x] * below_u[x] + row.bx[x];
        const float pull_v = row.left[x] * v[x - 1] + row.right[x] * v[x + 1] +
                             row.above[x] * above_v[x] + row.below[x] * below_v[x] + row.by[x];
        to_u[x] = row.xx[x] * pull_u + row.xy[x] * pull_v;
        to_v[x] = row.xy[x] * pull_u + row.yy[x] * pull_v;
    }
}

}  // namespace

bool step_shift(const Evidence& evidence, Displacement& field) {
    const auto total = [](const Image<float>& plane) {
        double sum = 0.0;
        for (const float value : plane.pixels()) {
            sum += static_cast<double>(value);
        }
        return sum;
    };
    const double xx = total(evidence.xx);
    const double xy = total(evidence.xy);
    const double yy = total(evidence.yy);
    const double bx = total(evidence.bx);
    const double by = total(evidence.by);
    const double determinant = xx * yy - xy * xy;
    if (!(determinant > 1e-9 * (xx + yy) * (xx + yy)) || !(xx + yy > 0.0)) {
        return false;
    }
    field.add({(yy * bx - xy * by) / determinant, (xx * by - xy * bx) / determinant});
    return true;
}

bool step_affine(const Evidence& evidence, Displacement& field) {
    cv::Matx<double, 6, 6> matrix = cv::Matx<double, 6, 6>::zeros();
    cv::Vec<double, 6> right = cv::Vec<double, 6>::all(0.0);
    for (int y = 0; y < evidence.nodes().height; ++y) {
        for (int x = 0; x < evidence.nodes().width; ++x) {
            add_node(evidence, x, y, matrix, right);
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
    for (int y = 0; y < evidence.nodes().height; ++y) {
        for (int x = 0; x < evidence.nodes().width; ++x) {
            const Row u = basis(x, y, evidence.nodes(), false);
            const Row v = basis(x, y, evidence.nodes(), true);
            for (int i = 0; i < 6; ++i) {
                const auto a = static_cast<std::size_t>(i);
                field.dx_px(x, y) += static_cast<float>(u[a] * step[i]);
                field.dy_px(x, y) += static_cast<float>(v[a] * step[i]);
            }
        }
    }
    return true;
}

void MeshStep::tie(const Displacement& field, float spread_px) {
    const Extent nodes = field.nodes();
    const float strength = 1.0F / (spread_px * spread_px);
    for (int y = 0; y < nodes.height; ++y) {
        const float* u = field.dx_px.view().row(y);
        const float* v = field.dy_px.view().row(y);
        float* right = right_.view().row(y);
        float* left = left_.view().row(y);
        tie_row(u, v, u + 1, v + 1, nodes.width - 1, strength, right);
        right[nodes.width - 1] = 0.0F;
        left[0] = 0.0F;
        std::copy_n(right, nodes.width - 1, left + 1);
        float* below = below_.view().row(y);
        if (y + 1 < nodes.height) {
            tie_row(u, v, field.dx_px.view().row(y + 1), field.dy_px.view().row(y + 1), nodes.width,
                    strength, below);
            std::copy_n(below, nodes.width, above_.view().row(y + 1));
        } else {
            std::fill_n(below, nodes.width, 0.0F);
        }
    }
    std::fill_n(above_.view().row(0), nodes.width, 0.0F);
}

void MeshStep::invert(const Evidence& evidence, const Displacement& field) {
    const std::size_t count = field.nodes().pixels();
    for (std::size_t i = 0; i < count; ++i) {
        const float pull =
            left_.pixels()[i] + right_.pixels()[i] + above_.pixels()[i] + below_.pixels()[i];
        const float a = evidence.xx.pixels()[i];
        const float b = evidence.xy.pixels()[i];
        const float c = evidence.yy.pixels()[i];
        const float u = field.dx_px.pixels()[i];
        const float v = field.dy_px.pixels()[i];
        const float determinant = (a + pull) * (c + pull) - b * b;
        // Without ties and evidence a point stays where it is.
        const bool solvable = determinant > 0.0F;
        const float inverse = solvable ? 1.0F / determinant : 0.0F;
        xx_.pixels()[i] = solvable ? (c + pull) * inverse : 1.0F;
        xy_.pixels()[i] = -b * inverse;
        yy_.pixels()[i] = solvable ? (a + pull) * inverse : 1.0F;
        bx_.pixels()[i] = solvable ? a * u + b * v + evidence.bx.pixels()[i] : u;
        by_.pixels()[i] = solvable ? b * u + c * v + evidence.by.pixels()[i] : v;
    }
}

void MeshStep::sweep_row(int y, Displacement& field) {
    const int width = field.nodes().width;
    const int above = std::max(0, y - 1);
    const int below = std::min(field.nodes().height - 1, y + 1);
    const auto padded = static_cast<std::size_t>(width) + 2;
    row_.resize(2 * padded);
    float* u = row_.data() + 1;
    float* v = row_.data() + padded + 1;
    float* to_u = field.dx_px.view().row(y);
    float* to_v = field.dy_px.view().row(y);
    std::copy_n(to_u, width, u);
    std::copy_n(to_v, width, v);
    u[-1] = v[-1] = u[width] = v[width] = 0.0F;
    solve_row({left_.view().row(y), right_.view().row(y), above_.view().row(y),
               below_.view().row(y), xx_.view().row(y), xy_.view().row(y), yy_.view().row(y),
               bx_.view().row(y), by_.view().row(y)},
              u, v, above == y ? u : field.dx_px.view().row(above),
              above == y ? v : field.dy_px.view().row(above),
              below == y ? u : field.dx_px.view().row(below),
              below == y ? v : field.dy_px.view().row(below), width, to_u, to_v);
}

void MeshStep::operator()(const Evidence& evidence, float spread_px, Displacement& field) {
    const Extent nodes = field.nodes();
    for (Image<float>* each : {&left_, &right_, &above_, &below_, &xx_, &xy_, &yy_, &bx_, &by_}) {
        each->resize(nodes);
    }
    tie(field, spread_px);
    invert(evidence, field);
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
        for (int i = 0; i < nodes.height; ++i) {
            sweep_row(sweep % 2 == 0 ? i : nodes.height - 1 - i, field);
        }
    }
}

}  // namespace dsm
