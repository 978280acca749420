// Arrays from outside, plain and zipped: none may crash or take more memory than the file can fill.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "dsp/pipeline/npy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const bool zipped = size > 1 && data[0] == 'P' && data[1] == 'K';
    const auto file = std::filesystem::temp_directory_path() /
                      ("dsm-fuzz-array-" + std::to_string(::getpid()) + (zipped ? ".npz" : ".npy"));
    std::ofstream(file, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    if (auto reader = dsm::NpyReader::open(file)) {
        dsm::Image<float> frame(reader->extent());
        for (const int index : {reader->frames() - 1, 0}) {
            if (!reader->read(index, frame.view())) {
                break;
            }
        }
    }
    return 0;
}
