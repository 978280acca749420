// Oriented line filters: how much a short straight piece stands out from BOTH its sides.
//
// For each of kAngles directions the picture (smoothed across to the width sought) is averaged
// along `length_px`; a bright line is  R = A(x) - max(A(x + d n), A(x - d n)),  a dark one the same
// of -A. Taking the worse side (as in the coherence test of Meijering's and Koller's line filters,
// Koller et al., ICCV 1995: response = min over the two edges) makes R zero or negative on a step,
// however steep: the border of the sac and of moved bone is an edge, a vein is a line.
//
// Noise: with white noise of variance v per pixel, a Gaussian of standard deviation g across and n
// taps along, var(A) = v / (2 sqrt(pi) g n s), s the tap step over the Gaussian's correlation
// length, at most 1; the largest of kAngles values of A - max(A1, A2) then has a mean near 0.9 and
// a standard deviation near 0.8 of sqrt(var(A)) (measured by the tests on white noise).
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "dsp/core/image.h"

namespace dsm {

struct LineScale {
    double width_px{2.0};    // of the line sought
    double length_px{16.0};  // over which it is taken as straight
};

struct LineResponse {
    Image<float> bright;
    Image<float> dark;
    Image<std::uint8_t> bright_angle;  // index, angle = index * pi / kAngles from +x towards +y
    Image<std::uint8_t> dark_angle;
    Image<float> smooth;  // memory to work in
};

constexpr int kAngles = 12;

[[nodiscard]] double angle_of(int index);

// What a response is computed from, in pixels: for line_response() here, and for the same on other
// hardware.
struct LineKernel {
    struct Offset {
        int x{0};
        int y{0};
    };
    struct Direction {
        std::vector<Offset> taps;  // along the line
        Offset side;               // one flank; the other is its opposite
    };
    std::vector<float> smoothing;       // weights of the Gaussian along one axis, about its middle
    std::vector<Direction> directions;  // kAngles of them, with as many taps each
    int along{0};                       // reach of the taps
    int side{0};                        // reach of the flanks
    [[nodiscard]] int margin() const { return along + side; }  // response 0 so near the border
};
[[nodiscard]] LineKernel line_kernel(const LineScale& scale);

// Same extent as `image`; 0 within half a length of the borders. Works on all cores.
void line_response(ImageView<const float> image, const LineScale& scale, LineResponse& out);
// What stands in for line_response() where other hardware does it.
using LineFilter = std::function<void(ImageView<const float>, const LineScale&, LineResponse&)>;

// Standard deviation of one directional average A for white noise of standard deviation 1.
[[nodiscard]] double line_noise_gain(const LineScale& scale);

}  // namespace dsm
