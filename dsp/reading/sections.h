// The sections of a report, by subject. See report.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsp/reading/report.h"

namespace dsm::reading {

[[nodiscard]] Section examination_section(const ReportRequest&);
[[nodiscard]] Section summary_section(const ReportRequest&);
[[nodiscard]] Result<Section> findings_section(const ReportRequest&);
// The reader's own marks, which no highlight stands for; nothing where there are none.
[[nodiscard]] Result<void> add_marks(const ReportRequest&, Section&);
// The reader's key images, as they were shown; no blocks where there are none.
[[nodiscard]] Result<Section> key_images_section(const ReportRequest&);
[[nodiscard]] Result<Section> pictures_section(const ReportRequest&);
[[nodiscard]] Section coverage_section(const ReportRequest&);
[[nodiscard]] Section technique_section(const ReportRequest&);
[[nodiscard]] Section limits_section(const ReportRequest&);

// "T7-T8, left"; what is unknown is named so.
[[nodiscard]] std::string place_of(const Highlight&);
// "1-4, 8" counted from 1, for frames counted from 0.
[[nodiscard]] std::string frames_in_words(std::vector<FrameIndex> frames);
[[nodiscard]] std::string number(double value, int decimals);
// Nothing for no values.
[[nodiscard]] std::optional<double> median_of(std::vector<double> values);

// With levels, highlights, scale and orientation drawn in: the peak over the run; the surroundings
// of a highlight in one frame, which has at least one pixel and holds the highlight.
[[nodiscard]] Result<Picture> peak_picture(const RunResult&);
[[nodiscard]] Result<Picture> close_up(const RunResult&, const Highlight&,
                                       ImageView<const float> opacity, FrameIndex frame);
[[nodiscard]] Result<Picture> curves_picture(const RunResult&);

}  // namespace dsm::reading
