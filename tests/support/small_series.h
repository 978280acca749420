// A series of single-frame objects, as a C-arm sends a run frame by frame.
#pragma once

#include <filesystem>
#include <string>

#include "dsp/core/image.h"

namespace dsm::test {

struct SmallSeries {
    int frames{8};
    Extent extent{64, 48};
    std::string uid{"1.2.826.0.1.3680043.9.4"};
    int series_number{3};
    double rate_hz{2.0};  // of its content times
};

// "f001.dcm" of instance number 1. Throws where it cannot be written.
void write_frame_of(const SmallSeries& series, int number, const std::filesystem::path& file);
// All of them into a folder.
void write_series(const SmallSeries& series, const std::filesystem::path& folder);

}  // namespace dsm::test
