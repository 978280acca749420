#include "tools/dsm/picture_values.h"

#include "dsp/core/stored_values.h"

namespace dsm::cli {
namespace {

Result<Image<float>> stored_frame(FrameSource& source, FrameIndex frame) {
    const RunInfo& run = source.info();
    Image<std::uint16_t> words(run.extent);
    if (auto read = source.read(frame, words.view()); !read) {
        return tl::unexpected(read.error());
    }
    return stored_values(words.view(), run.stored_offset);
}

// As the viewer has it: the first mask of the frame's mix, else the first of the run.
FrameIndex mask_of(const RunResult& result, FrameIndex frame) {
    const auto at = static_cast<std::size_t>(frame);
    if (at < result.motion.size() && !result.motion[at].masks.empty()) {
        return result.motion[at].masks.front();
    }
    return result.mask_frames.empty() ? 0 : result.mask_frames.front();
}

}  // namespace

RegionCurveCollector::RegionCurveCollector(const RunReview& marks, const RunInfo& run) {
    for (const Annotation& mark : marks.annotations) {
        if (is_region(mark.shape)) {
            regions_[mark.id] = pixels_of(mark.shape, run.extent);
        }
    }
}

void RegionCurveCollector::add(const FrameOutput& frame, const RunInfo& run) {
    if (frame.motion.quality == Quality::no_mask) {
        return;
    }
    for (const auto& [id, pixels] : regions_) {
        if (const auto mean = mean_opacity(pixels, frame.opacity, frame.sigma)) {
            OpacityCurve& curve = curves_[id];
            curve.time_s.push_back(time_of(run, frame.frame).value_or(frame.frame + 1.0));
            curve.opacity.push_back(mean->mean);
            curve.noise.push_back(mean->standard_error);
        }
    }
}

KeptForMarks wanted_for(const RunReview& marks, const RunInfo& run) {
    KeptForMarks wanted{{}, {marks, run}};
    for (const KeyImage& image : marks.key_images) {
        if (image.shown.filtered) {
            wanted.filtered.try_emplace(image.frame);
        }
    }
    return wanted;
}

ValuesOfPicture picture_values(FrameSource& source, const RunResult& result,
                               const SubtractedRun& subtracted, const KeptForMarks& kept) {
    return [&source, &result, &subtracted, &filtered = kept.filtered](
               PictureKind kind, bool wants_filtered, FrameIndex frame) -> Result<Image<float>> {
        if (is_of_the_run(kind)) {
            return map_for_display(result, kind);
        }
        if (frame < 0 || frame >= result.run.frames) {
            return fail(ErrorKind::invalid_input, "frame " + std::to_string(frame + 1),
                        "is not in the run", "mark another frame");
        }
        if (kind != PictureKind::subtracted) {
            return stored_frame(source, kind == PictureKind::mask ? mask_of(result, frame) : frame);
        }
        const auto found = filtered.find(frame);
        if (wants_filtered && found != filtered.end() && !found->second.empty()) {
            return found->second.clone();
        }
        return subtracted.opacity_of(frame, result.run.extent);
    };
}

}  // namespace dsm::cli
