#include "dsp/dicom/date_time.h"

#include <charconv>
#include <chrono>
#include <string>
#include <system_error>

namespace dsm::dicom {

namespace {

std::optional<int> digits(std::string_view value, std::size_t at, std::size_t count) {
    if (at + count > value.size()) {
        return std::nullopt;
    }
    int number = 0;
    const char* end = value.data() + at + count;
    const auto [stop, error] = std::from_chars(value.data() + at, end, number);
    if (error != std::errc{} || stop != end || number < 0) {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::optional<double> parse_date_time(std::string_view value) {
    using namespace std::chrono;
    const auto year_of = digits(value, 0, 4);
    const auto month_of = digits(value, 4, 2);
    const auto day_of = digits(value, 6, 2);
    const auto hour_of = digits(value, 8, 2);
    const auto minute_of = digits(value, 10, 2);
    const auto second_of = digits(value, 12, 2);
    if (!year_of || !month_of || !day_of || !hour_of || !minute_of || !second_of) {
        return std::nullopt;
    }
    const year_month_day date{year{*year_of}, month{static_cast<unsigned>(*month_of)},
                              day{static_cast<unsigned>(*day_of)}};
    if (!date.ok() || *hour_of > 23 || *minute_of > 59 || *second_of > 60) {
        return std::nullopt;
    }
    const duration<double> since_1970 = sys_days{date}.time_since_epoch();
    double seconds = since_1970.count() + 3600.0 * *hour_of + 60.0 * *minute_of + *second_of;
    std::string_view rest = value.substr(14);
    if (rest.starts_with('.')) {
        const auto length = std::min(rest.find_first_not_of("0123456789", 1), rest.size());
        double fraction = 0.0;
        const std::string text = "0" + std::string(rest.substr(0, length));
        std::from_chars(text.data(), text.data() + text.size(), fraction);
        seconds += fraction;
        rest = rest.substr(length);
    }
    if (rest.starts_with('+') || rest.starts_with('-')) {
        const auto hours_off = digits(rest, 1, 2);
        const auto minutes_off = digits(rest, 3, 2);
        if (!hours_off || !minutes_off) {
            return std::nullopt;
        }
        const double offset_s = 3600.0 * *hours_off + 60.0 * *minutes_off;
        seconds += rest.front() == '+' ? -offset_s : offset_s;
    } else if (!rest.empty()) {
        return std::nullopt;
    }
    return seconds;
}

}  // namespace dsm::dicom
