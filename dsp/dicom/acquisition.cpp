#include "dsp/dicom/attributes.h"
#include "dsp/dicom/date_time.h"
#include "dsp/dicom/run_header.h"

namespace dsm::dicom {

namespace {

// Date and time in two attributes; a time alone is one of that day.
std::optional<double> seconds_of(DcmItem& data, Tag date, Tag time) {
    const std::string day = text(data, date);
    const std::string clock = text(data, time);
    return clock.empty() ? std::nullopt
                         : parse_date_time((day.size() == 8 ? day : "19700101") + clock);
}

}  // namespace

void read_acquisition(DcmItem& data, RunInfo& info) {
    info.acquisition_number = integer(data, {0x0020, 0x0012});
    info.images_in_acquisition = integer(data, {0x0020, 0x1002});
    info.acquired_s = parse_date_time(text(data, {0x0008, 0x002A}));
    if (!info.acquired_s) {
        info.acquired_s = seconds_of(data, {0x0008, 0x0022}, {0x0008, 0x0032});
    }
    info.content_s = seconds_of(data, {0x0008, 0x0023}, {0x0008, 0x0033});
}

}  // namespace dsm::dicom
