#include "viewer/coverage_rows.h"

#include <algorithm>

#include "dsp/core/levels.h"

namespace dsm::viewer {

namespace {

LevelNaming naming_of(std::span<const LevelCoverage> coverage) {
    std::vector<LevelMark> marks;
    for (const auto& row : coverage) {
        marks.push_back({row.level, {}, LevelSource::interpolated});
    }
    return naming_for(marks);
}

void put(CoverageRow& row, const LevelCoverage& coverage) {
    auto& place = coverage.side == Side::right  ? row.right
                  : coverage.side == Side::left ? row.left
                                                : row.undetermined;
    place = &coverage;
}

}  // namespace

std::vector<CoverageRow> coverage_rows(std::span<const LevelCoverage> coverage) {
    std::vector<CoverageRow> rows;
    for (const auto& name : level_names(naming_of(coverage))) {
        CoverageRow row{name, name};
        for (const auto& each : coverage) {
            if (each.level == name) {
                put(row, each);
            }
        }
        if (!row.known() && !rows.empty() && !rows.back().known()) {
            rows.back().last = name;
        } else {
            rows.push_back(row);
        }
    }
    return rows;
}

std::string cleared_text(std::span<const LevelCoverage> coverage, Side side) {
    const auto names = level_names(naming_of(coverage));
    const auto cleared = [&](const std::string& name) {
        return std::any_of(coverage.begin(), coverage.end(), [&](const LevelCoverage& row) {
            return row.level == name && row.side == side && row.adequate;
        });
    };
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!cleared(names[i])) {
            continue;
        }
        std::size_t last = i;
        while (last + 1 < names.size() && cleared(names[last + 1])) {
            ++last;
        }
        text += text.empty() ? names[i] : ", " + names[i];
        text += last > i ? " to " + names[last] : "";
        i = last;
    }
    return text;
}

}  // namespace dsm::viewer
