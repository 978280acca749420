// Results from hostile JSON: none may crash, and what is accepted must be written again and come
// back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dsp/pipeline/result_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto result = dsm::parse_result_json(text, "result.json");
    if (!result) {
        if (result.error().message().find('\n') != std::string::npos) {
            std::abort();
        }
        return 0;
    }
    const auto again = dsm::result_json_text(*result);
    if (!again || !dsm::parse_result_json(*again, "again")) {
        std::abort();
    }
    return 0;
}
