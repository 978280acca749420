// What tells live runs apart, and what their results are called: nothing received becomes a path
// but numbers and hashes.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "dsp/core/run_info.h"

namespace dsm {

// One run for each series, acquisition and kind of picture; for each object where it is `whole`.
[[nodiscard]] std::string key_of_run(const RunInfo& info, bool whole);

// "series_3_5f2a9c01"; of a whole object the name of its file where that is harmless.
[[nodiscard]] std::string stem_of_run(const RunInfo& info, bool whole);

// Not thread-safe.
class LiveNames {
 public:
    // `results`: the folder that holds a folder for each run; empty where there is none. `again`:
    // what lies there does not count.
    LiveNames(std::filesystem::path results, bool again)
        : results_(std::move(results)), again_(again) {}

    // As stem_of_run says, the second run of that series "series_3_5f2a9c01-2". A name that has a
    // result is not given again by a run that began later.
    [[nodiscard]] std::string next(const RunInfo& info, bool whole);
    // Whether a result of this run is there that was written after the object came.
    [[nodiscard]] bool has_newer_result(const RunInfo& info, bool whole,
                                        std::chrono::system_clock::time_point last_byte) const;

 private:
    [[nodiscard]] static std::string numbered(const std::string& stem, int number);
    [[nodiscard]] std::filesystem::path result_of(const std::string& name) const {
        return results_ / name / "result.json";
    }

    std::filesystem::path results_;
    bool again_;
    std::map<std::string, int> given_;  // runs of that name in this process
};

}  // namespace dsm
