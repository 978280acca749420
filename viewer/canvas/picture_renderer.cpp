#include "viewer/canvas/picture_renderer.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "dsp/core/sharpen.h"
#include "dsp/core/stored_values.h"
#include "dsp/gpu/shader_files.h"
#include "dsp/opacification/arrival_picture.h"
#include "dsp/subtraction/temporal_variance.h"

namespace dsm::viewer {

namespace {

tl::unexpected<Error> not_yet(const std::string& what) {
    return fail(ErrorKind::not_found, "", what);
}

void add_anatomy(gpu::Painting& painting, const PictureSource& source, const PictureLook& look) {
    const auto& info = source.run->info();
    painting.anatomy_scale = 65535.0F;
    painting.anatomy_mapping.window = look.anatomy_window;
    painting.anatomy_mapping.window.center -= info.stored_offset;
    painting.anatomy_mapping.inverted = look.anatomy_inverted != info.monochrome1;
    painting.anatomy_part = look.anatomy_part;
}

// Contrast is dark on light in what is made of subtractions and of changes; MONOCHROME1 is dark for
// large values.
bool is_inverted(const PictureSource& source, const PictureLook& look) {
    if (source.kind == PictureKind::original || source.kind == PictureKind::mask) {
        return look.inverted != source.run->info().monochrome1;
    }
    return look.in_colours ? look.inverted : !look.inverted;
}

}  // namespace

Result<PictureRenderer> PictureRenderer::create() {
    const auto folder = gpu::find_shader_folder();
    if (!folder) {
        return tl::unexpected(folder.error());
    }
    auto painter = gpu::PicturePainter::load(*folder);
    if (!painter) {
        return tl::unexpected(painter.error());
    }
    return PictureRenderer(std::move(*painter));
}

void PictureRenderer::upload_values(View& view, const PictureSource& source,
                                    ImageView<const float> values) {
    if (source.sharpened) {
        view.values.upload(sharpened(values).cview());
    } else {
        view.values.upload(values);
    }
    view.scale = 1.0F;
    view.offset = 0.0F;
}

Result<void> PictureRenderer::upload_stored(View& view, const PictureSource& source) {
    const auto& frames = source.run->frames();
    if (const auto damage = frames.damage(source.frame)) {
        return fail(ErrorKind::unreadable, fmt::format("Frame {} is damaged", source.frame + 1),
                    *damage);
    }
    if (!frames.holds(source.frame)) {
        return not_yet(fmt::format("Loading {:.0f} %", 100.0 * frames.fraction_loaded()));
    }
    if (auto read = frames.read(source.frame, view.words); !read) {
        return read;
    }
    const int offset = source.run->info().stored_offset;
    if (source.sharpened) {
        upload_values(view, source, stored_values(view.words.cview(), offset).cview());
        return {};
    }
    view.values.upload(view.words.cview());
    view.scale = 65535.0F;
    view.offset = static_cast<float>(offset);
    return {};
}

Result<void> PictureRenderer::upload_opacity(View& view, const PictureSource& source) {
    const auto* job = source.unregistered ? source.run->unregistered_with(source.frame)
                                          : source.run->job_with(source.frame);
    if (job == nullptr) {
        if (const auto failure = source.run->processing_failure()) {
            return fail(ErrorKind::unsupported, "Not subtracted", *failure);
        }
        const auto progress = source.run->progress();
        return not_yet(source.unregistered
                           ? std::string("The unregistered subtraction is not ready yet")
                           : fmt::format("Processing {:.0f} %",
                                         progress == nullptr ? 0.0 : 100.0 * progress->fraction));
    }
    auto read = source.filtered ? job->read_filtered(source.frame, view.floats)
                                : job->read_opacity(source.frame, view.floats);
    if (!read) {
        return read;
    }
    upload_values(view, source, view.floats.cview());
    return {};
}

Result<void> PictureRenderer::upload_peak(View& view, const PictureSource& source) {
    const auto findings = source.run->findings();
    if (findings == nullptr || findings->result == nullptr) {
        return not_yet("The peak map comes when processing is done");
    }
    if (findings->result->peak_opacity.empty()) {
        return not_yet("No peak map: no frame of this run could be subtracted");
    }
    upload_values(view, source, findings->result->peak_opacity.view());
    return {};
}

Result<void> PictureRenderer::upload_variance(View& view, const PictureSource& source) {
    const auto findings = source.run->findings();
    if (findings == nullptr || findings->result == nullptr) {
        return not_yet("The mask-free view comes when processing is done");
    }
    if (findings->result->temporal_variance.empty()) {
        return not_yet("No mask-free view: the run has a single frame");
    }
    upload_values(view, source,
                  deviation_for_display(findings->result->temporal_variance.view()).cview());
    return {};
}

Result<void> PictureRenderer::upload_arrival(View& view, const PictureSource& source) {
    const auto findings = source.run->findings();
    if (findings == nullptr || findings->result == nullptr) {
        return not_yet("The arrival map comes when processing is done");
    }
    if (findings->result->arrival_frame.empty()) {
        return not_yet("No arrival map: no frame of this run could be subtracted");
    }
    upload_values(
        view, source,
        arrival_for_display(findings->result->arrival_frame.view(), source.run->info().frame_time_s)
            .cview());
    return {};
}

void PictureRenderer::upload_anatomy(View& view, PictureSource& source) {
    if (!source.anatomy) {
        return;
    }
    Image<std::uint16_t> words;
    if (!source.run->frames().read(*source.anatomy, words)) {
        source.anatomy.reset();
        return;
    }
    view.anatomy.upload(words.cview());
}

Result<void> PictureRenderer::upload(View& view, const PictureSource& source) {
    switch (source.kind) {
        case PictureKind::subtracted:
            return upload_opacity(view, source);
        case PictureKind::peak:
            return upload_peak(view, source);
        case PictureKind::variance:
            return upload_variance(view, source);
        case PictureKind::arrival:
            return upload_arrival(view, source);
        case PictureKind::original:
        case PictureKind::mask:
            break;
    }
    return upload_stored(view, source);
}

Result<GLuint> PictureRenderer::draw(std::size_t which, PictureSource source,
                                     const PictureLook& look) {
    auto& view = views_[which % kTargets];
    // The anatomy is left out until its frame is there.
    if (source.anatomy && !source.run->frames().holds(*source.anatomy)) {
        source.anatomy.reset();
    }
    if (view.uploaded != source) {
        view.uploaded.reset();
        view.drawn.reset();
        if (auto done = upload(view, source); !done) {
            return tl::unexpected(done.error());
        }
        upload_anatomy(view, source);
        view.uploaded = source;
    }
    if (view.drawn != look) {
        paint(view, source, look);
        view.drawn = look;
    }
    return view.target.colour().name();
}

void PictureRenderer::paint(View& view, const PictureSource& source, const PictureLook& look) {
    view.target.resize(look.view);
    view.target.bind();
    glDisable(GL_BLEND);
    glDisable(GL_SCISSOR_TEST);
    const Extent picture = view.values.extent();
    const Point size{static_cast<double>(look.view.width), static_cast<double>(look.view.height)};
    const auto transform = make_transform(picture, size, look.magnification);
    const Point origin = transform.image_from_view({0.0, 0.0});
    const Point right = transform.image_from_view({1.0, 0.0}) - origin;
    const Point down = transform.image_from_view({0.0, 1.0}) - origin;
    gpu::Painting painting;
    painting.values = &view.values;
    painting.scale = view.scale;
    painting.offset = view.offset;
    painting.mapping = {look.window, is_inverted(source, look), look.in_colours};
    painting.shutter = look.shutter;
    painting.at_corner = origin;
    painting.right = right;
    painting.down = down;
    if (source.anatomy) {
        painting.anatomy = &view.anatomy;
        add_anatomy(painting, source, look);
    }
    painter_.paint(painting, look.view);
    gpu::Framebuffer::unbind();
}

void PictureRenderer::forget(const RunSession* run) {
    for (auto& view : views_) {
        if (view.uploaded && view.uploaded->run == run) {
            view.uploaded.reset();
            view.drawn.reset();
        }
    }
}

}  // namespace dsm::viewer
