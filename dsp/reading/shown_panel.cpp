#include "dsp/reading/shown_panel.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dsp/core/sharpen.h"
#include "dsp/opacification/arrival_picture.h"
#include "dsp/reading/film_picture.h"
#include "dsp/reading/sections.h"
#include "dsp/subtraction/temporal_variance.h"

namespace dsm {

namespace {

bool is_stored(PictureKind kind) {
    return kind == PictureKind::original || kind == PictureKind::mask;
}

std::string unit_of(PictureKind kind, const RunInfo& run) {
    if (kind == PictureKind::arrival) {
        return run.has_timing() ? "s" : "(frame)";
    }
    return is_stored(kind) ? "" : "opacity";
}

const char* words_for(PictureKind kind) {
    switch (kind) {
        case PictureKind::original:
            return "original";
        case PictureKind::mask:
            return "mask";
        case PictureKind::subtracted:
            return "subtracted";
        case PictureKind::peak:
            return "peak opacity";
        case PictureKind::variance:
            return "mask-free view";
        case PictureKind::arrival:
            return "arrival of contrast";
    }
    return "";
}

}  // namespace

const char* title_of(PictureKind kind) {
    switch (kind) {
        case PictureKind::original:
            return "ORIGINAL";
        case PictureKind::mask:
            return "MASK";
        case PictureKind::subtracted:
            return "SUBTRACTED";
        case PictureKind::peak:
            return "PEAK OPACITY";
        case PictureKind::variance:
            return "MASK-FREE VIEW";
        case PictureKind::arrival:
            return "ARRIVAL OF CONTRAST";
    }
    return "";
}

bool dark_is_large(PictureKind kind, bool inverted, bool monochrome1) {
    switch (kind) {
        case PictureKind::subtracted:
        case PictureKind::variance:
            return !inverted;
        case PictureKind::peak:
        case PictureKind::arrival:
            return inverted;
        case PictureKind::original:
        case PictureKind::mask:
            break;
    }
    return inverted != monochrome1;
}

FilmPanel shown_panel(const RunInfo& run, const RunReview& review, const ShownPicture& shown,
                      const ValuesOfPicture& values_of) {
    FilmPanel panel;
    panel.title = title_of(shown.kind);
    if (shown.kind == PictureKind::subtracted && shown.filtered) {
        panel.title += ", filtered for the eye";
    }
    panel.run = run;
    panel.review = review;
    panel.window = shown.window;
    panel.in_colours = is_coloured(shown.kind, shown.peak_in_grey);
    panel.dark_is_large = shown.kind == PictureKind::peak && !panel.in_colours
                              ? !shown.inverted
                              : dark_is_large(shown.kind, shown.inverted, run.monochrome1);
    panel.shutter = shown.shutter_shown ? run.shutter : std::nullopt;
    panel.unit = unit_of(shown.kind, run);
    panel.of_the_run = is_of_the_run(shown.kind);
    panel.part = shown.part;
    panel.orientation = shown.orientation;
    const bool sharpens = shown.sharpened && !panel.in_colours;
    if (sharpens) {
        panel.title += ", sharpened";
    }
    panel.values_of = [values_of, kind = shown.kind, filtered = shown.filtered,
                       sharpens](FrameIndex frame) {
        auto values = values_of(kind, filtered, frame);
        return values && sharpens ? Result<Image<float>>(sharpened(values->cview()))
                                  : std::move(values);
    };
    if (shown.anatomy_part > 0.0 && !is_stored(shown.kind)) {
        panel.title += ", anatomy " + reading::number(100.0 * shown.anatomy_part, 0) + " %";
        panel.anatomy_part = shown.anatomy_part;
        panel.anatomy_window = shown.anatomy_window;
        panel.anatomy_dark_is_large = shown.anatomy_inverted != run.monochrome1;
        panel.anatomy_of = [values_of](FrameIndex frame) {
            return values_of(PictureKind::original, false, frame);
        };
    }
    return panel;
}

Result<Image<float>> map_for_display(const RunResult& result, PictureKind kind) {
    if (kind == PictureKind::peak && !result.peak_opacity.empty()) {
        return result.peak_opacity.clone();
    }
    if (kind == PictureKind::variance && !result.temporal_variance.empty()) {
        return deviation_for_display(result.temporal_variance.view());
    }
    if (kind == PictureKind::arrival && !result.arrival_frame.empty()) {
        return arrival_for_display(result.arrival_frame.view(), result.run.frame_time_s);
    }
    return fail(ErrorKind::invalid_input, result.run.file.filename().string(), "has no such map",
                "show another picture");
}

namespace reading {

Result<Canvas> draw_key_image(const RunResult& result, const RunReview& review,
                              const KeyImage& image, const ValuesOfPicture& values_of,
                              double most_px) {
    FilmPanel panel = shown_panel(result.run, review, image.shown, values_of);
    panel.levels = result.levels;
    if (image.shown.highlights_shown) {
        panel.highlights = result.highlights;
    }
    if (image.shown.kind == PictureKind::subtracted) {
        panel.motion = result.motion;
    }
    Film film;
    film.run = result.run;
    film.panels.push_back(std::move(panel));
    film.frames = {0, result.run.frames - 1};
    return draw_film_picture(film, image.frame, most_px);
}

}  // namespace reading

Result<Image<std::uint8_t>> key_image_grey(const RunResult& result, const RunReview& review,
                                           const KeyImage& image,
                                           const ValuesOfPicture& values_of) {
    constexpr double kLargest_px = 1024.0;
    return reading::draw_key_image(result, review, image, values_of, kLargest_px)
        .map([](const Canvas& canvas) { return canvas.grey(); });
}

std::string key_image_title(const RunInfo& run, const KeyImage& image) {
    std::string words =
        "Key image " + std::to_string(image.id) + ": " + words_for(image.shown.kind);
    if (!is_of_the_run(image.shown.kind)) {
        const auto time_s = time_of(run, image.frame);
        words += " frame " + std::to_string(image.frame + 1) + " of " + std::to_string(run.frames) +
                 (time_s ? ", " + reading::number(*time_s, 1) + " s" : std::string());
    }
    if (image.shown.sharpened && !is_coloured(image.shown.kind, image.shown.peak_in_grey)) {
        words += ", sharpened";
    }
    return words;
}

}  // namespace dsm
