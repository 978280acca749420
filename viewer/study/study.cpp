#include "viewer/study/study.h"

#include <spdlog/fmt/fmt.h>

namespace dsm::viewer {

std::string short_name(const RunInfo& info) {
    if (!info.series_description.empty()) {
        return info.series_description;
    }
    const auto stem = info.file.stem().string();
    const auto name = stem == "run" ? info.file.parent_path().filename().string() : stem;
    return info.series_number > 0 ? fmt::format("{}, series {}", name, info.series_number) : name;
}

}  // namespace dsm::viewer
