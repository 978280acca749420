#include "dsp/gpu/screenshot.h"

#include <opencv2/imgcodecs.hpp>
#include <string_view>
#include <vector>

#include "dsp/core/atomic_file.h"

namespace dsm::gpu {

Result<void> write_png(const std::filesystem::path& file, Extent extent,
                       std::span<const std::uint8_t> rgb) {
    try {
        cv::Mat bgr(extent.height, extent.width, CV_8UC3);
        const std::size_t row = static_cast<std::size_t>(extent.width) * 3;
        for (int y = 0; y < extent.height; ++y) {
            const auto* from = rgb.data() + static_cast<std::size_t>(y) * row;
            for (std::size_t i = 0; i < row; i += 3) {
                auto* to = bgr.ptr(y) + i;
                to[0] = from[i + 2];
                to[1] = from[i + 1];
                to[2] = from[i];
            }
        }
        std::vector<unsigned char> png;
        cv::imencode(".png", bgr, png);
        return write_file_atomically(
            file, std::string_view(reinterpret_cast<const char*>(png.data()), png.size()));
    } catch (const cv::Exception& failure) {
        return fail(ErrorKind::io, file.string(), failure.what(), "choose another file");
    }
}

}  // namespace dsm::gpu
