#include "tools/dsm/param_files.h"

#include <utility>

#include "dsp/core/levels.h"
#include "dsp/pipeline/calibration_file.h"

namespace dsm::cli {

Result<void> read_param_files(const std::string& levels, const std::string& calibration,
                              PipelineParams& params) {
    if (!calibration.empty()) {
        auto read = read_calibration(calibration);
        if (!read) {
            return tl::unexpected(read.error());
        }
        params.calibration = std::move(*read);
    }
    if (!levels.empty()) {
        auto read = read_levels_file(levels);
        if (!read) {
            return tl::unexpected(read.error());
        }
        params.levels = std::move(*read);
    }
    return {};
}

}  // namespace dsm::cli
