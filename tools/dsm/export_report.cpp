#include "tools/dsm/export_report.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <ctime>

#include "dsp/reading/report.h"

namespace dsm::cli {

Result<void> export_report(const RunResult& result, const RunReview& review,
                           const SubtractedRun& subtracted, const std::string& author,
                           const ResultFolder& folder) {
    const OpacityOfFrame opacity_of = [&](FrameIndex frame) -> std::optional<Image<float>> {
        if (frame < 0 || frame >= subtracted.frames()) {
            return std::nullopt;
        }
        return subtracted.opacity_of(frame, result.run.extent);
    };
    std::time_t now = std::time(nullptr);
    if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
        now = static_cast<std::time_t>(std::atoll(fixed));
    }
    const Stamp made{author, fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now))};
    const auto report = reading_report({result, review, opacity_of, true, made});
    if (!report) {
        return tl::unexpected(report.error());
    }
    for (const char* name : {"report.html", "report.pdf", "report.txt"}) {
        if (auto written = write_report(folder.staged(name), *report); !written) {
            return written;
        }
    }
    return {};
}

}  // namespace dsm::cli
