// Vertebral levels: names in order down the spine, marks, and what lies between two marks.
// A level such as "T7" is the centre of a vertebral body; "T7-T8" is the foramen between two
// bodies. Variants are allowed (T13, L6): they exist in a run when a mark says so. Nothing is
// asserted without marks.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"

namespace dsm {

// C1..C7, T1..T12 (T13 where `thoracic` is 13), L1..L5 (L6), S1, head to foot.
struct LevelNaming {
    int thoracic{12};
    int lumbar{5};
    friend bool operator==(const LevelNaming&, const LevelNaming&) = default;
};
[[nodiscard]] std::vector<std::string> level_names(const LevelNaming& naming = {});
// Position of `label` in level_names(naming), or nothing for a name that is not a level.
[[nodiscard]] std::optional<int> level_order(const std::string& label,
                                             const LevelNaming& naming = {});
// The naming that holds every label given: 13 thoracic levels where T13 is marked, and so on.
[[nodiscard]] LevelNaming naming_for(std::span<const LevelMark> marks);

// All levels between the outermost marks, head to foot, none skipped: marks as they are, the rest
// interpolated (monotone cubic along the spine for three marks or more, a straight line for two).
// Needs two marks with different labels whose order along the spine agrees with their names.
[[nodiscard]] Result<std::vector<LevelMark>> interpolate_levels(std::span<const LevelMark> marks);

// "T7-T8" for a position between the centres of T7 and T8; the half level beyond the outermost
// marks counts ("T11-T12" below T11 by less than one pitch); nothing further away or without
// levels.
[[nodiscard]] std::optional<std::string> foramen_at(std::span<const LevelMark> levels,
                                                    Point position_px);

// The `--levels` file of contract.md. Errors name the file and the entry at fault.
[[nodiscard]] Result<std::vector<LevelMark>> read_levels_file(const std::filesystem::path& file);
// Of the levels.json in `folder`; none where it has none.
[[nodiscard]] Result<std::vector<LevelMark>> read_levels_in(const std::filesystem::path& folder);
[[nodiscard]] Result<void> write_levels_file(const std::filesystem::path& file,
                                             std::span<const LevelMark> levels);

}  // namespace dsm
