#include "tools/dsm/export_report.h"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <cstdlib>
#include <ctime>

#include "dsp/reading/film.h"
#include "dsp/reading/report.h"

namespace dsm::cli {

Result<void> export_report(const RunResult& result, const RunReview& review,
                           const SubtractedRun& subtracted, const KeptForMarks& kept,
                           const ValuesOfPicture& values_of, const std::string& author,
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
    const auto report =
        reading_report({result, review, opacity_of, true, made, kept.regions.curves(), values_of});
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

Result<void> export_video(const RunResult& result, const RunReview& review,
                          const SubtractedRun& subtracted, const ResultFolder& folder) {
    constexpr DisplayWindow kOpacity{0.1, 0.3};  // light at -0.05, dark at 0.25, as Derivation
    FilmPanel panel;
    panel.title = "SUBTRACTED";
    panel.run = result.run;
    panel.review = review;
    panel.levels = result.levels;
    panel.highlights = result.highlights;
    panel.motion = result.motion;
    panel.window = kOpacity;
    panel.dark_is_large = true;
    panel.unit = "opacity";
    panel.values_of = [&](FrameIndex frame) -> Result<Image<float>> {
        return subtracted.opacity_of(frame, result.run.extent);
    };
    Film film;
    film.run = result.run;
    film.panels.push_back(std::move(panel));
    film.frames = {0, subtracted.frames() - 1};
    return write_film(folder.staged("video.mp4"), film);
}

}  // namespace dsm::cli
