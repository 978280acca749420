#include "dsp/reading/pdf_flow.h"

#include <sstream>

#include "dsp/reading/report_document.h"

namespace dsm::reading {

namespace {

constexpr Colour kFootColour{0.35, 0.38, 0.42};
constexpr Colour kFootRule{0.77, 0.80, 0.83};

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

PdfFlow::PdfFlow(cairo_surface_t* surface, PageFooter footer)
    : canvas_(surface, kPageWidth, kPageHeight), footer_(std::move(footer)) {}

void PdfFlow::draw_foot() const {
    constexpr TextStyle kFoot{7.5, kFootColour, false};
    constexpr double kLine = kPageHeight - 42.0;
    canvas_.line({kLeft, kLine}, {kRight, kLine}, kFootRule, 0.5);
    const std::string page =
        "page " + std::to_string(page_) + " of " + std::to_string(footer_.pages);
    canvas_.text({kRight, kLine + 13.0}, page, kFoot, Align::right);
    const double room = kRight - kLeft - canvas_.text_width(page, kFoot) - 20.0;
    canvas_.text({kLeft, kLine + 13.0}, canvas_.fitted(footer_.left, kFoot, room), kFoot);
}

void PdfFlow::turn() {
    draw_foot();
    ::cairo_show_page(canvas_.cairo());
    ++page_;
    y_ = kTop;
}

void PdfFlow::finish() {
    draw_foot();
    ::cairo_show_page(canvas_.cairo());
}

void PdfFlow::need(double height) {
    if (y_ > kTop && height > room()) {
        turn();
    }
}

void PdfFlow::lines(double x, const std::vector<std::string>& lines, const TextStyle& style) {
    for (const std::string& line : lines) {
        need(line_height(style));
        y_ = lines_at({x, y_}, {line}, style);
    }
}

double PdfFlow::lines_at(Point top, const std::vector<std::string>& lines,
                         const TextStyle& style) const {
    return canvas_.paragraph({top.x, top.y + style.size}, lines, style) - style.size;
}

std::vector<std::string> PdfFlow::broken(const std::string& text, const TextStyle& style,
                                         double width) const {
    std::vector<std::string> lines;
    std::string line;
    const auto fits = [&](const std::string& one) {
        return canvas_.text_width(one, style) <= width;
    };
    std::istringstream words(harmless(text));
    for (std::string word; words >> word;) {
        const std::string longer = line.empty() ? word : line + " " + word;
        if (fits(longer)) {
            line = longer;
            continue;
        }
        if (!line.empty()) {
            lines.push_back(line);
        }
        line.clear();
        for (std::size_t at = 0; at < word.size();) {
            std::size_t next = at + 1;
            while (next < word.size() && continues(word[next])) {
                ++next;
            }
            const std::string character = word.substr(at, next - at);
            if (!line.empty() && !fits(line + character)) {
                lines.push_back(line);
                line.clear();
            }
            line += character;
            at = next;
        }
    }
    if (!line.empty()) {
        lines.push_back(line);
    }
    return lines;
}

}  // namespace dsm::reading
