// Levels files from outside: none may crash, and what is read must interpolate.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "dsp/core/levels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto kFile = std::filesystem::temp_directory_path() /
                              ("dsm-fuzz-levels-" + std::to_string(::getpid()) + ".json");
    std::ofstream(kFile, std::ios::binary | std::ios::trunc)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    if (const auto marks = dsm::read_levels_file(kFile)) {
        const auto levels = dsm::interpolate_levels(*marks);
        if (!levels || levels->size() < marks->size()) {
            std::abort();
        }
        (void)dsm::foramen_at(*levels, {10, 20});
    }
    return 0;
}
