// The parts of a run's header, one function and one file each. Every function fills its fields of
// RunInfo and adds a warning, with the tag, for each value that is missing, absurd or
// contradictory. `info.frames` and `info.extent` are set before. Private to dsp/dicom.
#pragma once

#include "dsp/core/run_info.h"
#include "dsp/dicom/pixel_format.h"

class DcmItem;

namespace dsm::dicom {

// Patient, study, series, class (PS3.3 C.7.1-C.7.3, C.12.1), and what kind of picture it is.
void read_identity(DcmItem& data, RunInfo& info);

// Which acquisition the object is of, and when (PS3.3 C.7.6.1, C.7.6.5). Never a warning: runs in
// one object do not need it.
void read_acquisition(DcmItem& data, RunInfo& info);

// Frame times, in the order of precedence of PS3.3 C.7.6.5 and C.7.6.6: Frame Increment Pointer,
// then Frame Acquisition DateTime of Enhanced objects, then what is there without a pointer, then
// display rates.
void read_timing(DcmItem& data, RunInfo& info);

// Millimetres per pixel in the order of trust of PS3.3 10.7: calibrated, at isocentre by the
// magnification, at the detector.
void read_spacing(DcmItem& data, RunInfo& info);

// Pixel Intensity Relationship, its sign and the LUT back to linear intensity (PS3.3 C.8.7.1.1.2,
// C.11.1; Enhanced: C.8.19.6.4), and the display window (C.11.2).
void read_intensity(DcmItem& data, const PixelFormat& format, RunInfo& info);

// Patient position, which way left and head lie in the picture, C-arm angles (PS3.3 C.7.3.1.1.2,
// C.7.6.1.1.1, C.8.7.5).
void read_orientation(DcmItem& data, RunInfo& info);

// Display Shutter and Collimator (PS3.3 C.7.6.11, C.8.7.3) as one usable rectangle.
void read_shutter(DcmItem& data, RunInfo& info);

// Mask Subtraction Sequence and Recommended Viewing Mode (PS3.3 C.7.6.10), and whether the pixels
// are subtracted already.
void read_masks(DcmItem& data, RunInfo& info);

}  // namespace dsm::dicom
