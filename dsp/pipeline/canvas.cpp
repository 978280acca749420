#include "dsp/pipeline/canvas.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "dsp/core/atomic_file.h"

namespace dsm {
namespace {

constexpr const char* kEllipsis = "\xE2\x80\xA6";
constexpr const char* kReplacement = "\xEF\xBF\xBD";

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Length of the valid UTF-8 sequence at `at`, or 0 (RFC 3629: no overlong forms, no surrogates).
std::size_t sequence_length(const std::string& text, std::size_t at) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || at + length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if (!continues(text[at + i])) {
            return 0;
        }
    }
    if (length < 3) {
        return length;
    }
    const auto second = static_cast<unsigned char>(text[at + 1]);
    const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                       (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return wrong ? 0 : length;
}

// Moves `at` to the start of the character it lies in.
std::size_t character_start(const std::string& text, std::size_t at) {
    while (at > 0 && at < text.size() && continues(text[at])) {
        --at;
    }
    return at;
}

}  // namespace

std::string displayable(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequence_length(text, at);
        if (length == 0) {
            out += kReplacement;
            ++at;
            continue;
        }
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == 0x7F) {
            out += ' ';
        } else {
            out.append(text, at, length);
        }
        at += length;
    }
    return out;
}

double line_height(const TextStyle& style) {
    return std::ceil(style.size * 1.38);
}

Canvas::Canvas(int width, int height, Colour background)
    : width_(width),
      height_(height),
      surface_(::cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      context_(::cairo_create(surface_.get())) {
    use(background);
    ::cairo_paint(cairo());
    start();
}

Canvas::Canvas(cairo_surface_t* surface, double width, double height)
    : width_(width),
      height_(height),
      surface_(::cairo_surface_reference(surface)),
      context_(::cairo_create(surface_.get())) {
    start();
}

void Canvas::start() const {
    ::cairo_set_line_join(cairo(), CAIRO_LINE_JOIN_ROUND);
    ::cairo_set_line_cap(cairo(), CAIRO_LINE_CAP_ROUND);
    cairo_font_options_t* options = ::cairo_font_options_create();
    ::cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    ::cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    ::cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    ::cairo_set_font_options(cairo(), options);
    ::cairo_font_options_destroy(options);
}

void Canvas::use(Colour colour) const {
    ::cairo_set_source_rgba(cairo(), colour.red, colour.green, colour.blue, colour.alpha);
}

void Canvas::choose_font(const TextStyle& style) const {
    ::cairo_select_font_face(cairo(), "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                             style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    ::cairo_set_font_size(cairo(), style.size);
}

double Canvas::text_width(const std::string& text, const TextStyle& style) const {
    choose_font(style);
    cairo_text_extents_t extents;
    ::cairo_text_extents(cairo(), displayable(text).c_str(), &extents);
    return extents.x_advance;
}

void Canvas::text(Point baseline, const std::string& text, const TextStyle& style,
                  Align align) const {
    const double share = align == Align::left ? 0.0 : (align == Align::centre ? 0.5 : 1.0);
    const double x = baseline.x - share * text_width(text, style);
    choose_font(style);
    use(style.colour);
    ::cairo_move_to(cairo(), x, baseline.y);
    ::cairo_show_text(cairo(), displayable(text).c_str());
    ::cairo_new_path(cairo());
}

std::string Canvas::fitted(const std::string& text, const TextStyle& style, double width) const {
    // Far more than any line holds; the search below must not walk through megabytes.
    constexpr std::size_t kLongest = 2'000;
    const std::string whole = displayable(text.substr(0, kLongest));
    if (text.size() <= kLongest && text_width(whole, style) <= width) {
        return whole;
    }
    std::size_t most = whole.size();
    std::size_t fits = 0;
    const auto shortened = [&](std::size_t kept) {
        const std::size_t head = character_start(whole, (kept + 1) / 2);
        const std::size_t tail = character_start(whole, whole.size() - kept / 2);
        return whole.substr(0, head) + kEllipsis + whole.substr(tail);
    };
    while (fits < most) {
        const std::size_t middle = (fits + most + 1) / 2;
        if (text_width(shortened(middle), style) <= width) {
            fits = middle;
        } else {
            most = middle - 1;
        }
    }
    return shortened(fits);
}

std::vector<std::string> Canvas::wrapped(const std::string& text, const TextStyle& style,
                                         double width, std::size_t most_lines) const {
    std::vector<std::string> lines;
    std::istringstream words(displayable(text));
    std::string line;
    for (std::string word; words >> word;) {
        const std::string longer = line.empty() ? word : line + " " + word;
        if (line.empty() || text_width(longer, style) <= width) {
            line = longer;
            continue;
        }
        if (lines.size() + 1 == most_lines) {
            line += std::string(" ") + kEllipsis;
            break;
        }
        lines.push_back(line);
        line = word;
    }
    if (!line.empty()) {
        lines.push_back(line);
    }
    for (std::string& each : lines) {
        each = fitted(each, style, width);
    }
    return lines;
}

double Canvas::paragraph(Point baseline, const std::vector<std::string>& lines,
                         const TextStyle& style) const {
    for (const std::string& line : lines) {
        text(baseline, line, style);
        baseline.y += line_height(style);
    }
    return baseline.y;
}

void Canvas::fill(const Box& box, Colour colour, double corner) const {
    using std::numbers::pi;
    use(colour);
    ::cairo_new_path(cairo());
    if (corner <= 0.0) {
        ::cairo_rectangle(cairo(), box.x, box.y, box.width, box.height);
    } else {
        const double r = std::min({corner, box.width / 2, box.height / 2});
        ::cairo_arc(cairo(), box.right() - r, box.y + r, r, -pi / 2, 0);
        ::cairo_arc(cairo(), box.right() - r, box.bottom() - r, r, 0, pi / 2);
        ::cairo_arc(cairo(), box.x + r, box.bottom() - r, r, pi / 2, pi);
        ::cairo_arc(cairo(), box.x + r, box.y + r, r, pi, 1.5 * pi);
        ::cairo_close_path(cairo());
    }
    ::cairo_fill(cairo());
}

void Canvas::outline(const Box& box, Colour colour, double line_width) const {
    use(colour);
    ::cairo_set_line_width(cairo(), line_width);
    ::cairo_rectangle(cairo(), box.x, box.y, box.width, box.height);
    ::cairo_stroke(cairo());
}

void Canvas::line(Point from, Point to, Colour colour, double line_width) const {
    polyline({from, to}, colour, line_width);
}

void Canvas::polyline(const std::vector<Point>& points, Colour colour, double line_width) const {
    if (points.empty()) {
        return;
    }
    use(colour);
    ::cairo_set_line_width(cairo(), line_width);
    ::cairo_move_to(cairo(), points.front().x, points.front().y);
    for (const Point& point : points) {
        ::cairo_line_to(cairo(), point.x, point.y);
    }
    ::cairo_stroke(cairo());
}

void Canvas::disc(Point centre, double radius, Colour colour) const {
    use(colour);
    ::cairo_new_path(cairo());
    ::cairo_arc(cairo(), centre.x, centre.y, radius, 0.0, 2 * std::numbers::pi);
    ::cairo_fill(cairo());
}

Image<std::uint8_t> Canvas::grey() const {
    ::cairo_surface_flush(surface_.get());
    const int width = ::cairo_image_surface_get_width(surface_.get());
    const int height = ::cairo_image_surface_get_height(surface_.get());
    const int stride = ::cairo_image_surface_get_stride(surface_.get());
    const unsigned char* bytes = ::cairo_image_surface_get_data(surface_.get());
    Image<std::uint8_t> picture({width, height});
    for (int y = 0; y < height; ++y) {
        const auto* row =
            reinterpret_cast<const std::uint32_t*>(bytes + static_cast<std::ptrdiff_t>(y) * stride);
        for (int x = 0; x < width; ++x) {
            const std::uint32_t red = (row[x] >> 16U) & 0xFFU;
            const std::uint32_t green = (row[x] >> 8U) & 0xFFU;
            const std::uint32_t blue = row[x] & 0xFFU;
            picture.view()(x, y) =
                static_cast<std::uint8_t>((299 * red + 587 * green + 114 * blue + 500) / 1000);
        }
    }
    return picture;
}

Result<void> Canvas::write_png(const std::filesystem::path& file) const {
    return write_path_atomically(file, [&](const std::filesystem::path& temporary) -> Result<void> {
        ::cairo_surface_flush(surface_.get());
        cairo_status_t status = ::cairo_status(cairo());
        if (status == CAIRO_STATUS_SUCCESS) {
            status = ::cairo_surface_write_to_png(surface_.get(), temporary.c_str());
        }
        if (status != CAIRO_STATUS_SUCCESS) {
            return fail(ErrorKind::io, file.string(),
                        std::string("could not be written: ") + ::cairo_status_to_string(status),
                        "check that the folder is writable and the disk is not full");
        }
        return {};
    });
}

Result<std::string> Canvas::png() const {
    std::string bytes;
    const auto append = [](void* to, const unsigned char* data, unsigned length) {
        static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
        return CAIRO_STATUS_SUCCESS;
    };
    ::cairo_surface_flush(surface_.get());
    cairo_status_t status = ::cairo_status(cairo());
    if (status == CAIRO_STATUS_SUCCESS) {
        status = ::cairo_surface_write_to_png_stream(surface_.get(), append, &bytes);
    }
    if (status != CAIRO_STATUS_SUCCESS) {
        return fail(ErrorKind::internal, "picture",
                    std::string("could not be made: ") + ::cairo_status_to_string(status));
    }
    return bytes;
}

}  // namespace dsm
