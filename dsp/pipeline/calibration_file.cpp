#include "dsp/pipeline/calibration_file.h"

#include <string>

#include "dsp/pipeline/json_cursor.h"
#include "dsp/pipeline/json_file.h"

namespace dsm {

Result<LeakCalibration> read_calibration(const std::filesystem::path& file) {
    const auto json = read_json_file(file);
    if (!json) {
        return tl::unexpected(json.error());
    }
    std::string problem;
    const JsonCursor root(*json, problem);
    if (root.at("schema").text() != "dsm-calibration/1") {
        return fail(ErrorKind::unsupported, file.string(), "is not of schema dsm-calibration/1",
                    "write it with dsm calibrate");
    }
    LeakCalibration calibration;
    calibration.provenance = root.at("provenance").text();
    calibration.bias = root.at("bias").number();
    calibration.low = root.at("low").number();
    calibration.high = root.at("high").number();
    calibration.offset = root.at("offset").number();
    for (std::size_t i = 0; i < kLeakFeatures; ++i) {
        calibration.weights[i] = root.at("weights").at(std::string(kLeakFeatureNames[i])).number();
    }
    if (!problem.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), problem,
                    "write it again with dsm calibrate");
    }
    return calibration;
}

}  // namespace dsm
