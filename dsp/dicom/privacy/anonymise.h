// Copies DICOM files without what identifies the patient, by the Basic Application Level
// Confidentiality Profile (PS3.15 E.2) and some of its options.
//
// The profile lists what has to go. This goes the other way and keeps what is named here alone
// (kept_attributes.h: pixels, geometry, acquisition), so that an attribute nobody thought of, and
// every private one, goes too. UIDs are replaced alike in all files of one Anonymiser, so that
// references still hold; texts typed by people do not stay.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

struct AnonymiseOptions {
    bool shift_dates{false};  // all of a patient's by the same days; else they are removed
    bool keep_device{false};  // manufacturer, model, software, serial number
    std::vector<PixelRect>
        blank_px;  // written over in every frame; the pixels are then uncompressed
};

struct AnonymiseReport {
    std::string subject;  // the new patient ID: a hash, the same for one patient
    // What was done how often: "removed (0010,0030) Patient's Birth Date" and so on.
    std::map<std::string, int> changes;
    std::vector<std::string> warnings;  // burnt-in text may be left, pixels were lossy, ...
};

// Not thread-safe.
class Anonymiser {
 public:
    // `secret` makes the replacements: the same secret gives the same ones, and without it they
    // cannot be traced. Empty: a new random one.
    explicit Anonymiser(AnonymiseOptions options, std::string secret = {});

    // Writes the copy whole or not at all. Errors: unreadable, not a composite object, a blanked
    // region outside the picture, pixels that cannot be decoded where some are to be blanked, io.
    [[nodiscard]] Result<AnonymiseReport> copy(const std::filesystem::path& from,
                                               const std::filesystem::path& to) const;

    // The replacement of a UID; those of the standard itself stay.
    [[nodiscard]] std::string new_uid_for(const std::string& uid) const;

 private:
    AnonymiseOptions options_;
    std::string secret_;
};

}  // namespace dsm
