// The reader's key images, drawn as they were shown.
#include "dsp/reading/film_picture.h"
#include "dsp/reading/framed_picture.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

std::string caption_of(const RunInfo& run, const KeyImage& image) {
    std::string words = key_image_title(run, image) + (image.note.empty() ? "." : ". ");
    words += image.note;
    if (!image.stamp.author.empty()) {
        words += " (" + image.stamp.author + ")";
    }
    return words;
}

}  // namespace

Result<Section> key_images_section(const ReportRequest& request) {
    constexpr double kLargest_px = 720.0;
    Section section{"Key images of the reader", {}};
    Gallery gallery;
    for (const KeyImage& image : request.review.key_images) {
        const bool in_the_run = image.frame < request.result.run.frames;
        Picture picture;
        picture.caption = caption_of(request.result.run, image);
        if (request.values_of && in_the_run) {
            const auto canvas = draw_key_image(request.result, request.review, image,
                                               request.values_of, kLargest_px);
            auto drawn = canvas ? picture_of(*canvas, picture.caption)
                                : Result<Picture>(tl::unexpected(canvas.error()));
            if (!drawn) {
                return tl::unexpected(drawn.error());
            }
            picture = std::move(*drawn);
        }
        gallery.pictures.push_back(std::move(picture));
    }
    if (!gallery.pictures.empty()) {
        section.blocks.emplace_back(std::move(gallery));
    }
    return section;
}

}  // namespace dsm::reading
