// A column of content that flows over A4 pages. Units are points (1/72 inch), y downwards.
#pragma once

#include <string>
#include <vector>

#include "dsp/pipeline/canvas.h"

namespace dsm::reading {

inline constexpr double kPageWidth = 595.28;  // A4, ISO 216
inline constexpr double kPageHeight = 841.89;

struct PageFooter {
    std::string left;
    int pages{0};  // in all; 0: not known yet
};

class PdfFlow {
 public:
    // `surface` is a PDF surface of A4's size.
    PdfFlow(cairo_surface_t* surface, PageFooter footer);

    static constexpr double kLeft = 48.0;
    static constexpr double kRight = kPageWidth - 48.0;
    static constexpr double kTop = 48.0;
    static constexpr double kBottom = kPageHeight - 60.0;

    [[nodiscard]] const Canvas& canvas() const { return canvas_; }
    [[nodiscard]] double y() const { return y_; }
    void advance(double by) { y_ += by; }
    // A new page, unless so much room is left on this one; nothing taller than a page fits any.
    void need(double height);
    [[nodiscard]] double room() const { return kBottom - y_; }
    static constexpr double whole_page() { return kBottom - kTop; }
    // Lines downwards from the top of the first, on further pages where they do not fit.
    void lines(double x, const std::vector<std::string>& lines, const TextStyle& style);
    // Draws the last page's foot. No drawing after it.
    void finish();
    [[nodiscard]] int pages() const { return page_; }

    // Broken between words; within one only where it is wider than a line. Nothing is left out.
    [[nodiscard]] std::vector<std::string> broken(const std::string& text, const TextStyle& style,
                                                  double width) const;
    // Lines at a place, on this page whatever there is room for; returns the y below.
    double lines_at(Point top, const std::vector<std::string>& lines, const TextStyle& style) const;

 private:
    void turn();
    void draw_foot() const;

    Canvas canvas_;
    PageFooter footer_;
    double y_{kTop};
    int page_{1};
};

}  // namespace dsm::reading
