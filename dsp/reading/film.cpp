#include "dsp/reading/film.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <numeric>

#include "dsp/core/atomic_file.h"
#include "dsp/reading/film_encoder.h"
#include "dsp/reading/film_picture.h"
#include "dsp/reading/sections.h"

namespace dsm {

namespace {

constexpr double kLargest_px = 1024.0;
constexpr double kLargestGif_px = 480.0;
constexpr double kUnknownStay_s = 0.25;
constexpr double kLongest_s = 2.0 * 3600.0;

FrameRange within_run(const Film& film) {
    const FrameIndex last = std::max(0, film.run.frames - 1);
    const FrameIndex first = std::clamp(film.frames.first, 0, last);
    return {first, std::clamp(film.frames.last, first, last)};
}

// Draws every frame of the film into the encoder that `open` makes for the first of them.
template <class Open>
Result<void> encode(const Film& film, double most_px, Open open,
                    const std::function<void(double)>& on_progress, const std::stop_token& stop) {
    std::unique_ptr<reading::FilmEncoder> encoder;
    const auto [first, last] = within_run(film);
    for (FrameIndex frame = first; frame <= last; ++frame) {
        if (stop.stop_requested()) {
            return fail(ErrorKind::cancelled, "film", "was given up");
        }
        const auto picture = reading::draw_film_picture(film, frame, most_px);
        if (!picture) {
            return tl::unexpected(picture.error());
        }
        if (encoder == nullptr) {
            auto opened = open(*picture);
            if (!opened) {
                return tl::unexpected(opened.error());
            }
            encoder = std::move(*opened);
        }
        if (auto added = encoder->add(*picture); !added) {
            return added;
        }
        if (on_progress) {
            on_progress(static_cast<double>(frame - first + 1) / (last - first + 1));
        }
    }
    return encoder->finish();
}

}  // namespace

Result<void> write_film_picture(const std::filesystem::path& file, const Film& film,
                                FrameIndex frame) {
    const auto picture = reading::draw_film_picture(film, frame, kLargest_px);
    if (!picture) {
        return tl::unexpected(picture.error());
    }
    return picture->write_png(file);
}

std::vector<double> film_stays_s(const Film& film) {
    const auto& times_s = film.run.frame_time_s;
    const auto [first, last] = within_run(film);
    std::vector<double> intervals_s;
    for (std::size_t i = 1; i < times_s.size(); ++i) {
        intervals_s.push_back(std::max(0.0, times_s[i] - times_s[i - 1]));
    }
    const double usual_s = reading::median_of(intervals_s).value_or(kUnknownStay_s);
    std::vector<double> stays_s;
    for (FrameIndex frame = first; frame <= last; ++frame) {
        const auto at = static_cast<std::size_t>(frame);
        stays_s.push_back((at < intervals_s.size() ? intervals_s[at] : usual_s) / film.speed);
    }
    return stays_s;
}

Result<void> write_film(const std::filesystem::path& file, const Film& film,
                        const std::function<void(double)>& on_progress,
                        const std::stop_token& stop) {
    const bool gif = file.extension() == ".gif";
    if (!gif && file.extension() != ".mp4") {
        return fail(ErrorKind::invalid_input, file.string(), "a film is written as .mp4 or .gif",
                    "give it one of these names");
    }
    if (!(film.speed > 0.0) || film.panels.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), "there is nothing to show",
                    "choose a picture and a speed above 0");
    }
    const auto stays_s = film_stays_s(film);
    if (std::accumulate(stays_s.begin(), stays_s.end(), 0.0) > kLongest_s) {
        return fail(ErrorKind::invalid_input, file.string(),
                    "the film would last more than two hours", "choose fewer frames");
    }
    return write_path_atomically(file, [&](const std::filesystem::path& temporary) {
        const auto open = [&](const Canvas& first) {
            return gif ? reading::gif_encoder(temporary, file, first, stays_s)
                       : reading::mp4_encoder(temporary, file, first, stays_s);
        };
        return encode(film, gif ? kLargestGif_px : kLargest_px, open, on_progress, stop);
    });
}

namespace reading {

std::vector<int> stays_in_ticks(const std::vector<double>& stays_s, double rate) {
    std::vector<int> ticks;
    double end_s = 0.0;
    long given = 0;
    for (const double stay_s : stays_s) {
        end_s += stay_s;
        // A frame that is shown at all is shown for a tick; the next ones catch up.
        const long until = std::max(given + 1, std::lround(end_s * rate));
        ticks.push_back(static_cast<int>(until - given));
        given = until;
    }
    return ticks;
}

std::vector<std::uint32_t> pixels_of(const Canvas& picture) {
    cairo_surface_t* const surface = ::cairo_get_target(picture.cairo());
    ::cairo_surface_flush(surface);
    const unsigned char* const bytes = ::cairo_image_surface_get_data(surface);
    const int width = ::cairo_image_surface_get_width(surface);
    const int height = ::cairo_image_surface_get_height(surface);
    const int stride = ::cairo_image_surface_get_stride(surface);
    const auto row_words = static_cast<std::size_t>(width);
    std::vector<std::uint32_t> words(row_words * static_cast<std::size_t>(height));
    for (int y = 0; y < height; ++y) {
        std::memcpy(words.data() + row_words * static_cast<std::size_t>(y),
                    bytes + static_cast<std::ptrdiff_t>(y) * stride,
                    row_words * sizeof(std::uint32_t));
    }
    return words;
}

}  // namespace reading

}  // namespace dsm
