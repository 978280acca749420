// An answer of a web service, in pieces of the sizes its first bytes say.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "dsp/dicom/network/web/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto line = all.substr(0, all.find('\n'));
    (void)dsm::dicom::multipart_boundary(std::string(line));
    std::size_t given = 0;
    bool open = false;
    dsm::dicom::MultipartReader reader("b", {[&]() -> dsm::Result<void> {
                                                 open = true;
                                                 return {};
                                             },
                                             [&](std::string_view bytes) -> dsm::Result<void> {
                                                 given += bytes.size();
                                                 return {};
                                             },
                                             [&]() -> dsm::Result<void> {
                                                 open = false;
                                                 return {};
                                             }});
    const std::size_t piece = size == 0 ? 1 : 1 + data[0] % 40U;
    for (std::size_t at = 0; at < size; at += piece) {
        if (!reader.feed(all.substr(at, piece))) {
            return 0;
        }
    }
    // No more comes out than went in, and a part is closed where all is.
    if (given > size || (reader.finished() && open)) {
        std::abort();
    }
    return 0;
}
