#include <algorithm>
#include <cctype>
#include <cmath>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/functional_groups.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

constexpr Tag kMaskSequence{0x0028, 0x6100};
constexpr Tag kViewingMode{0x0028, 0x1090};
constexpr Tag kShift{0x0028, 0x6114};
constexpr Tag kSubtractionItem{0x0028, 0x9416};  // ties a frame's shift to a mask item
constexpr Tag kFramePixelShift{0x0028, 0x9415};

using Operation = MaskSubtraction::Operation;

bool legal_frame(double number, int frames) {
    return number >= 1.0 && number <= frames && std::floor(number) == number;
}

void note(RunInfo& info, std::size_t index, const std::string& what) {
    info.warnings.push_back("mask " + std::to_string(index + 1) + " (0028,6100): " + what);
}

// Mask Frame Numbers (0028,6110) count from 1; illegal ones are left out.
std::vector<FrameIndex> mask_frames(DcmItem& item, std::size_t index, RunInfo& info) {
    std::vector<FrameIndex> frames;
    for (const double number : numbers(item, {0x0028, 0x6110})) {
        if (legal_frame(number, info.frames)) {
            frames.push_back(static_cast<FrameIndex>(number) - 1);
        } else {
            note(info, index,
                 "Mask Frame Numbers (0028,6110) holds a frame that is not in 1.." +
                     std::to_string(info.frames) + ": left out");
        }
    }
    return frames;
}

// Applicable Frame Range (0028,6102): inclusive pairs from 1. Nothing when none of them is legal,
// which must not be mistaken for "all frames".
std::optional<std::vector<MaskSubtraction::Range>> ranges(DcmItem& item, std::size_t index,
                                                          RunInfo& info) {
    const auto ends = numbers(item, {0x0028, 0x6102});
    std::vector<MaskSubtraction::Range> legal;
    for (std::size_t i = 0; i + 1 < ends.size(); i += 2) {
        const double last = std::min(ends[i + 1], static_cast<double>(info.frames));
        if (!legal_frame(ends[i], info.frames) || !legal_frame(last, info.frames) ||
            last < ends[i]) {
            note(info, index, "Applicable Frame Range (0028,6102) holds an illegal pair: left out");
            continue;
        }
        legal.push_back({static_cast<FrameIndex>(ends[i]) - 1, static_cast<FrameIndex>(last) - 1});
    }
    if (ends.size() % 2 != 0) {
        note(info, index, "Applicable Frame Range (0028,6102) has an odd number of values");
    }
    if (!ends.empty() && legal.empty()) {
        return std::nullopt;
    }
    return legal;
}

// Mask Sub-pixel Shift (0028,6114) is row, then column, applied to the mask: positive rows move it
// down, positive columns move it left (PS3.3 C.7.6.10.1.2), so mask'(r, c) = mask(r - row, c + col)
// and in mask_registered(x, y) = mask(x + dx, y + dy): dx = +column, dy = -row. Nothing where it is
// no shift inside the picture.
std::optional<Point> shift_in(DcmItem& item, const RunInfo& info) {
    const auto values = numbers(item, kShift);
    if (values.size() < 2 || !(std::abs(values[0]) < info.extent.height) ||
        !(std::abs(values[1]) < info.extent.width)) {
        return std::nullopt;
    }
    return Point{values[1], -values[0]};
}

Point shift(DcmItem& item, std::size_t index, RunInfo& info) {
    const auto read = shift_in(item, info);
    if (!read && !texts(item, kShift).empty()) {
        note(info, index,
             "Mask Sub-pixel Shift (0028,6114) '" + text(item, kShift) +
                 "' is no shift inside the picture: not used");
    }
    return read.value_or(Point{});
}

Operation operation_of(const std::string& term) {
    if (term == "AVG_SUB") {
        return Operation::average;
    }
    if (term == "TID") {
        return Operation::time_interval;
    }
    return term == "REV_TID" ? Operation::reversed_time_interval : Operation::none;
}

std::optional<MaskSubtraction> read_mask(DcmItem& item, std::size_t index, RunInfo& info) {
    const std::string term = text(item, {0x0028, 0x6101});
    MaskSubtraction mask;
    mask.operation = operation_of(term);
    if (mask.operation == Operation::none) {
        if (term != "NONE") {
            note(info, index, "Mask Operation (0028,6101) '" + term + "' unknown: not used");
        } else if (has(item, {0x0028, 0x6110})) {
            note(info, index,
                 "Mask Operation (0028,6101) NONE with Mask Frame Numbers (0028,6110) '" +
                     text(item, {0x0028, 0x6110}) + "': not used");
        }
        return std::nullopt;
    }
    auto applicable = ranges(item, index, info);
    if (!applicable) {
        note(info, index, "no legal Applicable Frame Range (0028,6102): not used");
        return std::nullopt;
    }
    mask.applicable = std::move(*applicable);
    mask.shift_px = shift(item, index, info);
    mask.contrast_frame_averaging = std::max(integer(item, {0x0028, 0x6112}).value_or(1), 1);
    mask.time_offset_frames = integer(item, {0x0028, 0x6120}).value_or(1);
    if (mask.operation == Operation::average) {
        mask.mask_frames = mask_frames(item, index, info);
        if (mask.mask_frames.empty()) {
            note(info, index, "AVG_SUB without a legal mask frame (0028,6110): not used");
            return std::nullopt;
        }
    } else if (std::abs(mask.time_offset_frames) >= info.frames ||
               (mask.operation == Operation::time_interval && mask.time_offset_frames == 0)) {
        note(info, index, "TID Offset (0028,6120) leaves no frame to subtract: not used");
        return std::nullopt;
    } else if (mask.operation == Operation::reversed_time_interval && mask.applicable.empty()) {
        note(info, index, "REV_TID without Applicable Frame Range (0028,6102): not used");
        return std::nullopt;
    }
    return mask;
}

// The item of one frame's Frame Pixel Shift Sequence that is of this mask; null where there is
// none.
DcmItem* pixel_shift_of(DcmItem& groups, const std::string& mask_id) {
    for (DcmItem* entry : items(groups, kFramePixelShift)) {
        if (text(*entry, kSubtractionItem) == mask_id) {
            return entry;
        }
    }
    return nullptr;
}

// Enhanced objects give a shift for each frame, or one for all, by Subtraction Item ID.
void read_frame_shifts(DcmItem& data, DcmItem& entry, MaskSubtraction& mask, std::size_t index,
                       RunInfo& info) {
    const std::string id = text(entry, kSubtractionItem);
    if (id.empty()) {
        return;
    }
    if (DcmItem* shared = item(data, kSharedGroups)) {
        if (DcmItem* of_all = pixel_shift_of(*shared, id)) {
            mask.shift_px = shift(*of_all, index, info);
        }
    }
    int illegal = 0;
    FrameIndex frame = 0;
    for (DcmItem* groups : items(data, kPerFrameGroups)) {
        if (frame == info.frames) {
            break;
        }
        if (DcmItem* of_frame = pixel_shift_of(*groups, id)) {
            const auto read = shift_in(*of_frame, info);
            illegal += read ? 0 : 1;
            if (read && *read != mask.shift_px) {
                mask.frame_shifts.push_back({frame, *read});
            }
        }
        ++frame;
    }
    if (illegal > 0) {
        note(info, index,
             "Frame Pixel Shift (0028,9415) of " + std::to_string(illegal) +
                 " frames is no shift inside the picture: not used");
    }
}

void read_viewing_mode(DcmItem& data, RunInfo& info) {
    // The presentation module of Enhanced objects wins over their mask module.
    DcmItem* shown = item(data, {0x0008, 0x9458});
    DcmItem& place = shown != nullptr && has(*shown, kViewingMode) ? *shown : data;
    const std::string mode = text(place, kViewingMode);
    info.viewing_mode_subtracted = mode == "SUB";
    if (!mode.empty() && mode != "SUB" && mode != "NAT") {
        info.warnings.push_back("Recommended Viewing Mode (0028,1090) '" + mode +
                                "' unknown: shown native");
    }
    if (info.viewing_mode_subtracted && info.masks.empty()) {
        info.warnings.emplace_back(
            "Recommended Viewing Mode (0028,1090) is SUB but no mask is given: choose one");
    }
}

bool mentions_subtraction(std::string words) {
    std::transform(words.begin(), words.end(), words.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return (words.find("SUBTRACT") != std::string::npos &&
            words.find("UNSUB") == std::string::npos) ||
           words == "SUB" || words == "DSA";
}

// Image Type values (terms of vendors, SUBTRACTION in Enhanced Frame Type), the derivation in words
// or as code DCM 113062 "Pixel by pixel subtraction".
bool is_subtracted(DcmItem& data) {
    DcmItem& frame = holder(data, {0x0028, 0x9443}, {0x0008, 0x9007});
    for (const auto& values : {texts(data, {0x0008, 0x0008}), texts(frame, {0x0008, 0x9007}),
                               texts(data, {0x0008, 0x2111})}) {
        if (std::any_of(values.begin(), values.end(), mentions_subtraction)) {
            return true;
        }
    }
    constexpr Tag kDerivationCode{0x0008, 0x9215};
    const auto codes = items(data, kDerivationCode);
    return std::any_of(codes.begin(), codes.end(), [](DcmItem* code) {
        return text(*code, {0x0008, 0x0100}) == "113062";
    });
}

}  // namespace

void read_masks(DcmItem& data, RunInfo& info) {
    std::size_t index = 0;
    for (DcmItem* entry : items(data, kMaskSequence)) {
        auto mask = read_mask(*entry, index++, info);
        if (mask) {
            read_frame_shifts(data, *entry, *mask, index - 1, info);
            info.masks.push_back(std::move(*mask));
        }
    }
    read_viewing_mode(data, info);
    info.already_subtracted = is_subtracted(data);
    if (info.already_subtracted) {
        info.warnings.emplace_back(
            "the pixels are subtracted already (0008,0008), (0008,2111): not to be subtracted "
            "again");
    }
}

}  // namespace dsm::dicom
