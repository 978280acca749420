// Feeds arbitrary bytes to the readers of presentation states, reports and key objects: each must
// return, with content within its bounds or with an error of one line, and neither crash nor hang.
// Seeds: what dsm export writes. build/fuzz/bin/fuzz_dicom_objects -max_len=65536 SEEDS
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dsp/dicom/objects/key_objects.h"
#include "dsp/dicom/objects/measurement_report.h"
#include "dsp/review/dicom_state.h"
#include "tests/fuzz/memory_file.h"

namespace {

template <class T>
void check_error(const dsm::Result<T>& result) {
    if (!result && result.error().message().find('\n') != std::string::npos) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    static const dsm::test::MemoryFile file;
    file.fill(bytes, size);
    const auto state = dsm::read_presentation_state(file.path());
    check_error(state);
    if (state) {
        const auto marks = dsm::marks_of(*state);
        check_error(marks);
        if (marks) {
            std::vector<std::string> left_out;
            (void)dsm::commands_to_add({}, "1.2.3", marks->review, false, left_out);
        }
    }
    check_error(dsm::read_measurement_report(file.path()));
    check_error(dsm::read_key_objects(file.path(), "1.2.3"));
    return 0;
}
