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

std::string position_text(PatientPosition position) {
    switch (position) {
        case PatientPosition::left_decubitus:
            return "Left decubitus";
        case PatientPosition::right_decubitus:
            return "Right decubitus";
        case PatientPosition::prone:
            return "Prone";
        case PatientPosition::supine:
            return "Supine";
        case PatientPosition::unknown:
            break;
    }
    return "Position unknown";
}

}  // namespace dsm::viewer
