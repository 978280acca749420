// What is known of a run before a pixel is looked at. Filled by dsp/dicom or dsp/phantom.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/units.h"

namespace dsm {

// Pixel Intensity Relationship (0028,1040), PS3.3 C.8.7.1.1.2.
enum class PixelIntensityRelationship { linear, logarithmic, display, unknown };

enum class PatientPosition { left_decubitus, right_decubitus, prone, supine, unknown };

// Which way the patient's left lies in the picture. `undetermined` unless the header says so.
enum class LeftInImage {
    towards_larger_x,
    towards_smaller_x,
    towards_larger_y,
    towards_smaller_y,
    undetermined
};
// Which way the head lies, likewise.
enum class HeadInImage {
    towards_smaller_y,
    towards_larger_y,
    towards_larger_x,
    towards_smaller_x,
    undetermined
};

enum class SpacingBasis { calibrated, at_isocentre, at_detector, unknown };

struct PixelSpacing {
    double row_mm{};     // between rows (vertical)
    double column_mm{};  // between columns (horizontal)
    SpacingBasis basis{SpacingBasis::unknown};
    friend bool operator==(const PixelSpacing&, const PixelSpacing&) = default;
};

// One of the single-frame objects that a run is made of.
struct FrameObject {
    std::filesystem::path file;
    std::string sop_instance_uid;
    friend bool operator==(const FrameObject&, const FrameObject&) = default;
};

// Mask Subtraction Sequence (0028,6100), PS3.3 C.7.6.10. Frame numbers here count from 0.
struct MaskSubtraction {
    enum class Operation { none, average, time_interval, reversed_time_interval } operation{};
    std::vector<FrameIndex> mask_frames;
    struct Range {
        FrameIndex first{};
        FrameIndex last{};
        friend bool operator==(const Range&, const Range&) = default;
    };
    std::vector<Range> applicable;  // empty: all frames
    int contrast_frame_averaging{1};
    int time_offset_frames{1};
    // In the project's convention: mask_registered(x, y) = mask(x + dx, y + dy).
    Point shift_px{};
    // Frames whose masks are shifted otherwise, in order (Frame Pixel Shift, PS3.3 C.7.6.16.2.6.1).
    struct FrameShift {
        FrameIndex frame{};
        Point shift_px{};
        friend bool operator==(const FrameShift&, const FrameShift&) = default;
    };
    std::vector<FrameShift> frame_shifts;
    friend bool operator==(const MaskSubtraction&, const MaskSubtraction&) = default;
};

// Maps stored values to log intensity. See dsp/subtraction/linearise.h for how it is used.
struct IntensityScale {
    PixelIntensityRelationship relationship{PixelIntensityRelationship::unknown};
    // +1: a larger stored value means more X-rays reached the detector; -1: fewer.
    int sign{+1};
    std::string sign_source;
    // Modality LUT that leads from LOG or DISP values back to linear intensity; empty if absent.
    std::vector<float> to_linear;
    int first_mapped_value{0};  // the stored value that to_linear[0] belongs to
    // Rescale (0028,1052/1053), when the file has it and no LUT; rescale type OD etc. in
    // `rescale_type`.
    double rescale_slope{1.0};
    double rescale_intercept{0.0};
    bool has_rescale{false};
    std::string rescale_type;
    friend bool operator==(const IntensityScale&, const IntensityScale&) = default;
};

struct DisplayWindow {
    double center{};
    double width{};
    friend bool operator==(const DisplayWindow&, const DisplayWindow&) = default;
};

struct RunInfo {
    std::filesystem::path file;
    // Identity
    std::string sop_class_uid, sop_class_name, sop_instance_uid, study_instance_uid,
        series_instance_uid;
    std::string patient_name, patient_id, study_date, study_time, study_description,
        series_description, modality, manufacturer;
    // Of a run made of single-frame objects, in order of its frames; sop_instance_uid is that of
    // the first. Empty: all frames are in one object.
    std::vector<FrameObject> frame_objects;
    int series_number{0}, instance_number{0};
    std::optional<int> acquisition_number;
    std::optional<int> images_in_acquisition;  // objects, as the header says
    // When the first frame was acquired, and when its pixels were made, by the clocks of the
    // header: seconds since 1970 of the local time there.
    std::optional<double> acquired_s, content_s;
    // Pixels. Frames are handed out as 16-bit words `w`; the stored value is w + stored_offset.
    Extent extent{};
    int frames{0};
    int bits_allocated{16}, bits_stored{16}, high_bit{15};
    bool is_signed{false};
    int stored_offset{0};
    bool monochrome1{false};
    bool lossy{false};
    bool already_subtracted{false};
    std::string transfer_syntax_uid, codec_name;
    IntensityScale intensity;
    std::optional<DisplayWindow> window;  // of the stored value
    // Time of each frame from the first one; empty when the header does not say.
    std::vector<double> frame_time_s;
    std::string timing_source;
    bool timing_is_acquisition{false};  // false: a display rate, not physics
    // Of a single frame: how far apart its header says frames are, by a frame time or a rate.
    std::optional<double> nominal_step_s;
    std::string nominal_step_source;
    // Geometry
    std::optional<PixelSpacing> spacing;
    std::string spacing_source;
    PatientPosition position{PatientPosition::unknown};
    std::string position_source;
    LeftInImage left_in_image{LeftInImage::undetermined};
    HeadInImage head_in_image{HeadInImage::undetermined};
    std::string orientation_source;
    std::optional<double> primary_angle_deg, secondary_angle_deg;
    // Usable rectangle after collimator and rectangular shutter; nothing: the whole picture.
    std::optional<PixelRect> shutter;
    std::vector<MaskSubtraction> masks;
    bool viewing_mode_subtracted{false};  // Recommended Viewing Mode (0028,1090) is SUB
    std::vector<std::string> warnings;

    [[nodiscard]] bool has_timing() const { return !frame_time_s.empty(); }
};

// "left_decubitus" and so on, as contract.md spells them ("unknown" for none).
[[nodiscard]] const char* to_string(PatientPosition);
[[nodiscard]] const char* to_string(PixelIntensityRelationship);  // "LIN", "LOG", "DISP", "unknown"
[[nodiscard]] const char* to_string(SpacingBasis);

// Mean of row and column spacing; nothing when unknown.
[[nodiscard]] std::optional<double> mean_spacing_mm(const RunInfo&);
// Seconds of `frame`; when timing is unknown, the frame number itself is not a time: returns
// nothing.
[[nodiscard]] std::optional<double> time_of(const RunInfo&, FrameIndex frame);

}  // namespace dsm
