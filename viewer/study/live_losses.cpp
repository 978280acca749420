#include "viewer/study/live_losses.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstddef>

namespace dsm::viewer {

namespace {

constexpr std::size_t kMostLines = 20;

const char* frames_word(int count) {
    return count == 1 ? "frame" : "frames";
}

}  // namespace

std::string losses_in_short(const LiveRecord& record) {
    const bool not_all_counted =
        record.more_gaps > 0 || std::any_of(record.gaps.begin(), record.gaps.end(),
                                            [](const LiveGap& gap) { return !gap.missing; });
    std::string text;
    if (record.missing > 0) {
        text = fmt::format("{}{} missing", record.missing, not_all_counted ? " or more" : "");
    } else if (not_all_counted) {
        text = "frames missing";
    } else if (!record.gaps.empty()) {
        text = "interrupted";
    }
    if (record.too_late > 0) {
        text += fmt::format("{}{} too late", text.empty() ? "" : ", ", record.too_late);
    }
    return text;
}

std::vector<std::string> losses_as_warnings(const LiveRecord& record) {
    std::vector<std::string> lines;
    for (const LiveGap& gap : record.gaps) {
        if (lines.size() == kMostLines) {
            break;
        }
        const auto count = gap.missing
                               ? fmt::format("{} {}", *gap.missing, frames_word(*gap.missing))
                               : std::string("frames");
        lines.push_back(fmt::format("{} before frame {}: {}",
                                    gap.missing == 0 ? "interruption" : count + " missing",
                                    gap.before_frame + 1, gap.why));
    }
    const std::size_t more =
        record.gaps.size() - lines.size() + static_cast<std::size_t>(record.more_gaps);
    if (more > 0) {
        lines.push_back(fmt::format("{} more interruptions", more));
    }
    if (record.too_late > 0) {
        lines.push_back(fmt::format("{} {} came too late: left out", record.too_late,
                                    frames_word(record.too_late)));
    }
    return lines;
}

}  // namespace dsm::viewer
