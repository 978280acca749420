#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <cmath>

#include "dsp/dicom/objects/object_header.h"
#include "dsp/dicom/objects/presentation_state.h"
#include "dsp/dicom/objects/state_attributes.h"

namespace dsm {
namespace {

using dicom::AttributeWriter;

const char* type_of(StateGraphic::Kind kind) {
    switch (kind) {
        case StateGraphic::Kind::point:
            return "POINT";
        case StateGraphic::Kind::ellipse:
            return "ELLIPSE";
        case StateGraphic::Kind::polyline:
            break;
    }
    return "POLYLINE";
}

std::vector<float> graphic_data(std::span<const Point> points_px) {
    std::vector<float> data;
    for (const Point p : points_px) {
        data.push_back(static_cast<float>(p.x + dicom::kCornerOffset));
        data.push_back(static_cast<float>(p.y + dicom::kCornerOffset));
    }
    return data;
}

std::vector<FrameIndex> all_of(const std::pair<FrameIndex, FrameIndex>& range) {
    std::vector<FrameIndex> frames;
    for (FrameIndex frame = range.first; frame <= range.second; ++frame) {
        frames.push_back(frame);
    }
    return frames;
}

// Graphic Object and Text Object Sequences (PS3.3 C.10.5).
void put_annotation(AttributeWriter& to, const RunInfo& run, const StateAnnotation& annotation) {
    AttributeWriter item = to.item({0x0070, 0x0001});
    if (annotation.frames) {
        put_references(item, {0x0008, 0x1140}, run, all_of(*annotation.frames));
    }
    item.text({0x0070, 0x0002}, annotation.layer);
    if (!annotation.text.empty()) {
        AttributeWriter text = item.item({0x0070, 0x0008});
        text.text({0x0070, 0x0004}, "PIXEL");
        text.free_text({0x0070, 0x0006}, annotation.text);
        const Point anchor = annotation.text_at_px.value_or(Point{});
        text.floats({0x0070, 0x0014}, graphic_data({&anchor, 1}));
        text.text({0x0070, 0x0015}, "N");
    }
    for (const StateGraphic& graphic : annotation.graphics) {
        AttributeWriter object = item.item({0x0070, 0x0009});
        object.text({0x0070, 0x0005}, "PIXEL");
        object.word({0x0070, 0x0020}, 2);
        object.word({0x0070, 0x0021}, static_cast<int>(graphic.points_px.size()));
        object.floats({0x0070, 0x0022}, graphic_data(graphic.points_px));
        object.text({0x0070, 0x0023}, type_of(graphic.kind));
        const bool closed =
            graphic.kind == StateGraphic::Kind::ellipse ||
            (graphic.points_px.size() > 2 && graphic.points_px.front() == graphic.points_px.back());
        if (closed) {
            object.text({0x0070, 0x0024}, "N");
        }
    }
}

void put_layers(AttributeWriter& to, const PresentationState& state) {
    int order = 0;
    for (const StateLayer& layer : state.layers) {
        AttributeWriter item = to.item({0x0070, 0x0060});
        item.text({0x0070, 0x0002}, layer.name);
        item.integer({0x0070, 0x0062}, ++order);
        item.free_text({0x0070, 0x0068}, layer.description);
    }
}

// Referenced Series Sequence (PS3.3 C.11.11), all frames.
void put_relationship(AttributeWriter& to, const RunInfo& run) {
    AttributeWriter series = to.item({0x0008, 0x1115});
    put_references(series, {0x0008, 0x1140}, run);
    series.text({0x0020, 0x000E}, run.series_instance_uid);
}

// Displayed Area (PS3.3 C.10.4): the whole picture, counted from 1\1.
void put_displayed_area(AttributeWriter& to, const RunInfo& run) {
    AttributeWriter area = to.item({0x0070, 0x005A});
    area.signed_longs({0x0070, 0x0052}, {1, 1});
    area.signed_longs({0x0070, 0x0053}, {run.extent.width, run.extent.height});
    area.text({0x0070, 0x0100}, "SCALE TO FIT");
    const bool known = run.spacing && run.spacing->row_mm > 0.0 && run.spacing->column_mm > 0.0;
    if (known) {
        area.decimals({0x0070, 0x0101},
                      std::vector<double>{run.spacing->row_mm, run.spacing->column_mm});
    } else {
        area.integers({0x0070, 0x0102}, std::vector<int>{1, 1});
    }
}

// One AVG_SUB item without range (PS3.3 C.11.13); a shift only where all frames share it.
void put_grayscale_mask(AttributeWriter& to, const PresentationState& state) {
    AttributeWriter item = to.item(dicom::kMaskSequence);
    const StateShift& first = state.shifts.front();
    const bool shared =
        std::all_of(state.shifts.begin(), state.shifts.end(),
                    [&](const StateShift& s) { return s.shift_px == first.shift_px; });
    dicom::put_average_mask(item, first.masks);
    dicom::put_mask_shift(item, shared ? first.shift_px : Point{});
    item.free_text({0x0028, 0x6190}, state.mask_explanation);
    to.text({0x0028, 0x1090}, "SUB");
}

bool same_masks(const StateShift& a, const StateShift& b) {
    return a.masks == b.masks;
}

// One item for each set of masks, with the ranges of its frames and a shift for each (C.11.19).
void put_xa_masks(AttributeWriter& to, const PresentationState& state) {
    std::vector<const StateShift*> leaders;
    for (const StateShift& shift : state.shifts) {
        const bool known = std::any_of(leaders.begin(), leaders.end(),
                                       [&](const StateShift* s) { return same_masks(*s, shift); });
        if (!known) {
            leaders.push_back(&shift);
        }
    }
    for (const StateShift* leader : leaders) {
        AttributeWriter item = to.item(dicom::kMaskSequence);
        dicom::put_average_mask(item, leader->masks);
        item.free_text({0x0028, 0x6190}, state.mask_explanation);
        std::vector<int> ranges;
        for (const StateShift& shift : state.shifts) {
            if (!same_masks(shift, *leader)) {
                continue;
            }
            ranges.insert(ranges.end(), {shift.first + 1, shift.last + 1});
            AttributeWriter per_range = item.item({0x0028, 0x9501});
            per_range.words({0x0028, 0x9506}, {shift.first + 1, shift.last + 1});
            AttributeWriter region = per_range.item({0x0028, 0x9502});
            dicom::put_mask_shift(region, shift.shift_px);
        }
        item.words({0x0028, 0x6102}, ranges);
    }
    to.text({0x0028, 0x1090}, "SUB");
}

// Stored values to k ln v, for all the words the bits stored can make.
std::vector<std::uint16_t> logarithm_table(const RunInfo& run) {
    const int entries = 1 << run.bits_stored;
    std::vector<std::uint16_t> table;
    table.reserve(static_cast<std::size_t>(entries));
    for (int i = 0; i < entries; ++i) {
        const double up = run.intensity.sign < 0 ? entries - 1 - i : i;
        table.push_back(static_cast<std::uint16_t>(
            std::lround(dicom::logarithm_scale(run.bits_stored) * std::log(std::max(up, 1.0)))));
    }
    return table;
}

void put_lut(AttributeWriter& lut, const RunInfo& run) {
    const int entries = 1 << run.bits_stored;
    // 65536 entries are written as 0 (PS3.3 C.11.1.1).
    const std::vector<int> descriptor{entries & 0xFFFF, run.stored_offset, 16};
    if (run.is_signed) {
        lut.signed_words({0x0028, 0x3002}, descriptor);
    } else {
        lut.words({0x0028, 0x3002}, descriptor);
    }
    lut.other_words({0x0028, 0x3006}, logarithm_table(run));
}

// Subtraction is "in a space logarithmic to the X-ray intensity" (PS3.4 N.2.5.1). Stored values
// that are so already, or follow no known law, are subtracted as they are.
void put_to_logarithm(AttributeWriter& to, const RunInfo& run, StateClass state_class) {
    if (run.intensity.relationship != PixelIntensityRelationship::linear) {
        return;
    }
    if (state_class == StateClass::grayscale) {
        AttributeWriter lut = to.item({0x0028, 0x3000});
        put_lut(lut, run);
        lut.free_text({0x0028, 0x3003}, "to the logarithm of intensity");
        lut.text({0x0028, 0x3004}, "US");
        return;
    }
    AttributeWriter lut = to.item({0x0028, 0x9422});
    put_lut(lut, run);
    lut.words({0x0028, 0x9507}, {1, run.frames});
    lut.text({0x0028, 0x9474}, "TO_LOG");
}

// live - mask = -opacity, in units of the table; dark is contrast.
void put_window(AttributeWriter& to, const RunInfo& run, const PresentationState& state) {
    std::optional<std::pair<double, double>> window;  // centre, width
    const double unit = dicom::units_per_opacity(run);
    if (!state.shifts.empty() && state.opacity_window && unit > 0.0) {
        const auto [from, to_opacity] = *state.opacity_window;
        window = {-0.5 * (from + to_opacity) * unit, std::abs(to_opacity - from) * unit};
    } else if (state.shifts.empty() && run.window) {
        window = {run.window->center, run.window->width};
    }
    if (window) {
        AttributeWriter item = to.item({0x0028, 0x3110});
        item.decimal({0x0028, 0x1050}, window->first);
        item.decimal({0x0028, 0x1051}, std::max(window->second, 1.0));
    }
}

void put_identification(AttributeWriter& to, const ObjectSource& source,
                        const PresentationState& state) {
    to.text({0x0070, 0x0080}, state.label);
    to.free_text({0x0070, 0x0081}, state.description);
    to.text({0x0070, 0x0082}, source.made_date());
    to.text({0x0070, 0x0083}, source.made_time());
    to.free_text({0x0070, 0x0084}, source.author());
}

Result<void> check(const std::filesystem::path& file, const RunInfo& run,
                   const PresentationState& state) {
    const auto refuse = [&](const std::string& what) {
        return fail(ErrorKind::invalid_input, file.string(), what, "correct the marks");
    };
    const auto outside = [&](FrameIndex first, FrameIndex last) {
        return first < 0 || last < first || last >= run.frames;
    };
    FrameIndex before = -1;
    for (const StateShift& shift : state.shifts) {
        const bool wrong_mask = std::any_of(shift.masks.begin(), shift.masks.end(),
                                            [&](FrameIndex mask) { return outside(mask, mask); });
        if (outside(shift.first, shift.last) || shift.first <= before || shift.masks.empty() ||
            wrong_mask) {
            return refuse("a mask or its frames lie outside the run");
        }
        before = shift.last;
    }
    for (const StateAnnotation& annotation : state.annotations) {
        if (annotation.frames && outside(annotation.frames->first, annotation.frames->second)) {
            return refuse("a mark is on frames the run does not have");
        }
    }
    return {};
}

}  // namespace

Result<ObjectReference> write_presentation_state(const std::filesystem::path& file,
                                                 ObjectSource& source, StateClass state_class,
                                                 const PresentationState& state) {
    const RunInfo& run = source.info();
    if (auto fine = check(file, run, state); !fine) {
        return tl::unexpected(fine.error());
    }
    const bool grayscale = state_class == StateClass::grayscale;
    DcmFileFormat format;
    AttributeWriter to(*format.getDataset());
    const ObjectReference made =
        put_common_modules(to, source,
                           {grayscale ? UID_GrayscaleSoftcopyPresentationStateStorage
                                      : UID_XAXRFGrayscaleSoftcopyPresentationStateStorage,
                            "PR", "DSM marks and subtraction"});
    put_identification(to, source, state);
    put_relationship(to, run);
    put_displayed_area(to, run);
    for (const StateAnnotation& annotation : state.annotations) {
        put_annotation(to, run, annotation);
    }
    put_layers(to, state);
    if (!state.shifts.empty()) {
        put_to_logarithm(to, run, state_class);
        grayscale ? put_grayscale_mask(to, state) : put_xa_masks(to, state);
    }
    put_window(to, run, state);
    // Our table to the logarithm rises with the X-rays that reached the detector.
    const bool as_stored =
        state.shifts.empty() || run.intensity.relationship != PixelIntensityRelationship::linear;
    to.text({0x2050, 0x0020}, as_stored && run.monochrome1 ? "INVERSE" : "IDENTITY");
    if (!state.exact_record.empty()) {
        to.private_text(dicom::kRecordGroup, dicom::kRecordCreator, state.exact_record);
    }
    return save_object(file, format, to, made);
}

}  // namespace dsm
