// Single-frame X-ray objects of one series and acquisition in one folder, as one run: what a C-arm
// leaves that sends a run frame by frame. Such a run has a name as a path in that folder,
// "FOLDER/series_3_5f2a9c01", as dsm live names it; nothing of that name is on the disk.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/source/frame_source.h"

namespace dsm {

// `files` with the objects of each such run replaced by its name, where the first of them stood.
// They are X-ray images (XA, RF, or of their classes) of one frame, alike in series, acquisition
// and pixels, with instance numbers that are all there and all different; anything else stays as it
// is. Each file is opened; what comes back after `stop` is of no use.
[[nodiscard]] std::vector<std::filesystem::path> join_single_frames(
    std::vector<std::filesystem::path> files, const std::stop_token& stop = {});

// Whether a path can only be such a name: no file is there, and its form is that of a name.
[[nodiscard]] bool names_single_frames(const std::filesystem::path& path);

// Not thread-safe. Frames are in order of Instance Number; a frame is read when it is asked for.
class SingleFrames final : public FrameSource {
 public:
    // Errors: not_found (no such run in the folder any more), and those of its objects.
    [[nodiscard]] static Result<std::unique_ptr<SingleFrames>> open(
        const std::filesystem::path& name);

    [[nodiscard]] const RunInfo& info() const override { return info_; }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override;

 private:
    RunInfo info_;
};

}  // namespace dsm
