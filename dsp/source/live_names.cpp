#include "dsp/source/live_names.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>

#include "dsp/source/file_time.h"

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

// The object whose result it is; nothing where the file does not say.
std::optional<std::string> object_of_result(const fs::path& result) {
    constexpr std::uintmax_t kMostBytes = std::uintmax_t{256} << 20U;
    std::error_code unknown;
    const auto bytes = fs::file_size(result, unknown);
    if (unknown || bytes > kMostBytes) {
        return std::nullopt;
    }
    std::ifstream stream(result, std::ios::binary);
    const auto json = nlohmann::json::parse(stream, nullptr, false);
    const nlohmann::json::json_pointer place("/run/sop_instance_uid");
    if (!json.is_object() || !json.contains(place)) {
        return std::nullopt;
    }
    const auto& uid = json.at(place);
    return uid.is_string() ? uid.get<std::string>() : std::string();
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

std::string stem_of_run(const RunInfo& info, bool whole) {
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
    const std::string name = stem_of_run(info, whole);
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
    const std::string name = stem_of_run(info, whole);
    for (int number = 1;; ++number) {
        struct stat found {};
        const fs::path result = result_of(numbered(name, number));
        if (::stat(result.c_str(), &found) != 0) {
            return false;
        }
        // A whole object has the name of its file, which another may have as well.
        if (time_point_of(found.st_mtim) > last_byte &&
            (!whole || object_of_result(result) == info.sop_instance_uid)) {
            return true;
        }
    }
}

}  // namespace dsm
