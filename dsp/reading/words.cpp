#include <algorithm>
#include <cstdio>

#include "dsp/pipeline/canvas.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

std::string harmless(const std::string& text) {
    // U+200E, U+200F, U+202A..U+202E and U+2066..U+2069 in UTF-8 (Unicode, bidirectional controls).
    const auto turns = [](const std::string& three) {
        const auto second = static_cast<unsigned char>(three[1]);
        const auto third = static_cast<unsigned char>(three[2]);
        return (second == 0x80 && (third == 0x8E || third == 0x8F)) ||
               (second == 0x80 && third >= 0xA8 && third <= 0xAE) ||
               (second == 0x81 && third >= 0xA6 && third <= 0xA9);
    };
    const std::string line = displayable(text);
    std::string out;
    for (std::size_t at = 0; at < line.size();) {
        if (line[at] == '\xE2' && at + 2 < line.size() && turns(line.substr(at, 3))) {
            at += 3;
            continue;
        }
        out += line[at++];
    }
    return out;
}

std::string place_of(const Highlight& highlight) {
    const std::string level = highlight.level.empty() ? "level unknown" : highlight.level;
    return level + ", " +
           (highlight.side == Side::undetermined ? "side unknown" : to_string(highlight.side));
}

std::string frames_in_words(std::vector<FrameIndex> frames) {
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    std::string text;
    for (std::size_t i = 0; i < frames.size();) {
        std::size_t last = i;
        while (last + 1 < frames.size() && frames[last + 1] == frames[last] + 1) {
            ++last;
        }
        text += (text.empty() ? "" : ", ") + std::to_string(frames[i] + 1);
        text += last > i ? "-" + std::to_string(frames[last] + 1) : "";
        i = last + 1;
    }
    return text;
}

std::string number(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::optional<double> median_of(std::vector<double> values) {
    if (values.empty()) {
        return std::nullopt;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace dsm::reading
