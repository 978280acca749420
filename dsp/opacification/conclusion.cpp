#include "dsp/opacification/conclusion.h"

#include <algorithm>
#include <vector>

namespace dsm {

namespace {

constexpr double kPositive = 0.5;
constexpr double kPossible = 0.2;

struct Levels {
    std::vector<std::string> all;
    std::vector<std::string> cleared;  // on every side that was asked about
    std::vector<std::string> on_the_left_alone;
    std::vector<std::string> on_the_right_alone;
    std::vector<std::string> not_cleared;  // on no side
    bool sided{false};
    [[nodiscard]] bool whole() const { return cleared.size() == all.size(); }
};

Levels sort_levels(std::span<const LevelCoverage> coverage) {
    Levels levels;
    for (const LevelCoverage& one : coverage) {
        if (std::find(levels.all.begin(), levels.all.end(), one.level) == levels.all.end()) {
            levels.all.push_back(one.level);
        }
    }
    for (const std::string& label : levels.all) {
        bool every = true;
        bool left = false;
        bool right = false;
        for (const LevelCoverage& one : coverage) {
            if (one.level == label) {
                every = every && one.adequate;
                left = left || (one.adequate && one.side == Side::left);
                right = right || (one.adequate && one.side == Side::right);
                levels.sided = levels.sided || one.side != Side::undetermined;
            }
        }
        (every   ? levels.cleared
         : left  ? levels.on_the_left_alone
         : right ? levels.on_the_right_alone
                 : levels.not_cleared)
            .push_back(label);
    }
    return levels;
}

std::string describe(const Highlight& leak) {
    std::string text = leak.kind == LeakKind::extravasation ? "epidural or paraspinal spread"
                                                            : "CSF-venous fistula";
    if (leak.side != Side::undetermined) {
        text = std::string(to_string(leak.side)) + "-sided " + text;
    }
    if (!leak.level.empty()) {
        text += " at " + leak.level;
    }
    return text;
}

std::string coverage_text(const Levels& levels) {
    if (levels.all.empty()) {
        return "Levels were not marked, so none can be named as cleared.";
    }
    std::string text;
    const auto say = [&](const std::string& what, const std::vector<std::string>& labels) {
        if (!labels.empty()) {
            text += (text.empty() ? "" : " ") + what + ": " + level_list(labels, levels.all) + ".";
        }
    };
    say(levels.sided ? "Cleared on both sides" : "Cleared", levels.cleared);
    say("Cleared on the left alone", levels.on_the_left_alone);
    say("Cleared on the right alone", levels.on_the_right_alone);
    say(levels.sided ? "Not cleared on either side" : "Not cleared", levels.not_cleared);
    return text;
}

}  // namespace

std::string level_list(std::span<const std::string> labels, std::span<const std::string> all) {
    std::string text;
    for (std::size_t i = 0; i < labels.size();) {
        auto at = std::find(all.begin(), all.end(), labels[i]);
        std::size_t k = i;
        while (k + 1 < labels.size() && at + 1 < all.end() && *(at + 1) == labels[k + 1]) {
            ++k;
            ++at;
        }
        text += (text.empty() ? "" : ", ") + labels[i];
        text += k > i ? " to " + labels[k] : "";
        i = k + 1;
    }
    return text;
}

Conclusion conclude(const ConclusionInput& input) {
    const Levels levels = sort_levels(input.coverage);
    const std::string rest = coverage_text(levels);
    std::vector<const Highlight*> probable;
    std::vector<const Highlight*> possible;
    int weak = 0;
    for (const Highlight& one : input.highlights) {
        if (is_leak(one.kind) && one.confidence >= kPossible) {
            (one.confidence >= kPositive ? probable : possible).push_back(&one);
        } else if (is_leak(one.kind)) {
            ++weak;
        }
    }
    const auto list = [](const std::vector<const Highlight*>& leaks) {
        std::vector<std::string> named;
        std::string text;
        for (const Highlight* leak : leaks) {
            const std::string one = describe(*leak);
            if (std::find(named.begin(), named.end(), one) == named.end()) {
                text += (text.empty() ? "" : "; ") + one;
                named.push_back(one);
            }
        }
        return text;
    };
    if (!probable.empty()) {
        return {Category::positive, "Suspected leak: " + list(probable) + ". " + rest};
    }
    if (!input.contrast_seen) {
        return {Category::inadequate, "No contrast column was found. " + rest};
    }
    if (!possible.empty()) {
        return {Category::indeterminate,
                "Possible leak, weak evidence: " + list(possible) + ". " + rest};
    }
    const std::string seen = weak == 0 ? "No leak was seen"
                                       : "No leak was seen but for " + std::to_string(weak) +
                                             (weak == 1 ? " line" : " lines") +
                                             " of a confidence below 0.2";
    if (levels.all.empty()) {
        return {Category::indeterminate, seen + ". " + rest};
    }
    if (levels.not_cleared.size() == levels.all.size()) {
        return {Category::inadequate, seen + "; no level was cleared. " + rest};
    }
    return {levels.whole() ? Category::negative : Category::indeterminate, seen + ". " + rest};
}

}  // namespace dsm
