// Colours and words the pictures share.
#pragma once

#include <string>

#include "dsp/pipeline/canvas.h"
#include "dsp/pipeline/process.h"

namespace dsm::picture {

// A dark room: neutral surround, no pure white.
inline constexpr Colour kSurround{0.085, 0.092, 0.105};
inline constexpr Colour kPanel{0.125, 0.134, 0.150};
inline constexpr Colour kRule{0.27, 0.285, 0.31};
inline constexpr Colour kText{0.90, 0.905, 0.915};
inline constexpr Colour kDim{0.655, 0.675, 0.705};
inline constexpr Colour kDark{0.05, 0.055, 0.065};

inline constexpr double kMargin = 28.0;

inline constexpr TextStyle kTitle{24.0, kText, true};
inline constexpr TextStyle kHeading{17.0, kText, true};
inline constexpr TextStyle kBody{16.0, kText, false};
inline constexpr TextStyle kSmall{14.0, kDim, false};

[[nodiscard]] Colour colour_of(LeakKind kind);
[[nodiscard]] Colour colour_by_kind(const Highlight& highlight);
// As the viewer has it: by grade, what is no leak apart.
[[nodiscard]] Colour colour_by_grade(const Highlight& highlight);
using HighlightColour = Colour (*)(const Highlight&);
[[nodiscard]] std::string place_of(const Highlight&);        // "T7-T8, left"
[[nodiscard]] std::string short_place_of(const Highlight&);  // "T7-T8 L"; empty if unknown
[[nodiscard]] std::string fixed(double value, int decimals);
[[nodiscard]] std::string plain(double value);  // as short as it goes: "0.5", "50"
// Three significant digits, no exponent: what an opacity or a length reads best as.
[[nodiscard]] std::string brief(double value);

// "left decubitus | 48 frames, 31.3 s | masks 1-4 | mesh registration | live"
[[nodiscard]] std::string summary_of(const RunResult& result);
// The label and its colour for the conclusion's category.
[[nodiscard]] std::string category_name(Category category);
[[nodiscard]] Colour colour_of(Category category);

// Draws name and summary at the top; returns the y below them.
double draw_header(const Canvas& canvas, const RunResult& result, const std::string& subject);
// Height draw_footer will need on a canvas as wide as this one.
[[nodiscard]] double footer_height(const Canvas& canvas, const RunResult& result);
// Conclusion and notice from `y` downwards.
void draw_footer(const Canvas& canvas, const RunResult& result, double y);

// Highlights in the order they matter: leaks first, then by confidence.
[[nodiscard]] std::vector<const Highlight*> ranked(const RunResult& result);
// A disc with the highlight's number.
void draw_badge(const Canvas& canvas, Point centre, const Highlight& highlight,
                HighlightColour colour = colour_by_kind);

}  // namespace dsm::picture
