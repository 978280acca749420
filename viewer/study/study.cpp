#include "viewer/study/study.h"

#include <spdlog/fmt/fmt.h>

namespace dsm::viewer {

std::string short_name(const RunInfo& info) {
    if (!info.series_description.empty()) {
        return info.series_description;
    }
    if (info.series_number > 0) {
        return fmt::format("Series {}", info.series_number);
    }
    const auto stem = info.file.stem().string();
    return stem == "run" ? info.file.parent_path().filename().string() : stem;
}

}  // namespace dsm::viewer
