// Feeds arbitrary bytes to the run reader as a file: it must return, with frames or with an error,
// and neither crash, hang nor take memory that the file does not account for. Seeds: any folder of
// small DICOM files. build/fuzz/bin/fuzz_run_reader -max_len=65536 -rss_limit_mb=1024 SEEDS
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dsp/dicom/run_reader.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const dsm::test::MemoryFile file;
    file.fill(bytes, size);
    const auto run = dsm::RunReader::open(file.path());
    if (!run) {
        if (run.error().message().find('\n') != std::string::npos) {
            std::abort();
        }
        return 0;
    }
    const dsm::RunInfo& info = (*run)->info();
    if (info.has_timing() && info.frame_time_s.size() != static_cast<std::size_t>(info.frames)) {
        std::abort();
    }
    dsm::Image<std::uint16_t> words(info.extent);
    for (const dsm::FrameIndex frame : {0, info.frames / 2, info.frames - 1}) {
        static_cast<void>((*run)->read(frame, words.view()));
    }
    return 0;
}
