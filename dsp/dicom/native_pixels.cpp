#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cstdint>

#include "dsp/dicom/pixel_access.h"

namespace dsm::dicom {

namespace {

class NativePixels final : public PixelAccess {
 public:
    NativePixels(DcmElement& element, const PixelFormat& format) : element_(element) {
        frame_bytes_ = format.frame_bytes();
    }

    // A file cut short still declares its whole length: look for the last frame that can be read.
    void count_frames() {
        std::int64_t low = 0;
        auto high = static_cast<std::int64_t>(element_.getLength() / frame_bytes_);
        if (high > 0 && can_read_end_of(high - 1)) {
            low = high;
        }
        while (low < high) {
            const std::int64_t middle = low + (high - low) / 2;
            if (can_read_end_of(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        frames_ = static_cast<int>(low);
    }

    [[nodiscard]] int frames() const override { return frames_; }

    [[nodiscard]] Result<void> read(FrameIndex frame, std::span<std::uint8_t> bytes) override {
        const auto offset = static_cast<Uint32>(static_cast<std::uint64_t>(frame) * frame_bytes_);
        const OFCondition status = element_.getPartialValue(
            bytes.data(), offset, static_cast<Uint32>(frame_bytes_), &cache_, EBO_LittleEndian);
        if (status.bad()) {
            return fail(
                ErrorKind::unreadable, {},
                "frame " + std::to_string(frame + 1) + " cannot be read (" + status.text() + ")",
                "check that the file is still in place and whole");
        }
        return {};
    }

 private:
    [[nodiscard]] bool can_read_end_of(std::int64_t frame) {
        const auto end = static_cast<std::uint64_t>(frame + 1) * frame_bytes_;
        Uint8 last = 0;
        return element_.getPartialValue(&last, static_cast<Uint32>(end - 1), 1, &cache_).good();
    }

    DcmElement& element_;
    DcmFileCache cache_;
    std::size_t frame_bytes_{1};
    int frames_{0};
};

}  // namespace

Result<std::unique_ptr<PixelAccess>> open_native_pixels(DicomFile& file,
                                                        const PixelFormat& format) {
    DcmElement* element = nullptr;
    if (file.dataset().findAndGetElement(DCM_PixelData, element).bad() || element == nullptr) {
        return fail(ErrorKind::unsupported, {}, "no pixel data at top level (7fe0,0010)",
                    "choose an image");
    }
    auto pixels = std::make_unique<NativePixels>(*element, format);
    pixels->count_frames();
    return pixels;
}

}  // namespace dsm::dicom
