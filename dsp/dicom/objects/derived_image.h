// The subtracted run as an image any viewer shows: X-Ray Angiographic where the source is one,
// else Multi-frame Grayscale Word Secondary Capture (PS3.3 A.14, A.8.4), derived from the source.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

// stored = kSubtractedZero - kSubtractedPerOpacity * opacity, so that dark is contrast. Opacity
// from -4 to +4 in steps of 1.2e-4, a fiftieth of the noise of a good pixel.
inline constexpr double kSubtractedZero = 32768.0;
inline constexpr double kSubtractedPerOpacity = 8192.0;

// Collects the subtracted frames of one run, in order.
class SubtractedRun {
 public:
    // Errors: invalid_input where the run is larger than a DICOM element can be (4 GiB).
    [[nodiscard]] static Result<SubtractedRun> begin(const RunInfo& run);
    // Values that are no number are written as zero opacity. Errors: as begin(), of a run that
    // grew.
    [[nodiscard]] Result<void> append(ImageView<const float> opacity);

    [[nodiscard]] std::span<const std::uint16_t> words() const { return words_; }
    // A frame that was appended, as it will be read from the object.
    [[nodiscard]] Image<float> opacity_of(FrameIndex frame, Extent extent) const;
    [[nodiscard]] int frames() const { return frames_; }
    // Pixels beyond +-4: written as the nearest that can be.
    [[nodiscard]] std::size_t clipped() const { return clipped_; }

 private:
    SubtractedRun() = default;
    std::string name_;
    std::vector<std::uint16_t> words_;
    int frames_{0};
    std::size_t clipped_{0};
};

struct Derivation {
    std::string description;  // in words, what was done
    // Shown from this opacity (light) to that one (dark).
    double shown_from{-0.05};
    double shown_to{0.25};
};

// Errors: invalid_input where frames are missing, io.
[[nodiscard]] Result<ObjectReference> write_subtracted_run(const std::filesystem::path& file,
                                                           ObjectSource& source,
                                                           const SubtractedRun& run,
                                                           const Derivation& derivation);

}  // namespace dsm
