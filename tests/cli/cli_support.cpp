#include "tests/cli/cli_support.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include "dsp/dicom/xa_writer.h"

namespace dsm::test {

Finished dsm_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(DSM_BINARY_DIR) + "/dsm");
    return run_program(arguments);
}

Finished shell(const std::string& line) {
    return run_program({"/bin/bash", "-c", "DSM='" DSM_BINARY_DIR "/dsm'; " + line});
}

void write_small_run(const std::filesystem::path& file, int frames, Extent extent) {
    XaRun run;
    run.info.extent = extent;
    run.info.frames = frames;
    run.info.bits_stored = 12;
    run.info.sop_instance_uid = "1.2.826.0.1.3680043.9.1";
    run.info.study_instance_uid = run.info.sop_instance_uid + ".1";
    run.info.series_instance_uid = run.info.sop_instance_uid + ".2";
    run.info.intensity.relationship = PixelIntensityRelationship::linear;
    run.info.spacing = PixelSpacing{0.3, 0.3, SpacingBasis::at_isocentre};
    run.info.position = PatientPosition::left_decubitus;
    run.info.left_in_image = LeftInImage::towards_larger_x;
    run.info.head_in_image = HeadInImage::towards_smaller_y;
    std::mt19937 random(3);
    std::normal_distribution<double> noise(0.0, 12.0);
    std::vector<std::uint16_t> words;
    for (int frame = 0; frame < frames; ++frame) {
        run.info.frame_time_s.push_back(0.5 * frame);
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                const bool column = std::abs(x - extent.width / 2) < extent.width / 10;
                const bool filled = column && y > extent.height - 8 * (frame - 2);
                const double level =
                    (filled ? 900.0 : 1500.0) + 200.0 * std::sin(0.3 * x + 0.2 * y);
                words.push_back(static_cast<std::uint16_t>(std::lround(level + noise(random))));
            }
        }
    }
    if (auto written = write_xa_run(file, run, words); !written) {
        throw std::runtime_error(written.error().message());
    }
}

std::set<std::string> files_below(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        names.insert(entry.path().lexically_relative(folder).string());
    }
    return names;
}

bool is_one_error_line(const std::string& err, const std::string& subject) {
    return std::count(err.begin(), err.end(), '\n') == 1 && err.rfind("dsm: ", 0) == 0 &&
           err.find(subject) != std::string::npos;
}

}  // namespace dsm::test
