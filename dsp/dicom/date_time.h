// DICOM date-times. Private to dsp/dicom.
#pragma once

#include <optional>
#include <string_view>

namespace dsm::dicom {

// Seconds since 1970 of a DT value, PS3.5 6.2: YYYYMMDDHHMMSS.FFFFFF&ZZXX, of which seconds at
// least must be there. Nothing when it is not one.
[[nodiscard]] std::optional<double> parse_date_time(std::string_view value);

}  // namespace dsm::dicom
