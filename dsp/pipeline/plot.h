// One panel of a chart: axes, and data drawn within them.
#pragma once

#include <string>
#include <vector>

#include "dsp/pipeline/canvas.h"

namespace dsm::picture {

// Round values covering [low, high], about `wanted` of them (steps of 1, 2 or 5 times ten to a
// whole power).
[[nodiscard]] std::vector<double> round_ticks(double low, double high, int wanted);

struct Range {
    double low{0.0};
    double high{1.0};
};

class Plot {
 public:
    Plot(const Canvas& canvas, const Box& box, Range x, Range y)
        : canvas_(&canvas), box_(box), x_(x), y_(y) {}

    [[nodiscard]] const Box& box() const { return box_; }
    [[nodiscard]] double at_x(double x) const {
        return box_.x + box_.width * (x - x_.low) / (x_.high - x_.low);
    }
    [[nodiscard]] double at_y(double y) const {
        return box_.bottom() - box_.height * (y - y_.low) / (y_.high - y_.low);
    }

    void draw_ground(Colour colour) const;
    // Horizontal rules with their values left of the box.
    void draw_y_ticks(int wanted) const;
    // Vertical rules; values below the box if `named`.
    void draw_x_ticks(const std::vector<double>& ticks, bool named) const;
    // Entries that are not numbers are gaps.
    void draw_curve(const std::vector<double>& x, const std::vector<double>& y, Colour colour,
                    double line_width) const;
    // y - half .. y + half.
    void draw_band(const std::vector<double>& x, const std::vector<double>& y,
                   const std::vector<double>& half, Colour colour) const;
    void draw_vertical(double x, Colour colour, double line_width, bool dashed) const;
    void draw_horizontal(double y, Colour colour, bool dashed) const;

 private:
    // Draws inside the box alone while it lives.
    class Clip {
     public:
        explicit Clip(const Plot& plot);
        ~Clip();
        Clip(const Clip&) = delete;
        Clip& operator=(const Clip&) = delete;
        Clip(Clip&&) = delete;
        Clip& operator=(Clip&&) = delete;

     private:
        cairo_t* cairo_;
    };

    const Canvas* canvas_;
    Box box_;
    Range x_;
    Range y_;
};

}  // namespace dsm::picture
