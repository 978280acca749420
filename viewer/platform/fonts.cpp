#include "viewer/platform/fonts.h"

#include <imgui.h>
#include <spdlog/spdlog.h>

#include <filesystem>

namespace dsm::viewer {

namespace {

constexpr const char* kCandidates[] = {
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
};
constexpr double kTextHeight_px = 15.0;

// Latin, Greek, punctuation, arrows, mathematical and geometric signs.
constexpr ImWchar kRanges[] = {0x20,   0x17f,  0x370,  0x3ff,  0x2010, 0x2044, 0x2070,
                               0x209c, 0x2190, 0x21ff, 0x2200, 0x22ff, 0x25a0, 0x25ff,
                               0x2600, 0x26ff, 0x2700, 0x27bf, 0};

}  // namespace

void load_fonts(double scale) {
    auto& fonts = *ImGui::GetIO().Fonts;
    fonts.Clear();
    const auto height = static_cast<float>(kTextHeight_px * scale);
    for (const char* file : kCandidates) {
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored) &&
            fonts.AddFontFromFileTTF(file, height, nullptr, kRanges) != nullptr) {
            return;
        }
    }
    spdlog::warn("font: DejaVu Sans is not installed; install fonts-dejavu-core");
    ImFontConfig config;
    config.SizePixels = height;
    fonts.AddFontDefault(&config);
}

}  // namespace dsm::viewer
