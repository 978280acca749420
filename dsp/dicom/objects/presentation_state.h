// How a run is to be shown, as DICOM objects: Grayscale Softcopy Presentation State (PS3.3 A.33.1),
// which most workstations read, and XA/XRF Grayscale Softcopy Presentation State (A.33.6), which
// carries a mask and a pixel shift per range of frames. Written and read attribute by attribute:
// DCMTK's own class refuses states with a mask.
// Points here are px as everywhere (pixel centres at integers); the conversion to the standard's
// (0.0 at the outer corner of the first pixel, PS3.3 C.10.5.1.2) is done at the file's border.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/run_info.h"
#include "dsp/core/units.h"
#include "dsp/dicom/objects/object_source.h"

namespace dsm {

// One Graphic Object (PS3.3 C.10.5).
struct StateGraphic {
    enum class Kind { point, polyline, ellipse };
    Kind kind{Kind::polyline};
    // One point; a polyline (closed where the last is the first); the ends of an ellipse's major
    // axis, then of its minor axis.
    std::vector<Point> points_px;
    friend bool operator==(const StateGraphic&, const StateGraphic&) = default;
};

// One item of the Graphic Annotation Sequence: graphics and a text that belong together.
struct StateAnnotation {
    std::string layer;
    std::vector<StateGraphic> graphics;
    std::string text;
    std::optional<Point> text_at_px;  // the anchor; needed for a text
    // First and last frame, from 0; nothing: all.
    std::optional<std::pair<FrameIndex, FrameIndex>> frames;
    friend bool operator==(const StateAnnotation&, const StateAnnotation&) = default;
};

struct StateLayer {
    std::string name;  // at most 16 of A-Z, 0-9, blank, underscore
    std::string description;
    friend bool operator==(const StateLayer&, const StateLayer&) = default;
};

// Frames first..last are subtracted from the mean of `masks`, shifted as a whole:
// mask_registered(x, y) = mask(x + dx, y + dy).
struct StateShift {
    FrameIndex first{0};
    FrameIndex last{0};
    std::vector<FrameIndex> masks;
    Point shift_px{};
    friend bool operator==(const StateShift&, const StateShift&) = default;
};

struct PresentationState {
    std::string sop_instance_uid;             // read alone; a new one is made on writing
    std::string sop_class_uid;                // read alone
    std::string referenced_sop_instance_uid;  // read alone: of the first image it names
    std::string label;                        // Content Label, CS
    std::string description;                  // Content Description, at most 64 characters
    std::string creator;                      // read alone; written from ObjectSource::author()
    std::vector<StateLayer> layers;
    std::vector<StateAnnotation> annotations;
    // Ranges in rising order that do not overlap. The Grayscale state takes the masks of the first
    // and no shift but one that all of them share.
    std::vector<StateShift> shifts;
    std::string mask_explanation;                             // what the masks and shifts leave out
    std::optional<std::pair<double, double>> opacity_window;  // shown from, to; needs shifts
    // An exact record for our own program, in a private attribute; empty: none.
    std::string exact_record;
    std::vector<std::string> warnings;  // read alone: what could not be taken over
};

enum class StateClass { grayscale, xa_xrf };

// Errors: invalid_input for a shift or frame outside the run, io.
[[nodiscard]] Result<ObjectReference> write_presentation_state(const std::filesystem::path& file,
                                                               ObjectSource& source,
                                                               StateClass state_class,
                                                               const PresentationState& state);
// Either class, from any maker. Errors: not_found, unreadable, unsupported (another object).
[[nodiscard]] Result<PresentationState> read_presentation_state(const std::filesystem::path& file);

}  // namespace dsm
