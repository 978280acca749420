// Commands and steps from hostile JSON: none may crash, and what is accepted must come back from
// its own JSON and be undone exactly.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dsp/review/command_json.h"

namespace {

void require(bool held) {
    if (!held) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    dsm::Review review;
    if (const auto command = dsm::command_from_json(text)) {
        if (const auto inverse = dsm::execute(review, *command)) {
            const auto again = dsm::to_json(*command);
            require(again && dsm::command_from_json(*again) == *command);
            require(dsm::execute(review, *inverse).has_value());
            require(review == dsm::Review{});
        }
    }
    if (const auto step = dsm::step_from_json(text)) {
        dsm::History history;
        (void)history.replay(review, *step);
    }
    return 0;
}
