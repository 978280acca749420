#include "tests/support/small_series.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <vector>

#include "dsp/dicom/xa_writer.h"

namespace dsm::test {

void write_frame_of(const SmallSeries& series, int number, const std::filesystem::path& file) {
    XaRun run;
    RunInfo& info = run.info;
    info.extent = series.extent;
    info.frames = 1;
    info.bits_stored = 12;
    info.sop_instance_uid = series.uid + ".3." + std::to_string(number);
    info.study_instance_uid = series.uid + ".1";
    info.series_instance_uid = series.uid + ".2";
    info.series_number = series.series_number;
    info.instance_number = number;
    info.intensity.relationship = PixelIntensityRelationship::linear;
    info.spacing = PixelSpacing{0.3, 0.3, SpacingBasis::at_isocentre};
    info.position = PatientPosition::left_decubitus;
    info.left_in_image = LeftInImage::towards_larger_x;
    info.head_in_image = HeadInImage::towards_smaller_y;
    info.frame_time_s = {0.0};
    info.study_date = "20260101";
    char time[32];
    std::snprintf(time, sizeof time, "10%02d%09.6f", static_cast<int>(number / series.rate_hz) / 60,
                  std::fmod(number / series.rate_hz, 60.0));
    info.study_time = time;
    std::mt19937 random(3U + static_cast<unsigned>(number));
    std::normal_distribution<double> noise(0.0, 12.0);
    std::vector<std::uint16_t> words;
    const Extent extent = series.extent;
    for (int y = 0; y < extent.height; ++y) {
        for (int x = 0; x < extent.width; ++x) {
            const bool column = std::abs(x - extent.width / 2) < extent.width / 10;
            const bool filled =
                column && y > extent.height - 8 * std::min(number - 3, extent.height);
            const double level = (filled ? 900.0 : 1500.0) + 200.0 * std::sin(0.3 * x + 0.2 * y);
            words.push_back(static_cast<std::uint16_t>(std::lround(level + noise(random))));
        }
    }
    if (auto written = write_xa_run(file, run, words); !written) {
        throw std::runtime_error(written.error().message());
    }
}

void write_series(const SmallSeries& series, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    for (int number = 1; number <= series.frames; ++number) {
        char name[20];
        std::snprintf(name, sizeof name, "f%03d.dcm", number);
        write_frame_of(series, number, folder / name);
    }
}

}  // namespace dsm::test
