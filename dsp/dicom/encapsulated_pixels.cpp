#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <array>

#include "dsp/dicom/fragment_index.h"
#include "dsp/dicom/jpeg2000.h"
#include "dsp/dicom/jpeg_header.h"
#include "dsp/dicom/pixel_access.h"
#include "dsp/dicom/rle_header.h"

namespace dsm::dicom {

namespace {

// Two bytes of RLE make 128 of the picture at best, PS3.5 G.3.
constexpr std::size_t kBestRleRatio = 64;
constexpr const char* kExportAgain = "export the run again from its source";

tl::unexpected<Error> cannot_decode(FrameIndex frame, const std::string& why) {
    return fail(ErrorKind::unreadable, {},
                "frame " + std::to_string(frame + 1) + " cannot be decoded (" + why + ")",
                kExportAgain);
}

// One frame as an image of its own, so that every codec finds what it needs whatever the offset
// table of the file says, in any order, and nothing stays in memory.
OFCondition decode(std::vector<std::uint8_t>& stream, E_TransferSyntax syntax,
                   const PixelFormat& format, std::vector<std::uint8_t>& decoded) {
    DcmDataset image;
    image.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    image.putAndInsertString(DCM_PhotometricInterpretation, "MONOCHROME2");
    image.putAndInsertString(DCM_NumberOfFrames, "1");
    image.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(format.extent.height));
    image.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(format.extent.width));
    image.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(format.bits_allocated));
    image.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(format.bits_stored));
    image.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(format.high_bit));
    image.putAndInsertUint16(DCM_PixelRepresentation, format.is_signed ? 1 : 0);

    auto fragments = std::make_unique<DcmPixelSequence>(DCM_PixelSequenceTag);
    fragments->insert(new DcmPixelItem(DCM_PixelItemTag));
    auto* fragment = new DcmPixelItem(DCM_PixelItemTag);
    fragments->insert(fragment);
    OFCondition status = fragment->putUint8Array(stream.data(), stream.size());
    if (status.bad()) {
        return status;
    }
    DcmPixelData pixels(DCM_PixelData);
    pixels.putOriginalRepresentation(syntax, nullptr, fragments.release());
    Uint32 first = 0;
    OFString colour_model;
    decoded.assign(format.frame_bytes() + format.frame_bytes() % 2, 0);
    return pixels.getUncompressedFrame(&image, 0, first, decoded.data(),
                                       static_cast<Uint32>(decoded.size()), colour_model);
}

class EncapsulatedPixels final : public PixelAccess {
 public:
    EncapsulatedPixels(DcmPixelSequence& sequence, E_TransferSyntax syntax, Codec codec,
                       const PixelFormat& format, std::uint64_t file_bytes)
        : syntax_(syntax), codec_(codec), format_(format), file_bytes_(file_bytes) {
        DcmObject* table = sequence.nextInContainer(nullptr);
        for (DcmObject* next = sequence.nextInContainer(table); next != nullptr;
             next = sequence.nextInContainer(next)) {
            fragments_.push_back(dynamic_cast<DcmPixelItem*>(next));
        }
    }

    void find_frames(std::vector<std::string>& warnings, std::vector<std::uint64_t> offsets) {
        std::vector<std::uint32_t> lengths;
        for (DcmPixelItem* fragment : fragments_) {
            lengths.push_back(fragment == nullptr ? 0 : fragment->getLength());
        }
        FragmentIndex index = index_fragments(lengths, offsets, format_.declared_frames,
                                              [this](std::size_t i) { return starts_image(i); });
        frames_ = std::move(index.frames);
        if (!index.warning.empty()) {
            warnings.push_back(std::move(index.warning));
        }
    }

    [[nodiscard]] int frames() const override { return static_cast<int>(frames_.size()); }

    [[nodiscard]] Result<void> read(FrameIndex frame, std::span<std::uint8_t> bytes) override {
        if (auto joined = join(frame); !joined) {
            return joined;
        }
        if (codec_ == Codec::jpeg_2000) {
            auto decoded = decode_jpeg2000(joined_, format_, bytes);
            return decoded ? decoded : cannot_decode(frame, decoded.error().what);
        }
        PixelFormat stored = format_;
        if (codec_ != Codec::rle) {
            if (auto checked = check_header(frame, stored); !checked) {
                return checked;
            }
        }
        const OFCondition status = decode(joined_, syntax_, stored, decoded_);
        if (status.bad()) {
            return cannot_decode(frame, status.text());
        }
        if (stored.bits_allocated == format_.bits_allocated) {
            std::copy_n(decoded_.begin(), format_.frame_bytes(), bytes.begin());
            return {};
        }
        for (std::size_t i = 0; i < stored.frame_bytes(); ++i) {
            bytes[2 * i] = decoded_[i];
            bytes[2 * i + 1] = 0;
        }
        return {};
    }

 private:
    // JPEG and JPEG-LS begin with FF D8; JPEG 2000 as jpeg2000.h says; RLE with its count of
    // segments and the first one's offset, which is the length of the header itself (PS3.5 G.5).
    [[nodiscard]] bool starts_image(std::size_t i) {
        DcmPixelItem* fragment = fragments_[i];
        std::array<Uint8, 8> head{};
        if (fragment == nullptr || fragment->getLength() < head.size() ||
            fragment->getPartialValue(head.data(), 0, static_cast<Uint32>(head.size()), &cache_)
                .bad()) {
            return false;
        }
        if (codec_ == Codec::rle) {
            return head[0] >= 1 && head[0] <= 15 && head[1] == 0 && head[2] == 0 && head[3] == 0 &&
                   head[4] == 64 && head[5] == 0 && head[6] == 0 && head[7] == 0;
        }
        if (codec_ == Codec::jpeg_2000) {
            return starts_jpeg2000(head);
        }
        return head[0] == 0xFF && head[1] == 0xD8;
    }

    [[nodiscard]] Result<void> join(FrameIndex frame) {
        const FragmentRange range = frames_[static_cast<std::size_t>(frame)];
        joined_.clear();
        for (std::size_t i = range.first; i < range.first + range.count; ++i) {
            DcmPixelItem* fragment = fragments_[i];
            const Uint32 length = fragment == nullptr ? 0 : fragment->getLength();
            if (length == 0) {
                continue;
            }
            const std::size_t begin = joined_.size();
            if (begin + length > file_bytes_) {
                return cannot_decode(frame, "longer than the file");
            }
            joined_.resize(begin + length);
            const OFCondition status =
                fragment->getPartialValue(joined_.data() + begin, 0, length, &cache_);
            if (status.bad()) {
                return cannot_decode(frame, status.text());
            }
        }
        if (joined_.empty()) {
            return cannot_decode(frame, "no data");
        }
        if (codec_ == Codec::rle && format_.frame_bytes() > kBestRleRatio * joined_.size()) {
            return cannot_decode(frame, "too short for its size");
        }
        if (codec_ == Codec::rle && !rle_header_is_sound(joined_, format_.bytes_per_word())) {
            return cannot_decode(frame, "its RLE segments do not lie inside it");
        }
        if (joined_.size() % 2 != 0) {
            joined_.push_back(0);
        }
        return {};
    }

    // The codestream must be the picture the header tells of: decoders write what they find. With
    // 8 bits or fewer they write bytes, even where the header allocates words.
    [[nodiscard]] Result<void> check_header(FrameIndex frame, PixelFormat& stored) const {
        const auto header = read_jpeg_header(joined_);
        if (!header) {
            return cannot_decode(frame, "no JPEG header in it");
        }
        if (header->columns != format_.extent.width || header->rows != format_.extent.height ||
            header->components != 1) {
            return cannot_decode(frame, "its codestream has " + std::to_string(header->columns) +
                                            " columns, " + std::to_string(header->rows) +
                                            " rows, " + std::to_string(header->components) +
                                            " components; the header says " +
                                            std::to_string(format_.extent.width) + ", " +
                                            std::to_string(format_.extent.height) + ", 1");
        }
        if (header->precision < 2 || header->precision > format_.bits_allocated) {
            return cannot_decode(frame, "its codestream has " + std::to_string(header->precision) +
                                            " bits of " + std::to_string(format_.bits_allocated) +
                                            " allocated");
        }
        if (header->precision <= 8 && format_.bits_allocated == 16) {
            stored.bits_allocated = 8;
            stored.bits_stored = header->precision;
            stored.high_bit = header->precision - 1;
            stored.is_signed = false;
        }
        return {};
    }

    E_TransferSyntax syntax_;
    Codec codec_;
    PixelFormat format_;
    std::uint64_t file_bytes_;
    std::vector<DcmPixelItem*> fragments_;
    std::vector<FragmentRange> frames_;
    DcmFileCache cache_;
    std::vector<std::uint8_t> joined_;
    std::vector<std::uint8_t> decoded_;
};

// The Basic Offset Table is the item before the fragments: 32-bit little-endian offsets.
std::vector<std::uint64_t> basic_offsets(DcmPixelSequence& sequence) {
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

// Extended Offset Table (7fe0,0001), PS3.3 C.7.6.3.1.8.
std::vector<std::uint64_t> extended_offsets(DcmDataset& data) {
    DcmElement* table = nullptr;
    Uint64* values = nullptr;
    if (data.findAndGetElement(DCM_ExtendedOffsetTable, table).bad() || table == nullptr ||
        table->getUint64Array(values).bad() || values == nullptr) {
        return {};
    }
    return {values, values + table->getLength() / sizeof(Uint64)};
}

}  // namespace

Result<std::unique_ptr<PixelAccess>> open_encapsulated_pixels(DicomFile& file, Codec codec,
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
                    "Pixel Data (7fe0,0010) is not compressed as the header says (" +
                        file.transfer_syntax_name() + ")",
                    kExportAgain);
    }
    auto offsets = basic_offsets(*sequence);
    if (offsets.empty()) {
        offsets = extended_offsets(file.dataset());
    }
    auto access =
        std::make_unique<EncapsulatedPixels>(*sequence, syntax, codec, format, file.size_bytes());
    access->find_frames(warnings, std::move(offsets));
    return access;
}

}  // namespace dsm::dicom
