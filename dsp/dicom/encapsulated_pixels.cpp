#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include "dsp/dicom/fragment_index.h"
#include "dsp/dicom/pixel_access.h"

namespace dsm::dicom {

namespace {

Result<void> cannot_decode(FrameIndex frame, const std::string& why) {
    return fail(ErrorKind::unreadable, {},
                "frame " + std::to_string(frame + 1) + " cannot be decoded (" + why + ")",
                "export the run again from its source");
}

class EncapsulatedPixels final : public PixelAccess {
 public:
    EncapsulatedPixels(DcmPixelSequence& sequence, E_TransferSyntax syntax,
                       const PixelFormat& format, std::vector<FragmentRange> frames)
        : sequence_(sequence), syntax_(syntax), format_(format), frames_(std::move(frames)) {}

    [[nodiscard]] int frames() const override { return static_cast<int>(frames_.size()); }

    // The frame's fragments are joined into an image of its own, so that every codec finds what it
    // needs whatever the offset table says, in any order, and nothing stays in memory.
    [[nodiscard]] Result<void> read(FrameIndex frame, std::span<std::uint8_t> bytes) override {
        if (auto joined = join(frame); !joined) {
            return joined;
        }
        DcmDataset image;
        image.putAndInsertUint16(DCM_SamplesPerPixel, 1);
        image.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
        image.putAndInsertString(DCM_NumberOfFrames, "1");
        image.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(format_.extent.height));
        image.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(format_.extent.width));
        image.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(format_.bits_allocated));
        image.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(format_.bits_stored));
        image.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(format_.high_bit));
        image.putAndInsertUint16(DCM_PixelRepresentation, format_.is_signed ? 1 : 0);

        auto fragments = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
        fragments->insert(new DcmPixelItem(DCM_PixelItemTag));
        auto* fragment = new DcmPixelItem(DCM_PixelItemTag);
        fragments->insert(fragment);
        fragment->putUint8Array(joined_.data(), joined_.size());

        DcmPixelData pixels(DCM_PixelData);
        pixels.putOriginalRepresentation(syntax_, nullptr, fragments.release());
        Uint32 first = 0;
        OFString colour_model;
        decoded_.resize(format_.frame_bytes() + format_.frame_bytes() % 2);
        const OFCondition status = pixels.getUncompressedFrame(
            &image, 0, first, decoded_.data(), static_cast<Uint32>(decoded_.size()), colour_model);
        if (status.bad()) {
            return cannot_decode(frame, status.text());
        }
        std::copy_n(decoded_.begin(), format_.frame_bytes(), bytes.begin());
        return {};
    }

 private:
    [[nodiscard]] Result<void> join(FrameIndex frame) {
        const FragmentRange range = frames_[static_cast<std::size_t>(frame)];
        joined_.clear();
        for (std::size_t i = range.first; i < range.first + range.count; ++i) {
            DcmPixelItem* fragment = nullptr;
            if (sequence_.getItem(fragment, i + 1).bad() || fragment == nullptr) {
                return cannot_decode(frame, "fragment missing");
            }
            const std::size_t begin = joined_.size();
            const Uint32 length = fragment->getLength();
            joined_.resize(begin + length);
            if (length == 0) {
                continue;
            }
            const OFCondition status =
                fragment->getPartialValue(joined_.data() + begin, 0, length, &cache_);
            if (status.bad()) {
                return cannot_decode(frame, status.text());
            }
        }
        if (joined_.size() % 2 != 0) {
            joined_.push_back(0);
        }
        return {};
    }

    DcmPixelSequence& sequence_;
    E_TransferSyntax syntax_;
    PixelFormat format_;
    std::vector<FragmentRange> frames_;
    DcmFileCache cache_;
    std::vector<std::uint8_t> joined_;
    std::vector<std::uint8_t> decoded_;
};

std::vector<std::uint64_t> basic_offset_table(DcmPixelSequence& sequence) {
    DcmPixelItem* table = nullptr;
    Uint8* bytes = nullptr;
    if (sequence.getItem(table, 0).bad() || table == nullptr || table->getLength() < 4 ||
        table->getUint8Array(bytes).bad() || bytes == nullptr) {
        return {};
    }
    std::vector<std::uint64_t> offsets;
    for (std::size_t i = 0; i + 4 <= table->getLength(); i += 4) {
        offsets.push_back(std::uint64_t{bytes[i]} | std::uint64_t{bytes[i + 1]} << 8 |
                          std::uint64_t{bytes[i + 2]} << 16 | std::uint64_t{bytes[i + 3]} << 24);
    }
    return offsets;
}

}  // namespace

Result<std::unique_ptr<PixelAccess>> open_encapsulated_pixels(DicomFile& file,
                                                              const PixelFormat& format,
                                                              std::vector<std::string>& warnings) {
    DcmElement* element = nullptr;
    file.dataset().findAndGetElement(DCM_PixelData, element);
    auto* pixels = dynamic_cast<DcmPixelData*>(element);
    DcmPixelSequence* sequence = nullptr;
    const E_TransferSyntax syntax = file.dataset().getOriginalXfer();
    if (pixels == nullptr ||
        pixels->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() ||
        sequence == nullptr || sequence->card() < 2) {
        return fail(ErrorKind::unreadable, {},
                    "compressed pixel data without fragments (7fe0,0010)",
                    "export the run again from its source");
    }
    std::vector<std::uint32_t> lengths;
    for (unsigned long i = 1; i < sequence->card(); ++i) {
        DcmPixelItem* fragment = nullptr;
        sequence->getItem(fragment, i);
        lengths.push_back(fragment == nullptr ? 0 : fragment->getLength());
    }
    const auto starts_image = [&](std::size_t i) {
        DcmPixelItem* fragment = nullptr;
        Uint8 head[2] = {};
        return sequence->getItem(fragment, i + 1).good() && fragment != nullptr &&
               fragment->getLength() >= 2 && fragment->getPartialValue(head, 0, 2).good() &&
               head[0] == 0xFF && head[1] == 0xD8;
    };
    FragmentIndex index = index_fragments(lengths, basic_offset_table(*sequence),
                                          format.declared_frames, starts_image);
    if (!index.warning.empty()) {
        warnings.push_back(index.warning);
    }
    return std::make_unique<EncapsulatedPixels>(*sequence, syntax, format, std::move(index.frames));
}

}  // namespace dsm::dicom
