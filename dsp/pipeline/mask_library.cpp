#include "dsp/pipeline/mask_library.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "dsp/subtraction/half_resolution.h"

namespace dsm {

FrameIndex MaskLibrary::step_for(const RunInfo& run) {
    // Log intensity, pyramid, flags, what was measured and what is recorded of one frame.
    constexpr std::size_t kBytesPerPixel = 15;
    const std::size_t each = std::max<std::size_t>(1, run.extent.pixels() * kBytesPerPixel);
    const auto most = static_cast<FrameIndex>(
        std::clamp<std::size_t>(kMostBytes / each, 1, static_cast<std::size_t>(kMostFrames)));
    return std::max<FrameIndex>(1, (run.frames + most - 1) / most);
}

bool MaskLibrary::spans(FrameIndex frame) const {
    return !entries_.empty() && frame >= entries_.front().frame->frame &&
           frame <= entries_.back().frame->frame;
}

void MaskLibrary::add(FrameIndex frame, ImageView<const float> log_intensity,
                      ImageView<const std::uint8_t> usable, Measured measured) {
    Entry entry;
    entry.frame = std::make_shared<PreparedFrame>();
    entry.frame->frame = frame;
    entry.frame->log_intensity.resize(log_intensity.extent());
    copy_pixels(log_intensity, entry.frame->log_intensity.view());
    entry.frame->usable.resize(usable.extent());
    copy_pixels(usable, entry.frame->usable.view());
    entry.measured = std::move(measured);
    entries_.push_back(std::move(entry));
}

ContrastMeasurement MaskLibrary::measurement_of(const Measured& measured, double seconds) {
    return {measured.certain.view(),
            measured.mixed.empty() ? ImageView<const float>{} : measured.mixed.view(),
            measured.sigma.view(), seconds};
}

void MaskLibrary::settle() {
    std::vector<ContrastMemory::Record> forwards;
    ContrastMemory memory;
    Image<float> contrast;
    std::vector<double> times_s;
    for (const Entry& entry : entries_) {
        const double time_s = entry.measured.time_s;
        memory.follow(
            measurement_of(entry.measured, times_s.empty() ? 0.0 : time_s - times_s.back()),
            contrast);
        forwards.push_back(memory.record());
        times_s.push_back(time_s);
    }
    ContrastMemory back;
    back.begin_unknown();
    for (std::size_t k = entries_.size(); k-- > 0;) {
        Entry& entry = entries_[k];
        const double seconds = k + 1 < times_s.size() ? times_s[k + 1] - times_s[k] : 0.0;
        back.follow(measurement_of(entry.measured, seconds), contrast);
        ContrastMemory::settle(forwards[k], back.record(), entry.contrast);
        forwards.pop_back();
        entry.measured = {};
    }
    Image<float> without;
    for (Entry& entry : entries_) {
        without.resize(entry.frame->log_intensity.extent());
        add_double(entry.contrast.view(), entry.frame->log_intensity.view(), without.view());
        std::swap(without, entry.frame->log_intensity);
        prepare(*entry.frame);
        masks_.push_back(entry.frame);
    }
}

void MaskLibrary::contrast_at(FrameIndex frame, Image<float>& contrast) const {
    assert(spans(frame));
    const auto after = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& e) { return e.frame->frame >= frame; });
    contrast.resize(after->contrast.extent());
    if (after->frame->frame == frame) {
        copy_pixels(after->contrast.cview(), contrast.view());
        return;
    }
    const Entry& before = *(after - 1);
    const float part = static_cast<float>(frame - before.frame->frame) /
                       static_cast<float>(after->frame->frame - before.frame->frame);
    const auto to = contrast.pixels();
    for (std::size_t i = 0; i < to.size(); ++i) {
        const float a = before.contrast.pixels()[i];
        to[i] = a + part * (after->contrast.pixels()[i] - a);
    }
}

}  // namespace dsm
