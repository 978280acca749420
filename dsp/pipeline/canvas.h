// A picture to draw on: Cairo behind a few calls that cannot clip a text or choke on one.
// Units are pixels of the picture; text positions are baselines. Not thread-safe.
#pragma once

#include <cairo.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

struct Colour {
    double red{}, green{}, blue{}, alpha{1.0};
    [[nodiscard]] Colour faded(double by) const { return {red, green, blue, alpha * by}; }
};

struct Box {
    double x{}, y{}, width{}, height{};
    [[nodiscard]] double right() const { return x + width; }
    [[nodiscard]] double bottom() const { return y + height; }
};

struct TextStyle {
    double size{15.0};
    Colour colour{};
    bool bold{false};
};

enum class Align { left, centre, right };

class Canvas {
 public:
    Canvas(int width, int height, Colour background);
    // Draws on a surface of another kind, such as the page of a PDF, in its units; keeps a
    // reference to it. grey() and the PNG are of pictures alone.
    Canvas(cairo_surface_t* surface, double width, double height);

    [[nodiscard]] cairo_t* cairo() const { return context_.get(); }
    [[nodiscard]] double width() const { return width_; }
    [[nodiscard]] double height() const { return height_; }

    [[nodiscard]] double text_width(const std::string& text, const TextStyle& style) const;
    void text(Point baseline, const std::string& text, const TextStyle& style,
              Align align = Align::left) const;
    // Cut in the middle with an ellipsis where it is wider than `width`.
    [[nodiscard]] std::string fitted(const std::string& text, const TextStyle& style,
                                     double width) const;
    // Broken between words; the last of `most_lines` ends in an ellipsis if more would follow.
    [[nodiscard]] std::vector<std::string> wrapped(const std::string& text, const TextStyle& style,
                                                   double width, std::size_t most_lines) const;
    // Draws wrapped text downwards and returns the baseline the next line would have.
    double paragraph(Point baseline, const std::vector<std::string>& lines,
                     const TextStyle& style) const;

    void fill(const Box& box, Colour colour, double corner = 0.0) const;
    void outline(const Box& box, Colour colour, double line_width) const;
    void line(Point from, Point to, Colour colour, double line_width) const;
    void polyline(const std::vector<Point>& points, Colour colour, double line_width) const;
    void disc(Point centre, double radius, Colour colour) const;
    void use(Colour colour) const;

    // The picture without colour: luma by ITU-R BT.601.
    [[nodiscard]] Image<std::uint8_t> grey() const;
    [[nodiscard]] Result<void> write_png(const std::filesystem::path& file) const;
    [[nodiscard]] Result<std::string> png() const;  // the same, the file's bytes

 private:
    void start() const;
    void choose_font(const TextStyle& style) const;

    struct Destroy {
        void operator()(cairo_surface_t* surface) const { ::cairo_surface_destroy(surface); }
        void operator()(cairo_t* context) const { ::cairo_destroy(context); }
    };
    double width_;
    double height_;
    std::unique_ptr<cairo_surface_t, Destroy> surface_;
    std::unique_ptr<cairo_t, Destroy> context_;
};

// Baseline-to-baseline distance of a paragraph.
[[nodiscard]] double line_height(const TextStyle& style);

// What Cairo can draw: valid UTF-8 on one line, everything else as U+FFFD or a space.
[[nodiscard]] std::string displayable(const std::string& text);

}  // namespace dsm
