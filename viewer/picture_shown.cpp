#include "viewer/picture_shown.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "dsp/core/stored_values.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

bool is_stored(PictureKind kind) {
    return kind == PictureKind::original || kind == PictureKind::mask;
}

// The part of the picture that the view holds; nothing where that is all of it.
std::optional<ShownPart> part_in_view(const Workspace& workspace) {
    const auto extent = workspace.run()->info().extent;
    const Point view = workspace.view.picture_size;
    const auto transform = make_transform(extent, view, workspace.run_view().magnification);
    const Point a = transform.image_from_view({0.0, 0.0});
    const Point b = transform.image_from_view(view);
    const ShownPart part{{std::min(a.x, b.x), std::min(a.y, b.y)},
                         {std::max(a.x, b.x), std::max(a.y, b.y)}};
    constexpr double kHair_px = 0.01;
    const bool whole = part.low_px.x < kHair_px - 0.5 && part.low_px.y < kHair_px - 0.5 &&
                       part.high_px.x > extent.width - 0.5 - kHair_px &&
                       part.high_px.y > extent.height - 0.5 - kHair_px;
    return whole ? std::nullopt : std::optional(part);
}

Result<Image<float>> stored_frame(const RunFrames& frames, int offset, FrameIndex frame) {
    if (const auto damage = frames.damage(frame)) {
        return fail(ErrorKind::unreadable, fmt::format("frame {}", frame + 1), *damage);
    }
    Image<std::uint16_t> words;
    if (auto read = frames.read(frame, words); !read) {
        return tl::unexpected(read.error());
    }
    return stored_values(words.cview(), offset);
}

Result<Image<float>> opacity_of(const SubtractionJob* job, bool filtered, FrameIndex frame) {
    if (job == nullptr) {
        return fail(ErrorKind::invalid_input, fmt::format("frame {}", frame + 1),
                    "is not subtracted", "wait until it is");
    }
    Image<float> values;
    auto read = filtered && job->holds_filtered(frame) ? job->read_filtered(frame, values)
                                                       : job->read_opacity(frame, values);
    return read ? Result<Image<float>>(std::move(values)) : tl::unexpected(read.error());
}

}  // namespace

ShownPicture picture_shown(const Workspace& workspace, PictureKind kind) {
    const auto& run = *workspace.run();
    const auto& view = workspace.run_view();
    ShownPicture shown;
    shown.kind = kind;
    const auto window = window_slot(view, kind);
    shown.window = window ? *window : automatic_window(run, view, kind).value_or(shown.window);
    shown.inverted = is_stored(kind) ? view.native_inverted : view.opacity_inverted;
    shown.filtered = kind == PictureKind::subtracted && shows_filtered(workspace);
    shown.sharpened = shows_sharpened(workspace, kind);
    shown.peak_in_grey = workspace.view.peak_in_grey;
    shown.shutter_shown = workspace.view.shutter_shown;
    shown.highlights_shown = workspace.view.highlights_shown && !findings_withheld(workspace);
    if (shows_anatomy(workspace, kind)) {
        shown.anatomy_part = workspace.view.anatomy_part;
    }
    shown.anatomy_window = view.native_window.value_or(shown.anatomy_window);
    shown.anatomy_inverted = view.native_inverted;
    shown.part = part_in_view(workspace);
    shown.orientation = view.magnification.orientation;
    return shown;
}

void show_picture_as(Workspace& workspace, const ShownPicture& shown) {
    auto& view = workspace.run_view();
    if (is_of_the_run(shown.kind) || workspace.view.layout == Layout::single) {
        view.picture = shown.kind;
    } else if (shown.kind == PictureKind::subtracted) {
        view.picture = PictureKind::subtracted;
    } else {
        workspace.view.layout =
            shown.kind == PictureKind::mask ? Layout::mask_subtracted : Layout::original_subtracted;
        view.picture = PictureKind::subtracted;
    }
    window_slot(view, shown.kind) = shown.window;
    (is_stored(shown.kind) ? view.native_inverted : view.opacity_inverted) = shown.inverted;
    workspace.view.filtered = shown.filtered;
    workspace.view.sharpened = shown.sharpened;
    workspace.view.peak_in_grey = shown.peak_in_grey;
    workspace.view.shutter_shown = shown.shutter_shown;
    workspace.view.anatomy_part = shown.anatomy_part;
    if (shown.anatomy_part > 0.0) {
        view.native_window = shown.anatomy_window;
        view.native_inverted = shown.anatomy_inverted;
    }
    auto& magnification = view.magnification;
    magnification = {1.0, {}, shown.orientation};
    if (shown.part) {
        const auto extent = workspace.run()->info().extent;
        const Point size = shown.part->high_px - shown.part->low_px;
        const bool side = shown.orientation.on_its_side();
        const Point upright = side ? Point{size.y, size.x} : size;
        const double scale = std::min(workspace.view.picture_size.x / upright.x,
                                      workspace.view.picture_size.y / upright.y);
        magnification.zoom =
            std::clamp(scale / fit_scale(extent, workspace.view.picture_size, shown.orientation),
                       kSmallestZoom, kLargestZoom);
        magnification =
            centred_on(magnification, extent, 0.5 * (shown.part->low_px + shown.part->high_px));
    }
}

const RunResult* whole_result(const RunSession& run) {
    const auto* job = run.newest_job();
    const auto findings = run.findings();
    const bool whole = job != nullptr && job->finished() && findings != nullptr &&
                       findings->result != nullptr && job->snapshot()->result == findings->result;
    return whole ? findings->result.get() : nullptr;
}

ValuesOfPicture values_in(const RunSession& run, const RunReview& review) {
    std::vector<FrameIndex> masks;
    for (FrameIndex frame = 0; frame < run.info().frames; ++frame) {
        masks.push_back(mask_frame_for(run, frame, review).value_or(0));
    }
    return [frames = run.shared_frames(), job = run.shared_job(), findings = run.findings(),
            masks = std::move(masks), offset = run.info().stored_offset](
               PictureKind kind, bool filtered, FrameIndex frame) -> Result<Image<float>> {
        switch (kind) {
            case PictureKind::original:
                return stored_frame(*frames, offset, frame);
            case PictureKind::mask:
                return stored_frame(*frames, offset, masks.at(static_cast<std::size_t>(frame)));
            case PictureKind::subtracted:
                return opacity_of(job.get(), filtered, frame);
            case PictureKind::peak:
            case PictureKind::variance:
            case PictureKind::arrival:
                break;
        }
        if (findings == nullptr || findings->result == nullptr) {
            return fail(ErrorKind::invalid_input, "map", "is not there yet",
                        "wait until the run is processed");
        }
        return map_for_display(*findings->result, kind);
    };
}

}  // namespace dsm::viewer
