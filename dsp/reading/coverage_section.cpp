// Level by level and side by side: what would have shown, and what was not cleared and why.
#include <algorithm>

#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

Cell cell_of(const RunResult& result, const LevelCoverage& entry) {
    std::string words = entry.adequate ? "cleared" : entry.in_view ? "not cleared" : "not in view";
    if (!entry.in_view) {
        return {words, Tone::doubtful};
    }
    if (entry.detectable_opacity) {
        words += ", from " + number(*entry.detectable_opacity, 3);
    }
    if (entry.watched_s && result.run.has_timing()) {
        words += ", " + number(*entry.watched_s, 0) + " s";
    }
    return {words, entry.adequate ? Tone::good : Tone::bad};
}

const char* head_of(Side side) {
    return side == Side::left ? "Left" : side == Side::right ? "Right" : "Side unknown";
}

template <class Key, class Of>
std::vector<Key> in_order(const std::vector<LevelCoverage>& coverage, const Of& of) {
    std::vector<Key> keys;
    for (const LevelCoverage& entry : coverage) {
        if (std::find(keys.begin(), keys.end(), of(entry)) == keys.end()) {
            keys.push_back(of(entry));
        }
    }
    return keys;
}

Table levels_table(const RunResult& result, const std::vector<std::string>& levels) {
    const auto sides =
        in_order<Side>(result.coverage, [](const LevelCoverage& entry) { return entry.side; });
    Table table;
    table.head = {"Level"};
    table.shares = {0.16};
    for (const Side side : sides) {
        table.head.emplace_back(head_of(side));
        table.shares.push_back(0.84 / static_cast<double>(sides.size()));
    }
    for (const std::string& level : levels) {
        std::vector<Cell> row{{level}};
        for (const Side side : sides) {
            const auto entry = std::find_if(
                result.coverage.begin(), result.coverage.end(),
                [&](const LevelCoverage& one) { return one.level == level && one.side == side; });
            row.push_back(entry == result.coverage.end() ? Cell{"not measured", Tone::doubtful}
                                                         : cell_of(result, *entry));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table gaps_table(const RunResult& result) {
    Table table{{"Not cleared", "Why"}, {0.24, 0.76}, {}};
    for (const LevelCoverage& entry : result.coverage) {
        if (!entry.adequate) {
            const std::string side =
                entry.side == Side::undetermined ? "side unknown" : to_string(entry.side);
            table.rows.push_back({{entry.level + ", " + side},
                                  {entry.why.empty() ? "no reason was recorded" : entry.why}});
        }
    }
    return table;
}

std::string levels_in_words(const std::vector<LevelMark>& levels) {
    std::string words;
    for (const LevelMark& level : levels) {
        words += (words.empty() ? "" : ", ") + level.label;
        words += level.source == LevelSource::operator_marked ? " (marked)"
                 : level.source == LevelSource::proposed      ? " (proposed)"
                                                              : "";
    }
    return words;
}

}  // namespace

Section coverage_section(const ReportRequest& request) {
    const RunResult& result = request.result;
    Section section{"Coverage", {}};
    const auto note = [&](const std::string& text) {
        section.blocks.emplace_back(Paragraph{Paragraph::Style::note, text});
    };
    if (result.coverage.empty()) {
        section.blocks.emplace_back(Paragraph{
            Paragraph::Style::body,
            "Nothing is cleared: coverage was not measured" +
                std::string(result.levels.empty() ? ", as no levels were marked." : ".")});
    } else {
        const auto levels = in_order<std::string>(
            result.coverage, [](const LevelCoverage& entry) { return entry.level; });
        section.blocks.emplace_back(levels_table(result, levels));
        note(std::string("By vertebra, half-way to the next above and below. \"From\" is the "
                         "opacity of the faintest vein that would be expected to "
                         "show") +
             (result.opacity_relative ? ", up to one factor" : "") +
             "; seconds are how long the place was watched after contrast came.");
        if (Table gaps = gaps_table(result); !gaps.rows.empty()) {
            section.blocks.emplace_back(std::move(gaps));
        }
    }
    if (!result.levels.empty()) {
        note("Levels: " + levels_in_words(result.levels) +
             ". Those without a word are interpolated between marks.");
    }
    return section;
}

}  // namespace dsm::reading
