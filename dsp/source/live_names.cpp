#include "dsp/source/live_names.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <system_error>

namespace dsm {
namespace {

namespace fs = std::filesystem;

// FNV-1a (Fowler, Noll, Vo), 32 bits: tells names apart, keeps no secret.
std::string hash_of(const std::string& text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    char hex[9];
    std::snprintf(hex, sizeof hex, "%08x", hash);
    return hex;
}

bool harmless(const std::string& name) {
    return !name.empty() && name.size() <= 100 && name.front() != '.' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '_' || c == '-' || c == '.';
           });
}

}  // namespace

std::string key_of_run(const RunInfo& info, bool whole) {
    const std::string pixels =
        std::to_string(info.extent.width) + "x" + std::to_string(info.extent.height) + "/" +
        std::to_string(info.bits_stored) + "/" + std::to_string(info.high_bit) + "/" +
        std::to_string(info.stored_offset) + "/" + (info.monochrome1 ? "1" : "2");
    return info.study_instance_uid + "|" + info.series_instance_uid + "|" +
           std::to_string(info.acquisition_number.value_or(-1)) + "|" + pixels +
           (whole ? "|" + info.sop_instance_uid + info.file.string() : "");
}

std::string LiveNames::stem(const RunInfo& info, bool whole) const {
    if (whole && harmless(info.file.stem().string())) {
        return info.file.stem().string();
    }
    return (whole ? "run_" + std::to_string(info.instance_number)
                  : "series_" + std::to_string(info.series_number)) +
           "_" + hash_of(key_of_run(info, whole));
}

std::string LiveNames::numbered(const std::string& stem, int number) {
    return number == 1 ? stem : stem + "-" + std::to_string(number);
}

std::string LiveNames::next(const RunInfo& info, bool whole) {
    const std::string name = stem(info, whole);
    int& number = given_[name];
    std::error_code unknown;
    do {
        ++number;
    } while (!again_ && !results_.empty() &&
             fs::exists(result_of(numbered(name, number)), unknown));
    return numbered(name, number);
}

bool LiveNames::has_newer_result(const RunInfo& info, bool whole,
                                 std::chrono::system_clock::time_point last_byte) const {
    if (again_ || results_.empty()) {
        return false;
    }
    const std::string name = stem(info, whole);
    for (int number = 1;; ++number) {
        struct stat found {};
        if (::stat(result_of(numbered(name, number)).c_str(), &found) != 0) {
            return false;
        }
        const auto written = std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(
                std::chrono::seconds(found.st_mtim.tv_sec) +
                std::chrono::nanoseconds(found.st_mtim.tv_nsec)));
        if (written > last_byte) {
            return true;
        }
    }
}

}  // namespace dsm
