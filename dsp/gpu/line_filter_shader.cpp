#include "dsp/gpu/line_filter_shader.h"

#include <array>
#include <cstddef>
#include <utility>

namespace dsm::gpu {
namespace {

constexpr int kResponses = 2;  // of bright lines, of dark ones

}  // namespace

Result<LineFilterShader> LineFilterShader::load(const std::filesystem::path& shaders) {
    LineFilterShader filter;
    auto loaded =
        Program::load_compute(shaders / "stages", {{"line_smooth.comp", &filter.smooth_},
                                                   {"line_average.comp", &filter.average_},
                                                   {"line_best.comp", &filter.best_}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    return filter;
}

void LineFilterShader::smooth(const LineKernel& kernel) {
    weights_.upload(std::span<const float>(kernel.smoothing));
    smooth_.use();
    smooth_.set("count", static_cast<int>(kernel.smoothing.size()));
    weights_.bind(0);
    for (const bool down : {false, true}) {
        smooth_.set("down", down ? 1 : 0);
        (down ? across_ : picture_).bind_to_read(0);
        (down ? picture_ : across_).bind_to_write(1);
        Program::dispatch_next(picture_.extent());
    }
}

void LineFilterShader::average(const LineKernel& kernel) {
    std::vector<int> taps;
    for (const LineKernel::Direction& direction : kernel.directions) {
        for (const LineKernel::Offset& tap : direction.taps) {
            taps.push_back(tap.x);
            taps.push_back(tap.y);
        }
    }
    taps_.upload(std::span<const int>(taps));
    average_.use();
    average_.set("count", static_cast<int>(kernel.directions.front().taps.size()));
    average_.set("reach", kernel.along);
    taps_.bind(0);
    picture_.bind_to_read(0);
    averages_.bind_to_write(1);
    Program::dispatch_next(picture_.extent(), kAngles);
}

void LineFilterShader::keep_best(const LineKernel& kernel) {
    std::array<int, std::size_t{2} * kAngles> sides{};
    for (std::size_t a = 0; a < kernel.directions.size(); ++a) {
        sides[2 * a] = kernel.directions[a].side.x;
        sides[2 * a + 1] = kernel.directions[a].side.y;
    }
    best_.use();
    best_.set("side", sides);
    best_.set("margin", kernel.margin());
    averages_.bind_to_read(0);
    response_.bind_to_write(1);
    angles_.bind_to_write(2);
    Program::dispatch_next(picture_.extent());
}

void LineFilterShader::respond(ImageView<const float> image, const LineScale& scale,
                               LineResponse& out) {
    const Extent extent = image.extent();
    const LineKernel kernel = line_kernel(scale);
    picture_.allocate(extent);
    across_.allocate(extent);
    averages_.allocate(extent, kAngles);
    response_.allocate(extent, kResponses);
    angles_.allocate(extent, kResponses);
    picture_.upload(image);
    timer_.begin();
    smooth(kernel);
    average(kernel);
    keep_best(kernel);
    timer_.end();
    for (Image<float>* each : {&out.bright, &out.dark}) {
        each->resize(extent);
        response_.read(each->view(), each == &out.bright ? 0 : 1);
    }
    for (Image<std::uint8_t>* each : {&out.bright_angle, &out.dark_angle}) {
        each->resize(extent);
        angles_.read(each->view(), each == &out.bright_angle ? 0 : 1);
    }
    const auto pixels = static_cast<double>(extent.pixels());
    constexpr double kValue = sizeof(float);
    constexpr double kOut = kResponses * (kValue + 1.0);
    use_.used = true;
    use_.device_bytes += pixels * (kValue * (4.0 + 1.0 + 2.0 * kAngles) + kOut);
    use_.upload_bytes += pixels * kValue;
    use_.waits += 1.0;
    use_.readback_bytes += pixels * kOut;
    use_.shader_ms += timer_.elapsed_ms().value_or(0.0);
}

GpuUse LineFilterShader::take_use() {
    return std::exchange(use_, {});
}

}  // namespace dsm::gpu
