// Where results go: one folder per run, filled whole or not at all.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "dsp/core/result.h"

namespace dsm {

// A folder name for each run, all different: the file's name without .dcm, or the name of the
// folder it lies in where several files share one name, or both, or a number at the end. Made of
// the file system's names alone; what could hide, escape or break a line becomes '_'.
[[nodiscard]] std::vector<std::string> result_names(std::span<const std::filesystem::path> runs);

// The files of one result are written into a hidden folder inside the result's folder and moved to
// their places together, result.json last: while it is there, it belongs to what lies beside it.
// Destroyed before publish(): everything it made is gone, and an earlier result is untouched.
class ResultFolder {
 public:
    // Makes `folder` where it is missing. Errors: it cannot be made, or not be written to.
    [[nodiscard]] static Result<ResultFolder> create(const std::filesystem::path& folder);
    ~ResultFolder();
    ResultFolder(ResultFolder&&) noexcept;
    ResultFolder& operator=(ResultFolder&&) = delete;
    ResultFolder(const ResultFolder&) = delete;
    ResultFolder& operator=(const ResultFolder&) = delete;

    // Where to write `name` for now.
    [[nodiscard]] std::filesystem::path staged(const std::string& name) const;
    // Takes away what was staged under such names.
    [[nodiscard]] Result<void> forget(const std::function<bool(const std::string& name)>& which);
    // Replaces the earlier result, if any, by what was staged; files a result never has are left
    // alone. DICOM files called dsm_*.dcm are part of a result.
    [[nodiscard]] Result<void> publish();

 private:
    ResultFolder() = default;

    std::filesystem::path folder_;
    std::filesystem::path staging_;
    std::vector<std::filesystem::path> made_;  // folders that were not there, outermost first
};

}  // namespace dsm
