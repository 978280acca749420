#include "dsp/pipeline/plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "dsp/pipeline/picture_style.h"

namespace dsm::picture {

std::vector<double> round_ticks(double low, double high, int wanted) {
    const double span = high - low;
    if (!(span > 0.0) || !std::isfinite(span) || wanted < 1) {
        return {};
    }
    const double rough = span / wanted;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double rest = rough / power;
    const double step =
        power * (rest <= 1.0 ? 1.0 : (rest <= 2.0 ? 2.0 : (rest <= 5.0 ? 5.0 : 10.0)));
    std::vector<double> ticks;
    const auto first = static_cast<long>(std::ceil(low / step - 1e-9));
    const auto last = static_cast<long>(std::floor(high / step + 1e-9));
    for (long i = first; i <= last; ++i) {
        ticks.push_back(static_cast<double>(i) * step);
    }
    return ticks;
}

Plot::Clip::Clip(const Plot& plot) : cairo_(plot.canvas_->cairo()) {
    ::cairo_save(cairo_);
    ::cairo_rectangle(cairo_, plot.box_.x, plot.box_.y, plot.box_.width, plot.box_.height);
    ::cairo_clip(cairo_);
}

Plot::Clip::~Clip() {
    ::cairo_restore(cairo_);
}

void Plot::draw_ground(Colour colour) const {
    canvas_->fill(box_, colour, 4.0);
}

void Plot::draw_y_ticks(int wanted) const {
    for (const double tick : round_ticks(y_.low, y_.high, wanted)) {
        const double y = at_y(tick);
        canvas_->line({box_.x, y}, {box_.right(), y}, kRule.faded(tick == 0.0 ? 1.0 : 0.55), 1.0);
        canvas_->text({box_.x - 8.0, y + 5.0}, plain(tick), kSmall, Align::right);
    }
}

void Plot::draw_x_ticks(const std::vector<double>& ticks, bool named) const {
    for (const double tick : ticks) {
        const double x = at_x(tick);
        canvas_->line({x, box_.y}, {x, box_.bottom()}, kRule.faded(0.4), 1.0);
        if (named) {
            canvas_->text({x, box_.bottom() + 20.0}, plain(tick), kSmall, Align::centre);
        }
    }
}

void Plot::draw_curve(const std::vector<double>& x, const std::vector<double>& y, Colour colour,
                      double line_width) const {
    const Clip clip(*this);
    std::vector<Point> piece;
    const auto finish = [&] {
        if (piece.size() == 1) {
            canvas_->disc(piece.front(), line_width, colour);
        } else {
            canvas_->polyline(piece, colour, line_width);
        }
        piece.clear();
    };
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
        if (std::isfinite(y[i])) {
            piece.push_back({at_x(x[i]), at_y(y[i])});
        } else {
            finish();
        }
    }
    finish();
}

void Plot::draw_band(const std::vector<double>& x, const std::vector<double>& y,
                     const std::vector<double>& half, Colour colour) const {
    const Clip clip(*this);
    const std::size_t count = std::min({x.size(), y.size(), half.size()});
    std::vector<Point> upper;
    std::vector<Point> lower;
    const auto finish = [&] {
        if (upper.size() > 1) {
            cairo_t* const cairo = canvas_->cairo();
            canvas_->use(colour);
            ::cairo_new_path(cairo);
            for (const Point& point : upper) {
                ::cairo_line_to(cairo, point.x, point.y);
            }
            for (auto it = lower.rbegin(); it != lower.rend(); ++it) {
                ::cairo_line_to(cairo, it->x, it->y);
            }
            ::cairo_fill(cairo);
        }
        upper.clear();
        lower.clear();
    };
    for (std::size_t i = 0; i < count; ++i) {
        if (std::isfinite(y[i]) && std::isfinite(half[i])) {
            upper.push_back({at_x(x[i]), at_y(y[i] + half[i])});
            lower.push_back({at_x(x[i]), at_y(y[i] - half[i])});
        } else {
            finish();
        }
    }
    finish();
}

void Plot::draw_vertical(double x, Colour colour, double line_width, bool dashed) const {
    constexpr std::array kDash{5.0, 5.0};
    if (dashed) {
        ::cairo_set_dash(canvas_->cairo(), kDash.data(), 2, 0.0);
    }
    canvas_->line({at_x(x), box_.y}, {at_x(x), box_.bottom()}, colour, line_width);
    ::cairo_set_dash(canvas_->cairo(), nullptr, 0, 0.0);
}

void Plot::draw_horizontal(double y, Colour colour, bool dashed) const {
    constexpr std::array kDash{5.0, 5.0};
    if (dashed) {
        ::cairo_set_dash(canvas_->cairo(), kDash.data(), 2, 0.0);
    }
    canvas_->line({box_.x, at_y(y)}, {box_.right(), at_y(y)}, colour, 1.2);
    ::cairo_set_dash(canvas_->cairo(), nullptr, 0, 0.0);
}

}  // namespace dsm::picture
