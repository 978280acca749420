#include "dsp/pipeline/result_folder.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

namespace dsm {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 11> kFilesOfAResult{
    "result.json",  "overview.png", "timeline.png", "variance.png", "opacity.npy", "filtered.npy",
    "variance.npy", "report.html",  "report.pdf",   "report.txt",   "video.mp4"};

// DICOM objects made of a run: "dsm_key_image_1.dcm" and so on, as many as there are.
bool is_object_of_a_result(const std::string& name) {
    return name.starts_with("dsm_") && name.ends_with(".dcm");
}

bool is_of_a_result(const std::string& name) {
    return is_object_of_a_result(name) ||
           std::find(kFilesOfAResult.begin(), kFilesOfAResult.end(), name) != kFilesOfAResult.end();
}

std::string harmless(std::string name) {
    for (char& c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || c == '/' || c == '\\') {
            c = '_';
        }
    }
    if (!name.empty() && name.front() == '.') {
        name.front() = '_';
    }
    return name.empty() ? "run" : name;
}

std::string name_of_file(const fs::path& run) {
    std::string extension = run.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const bool known = extension == ".dcm" || extension == ".dicom" || extension == ".ima";
    return harmless((known ? run.stem() : run.filename()).string());
}

std::string name_of_folder(const fs::path& run) {
    std::error_code unknown;
    const fs::path whole = fs::absolute(run, unknown).lexically_normal();
    return harmless(whole.parent_path().filename().string());
}

std::map<std::string, int> counts(const std::vector<std::string>& names) {
    std::map<std::string, int> count;
    for (const std::string& name : names) {
        ++count[name];
    }
    return count;
}

tl::unexpected<Error> cannot_write(const fs::path& where, const std::error_code& why) {
    return fail(ErrorKind::io, where.string(), "cannot be written: " + why.message(),
                "choose another --out or check the permissions");
}

}  // namespace

std::vector<std::string> result_names(std::span<const fs::path> runs) {
    std::vector<std::string> names;
    std::vector<std::string> folders;
    for (const fs::path& run : runs) {
        names.push_back(name_of_file(run));
        folders.push_back(name_of_folder(run));
    }
    const auto same_file = counts(names);
    const auto same_folder = counts(folders);
    std::set<std::string> taken;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (same_file.at(names[i]) > 1) {
            names[i] = same_folder.at(folders[i]) == 1 ? folders[i] : folders[i] + "_" + names[i];
        }
        const std::string wish = names[i];
        for (int number = 2; !taken.insert(names[i]).second; ++number) {
            names[i] = wish + "-" + std::to_string(number);
        }
    }
    return names;
}

Result<ResultFolder> ResultFolder::create(const fs::path& folder) {
    ResultFolder result;
    result.folder_ = folder;
    std::error_code problem;
    fs::path missing = fs::absolute(folder, problem).lexically_normal();
    if (!missing.has_filename()) {
        missing = missing.parent_path();
    }
    for (; !missing.empty() && !fs::exists(missing, problem) && missing != missing.root_path();
         missing = missing.parent_path()) {
        result.made_.insert(result.made_.begin(), missing);
    }
    fs::create_directories(folder, problem);
    if (problem) {
        return cannot_write(folder, problem);
    }
    std::string pattern = (folder / ".dsm-part-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
        return cannot_write(folder, {errno, std::generic_category()});
    }
    result.staging_ = pattern;
    return result;
}

ResultFolder::ResultFolder(ResultFolder&& other) noexcept
    : folder_(std::move(other.folder_)),
      staging_(std::exchange(other.staging_, {})),
      made_(std::exchange(other.made_, {})) {}

ResultFolder::~ResultFolder() {
    std::error_code ignored;
    if (!staging_.empty()) {
        fs::remove_all(staging_, ignored);
    }
    std::reverse(made_.begin(), made_.end());
    for (const fs::path& folder : made_) {
        fs::remove(folder, ignored);  // only an empty one goes
    }
}

fs::path ResultFolder::staged(const std::string& name) const {
    return staging_ / name;
}

Result<void> ResultFolder::forget(const std::function<bool(const std::string& name)>& which) {
    std::error_code problem;
    std::vector<fs::path> unwanted;
    for (fs::directory_iterator at(staging_, problem), end; !problem && at != end;
         at.increment(problem)) {
        if (which(at->path().filename().string())) {
            unwanted.push_back(at->path());
        }
    }
    if (problem) {
        return cannot_write(folder_, problem);
    }
    for (const fs::path& file : unwanted) {
        fs::remove(file, problem);
        if (problem) {
            return cannot_write(folder_ / file.filename(), problem);
        }
    }
    return {};
}

Result<void> ResultFolder::publish() {
    std::error_code problem;
    std::vector<fs::path> earlier;
    for (const auto& entry : fs::directory_iterator(folder_, problem)) {
        if (is_of_a_result(entry.path().filename().string())) {
            earlier.push_back(entry.path());
        }
    }
    for (const fs::path& file : earlier) {
        fs::remove(file, problem);
        if (problem) {
            return cannot_write(file, problem);
        }
    }
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(staging_, problem)) {
        if (entry.path().filename() != kFilesOfAResult.front()) {
            names.push_back(entry.path().filename());
        }
    }
    if (fs::exists(staging_ / kFilesOfAResult.front(), problem)) {
        names.emplace_back(kFilesOfAResult.front());
    }
    for (const fs::path& name : names) {
        fs::rename(staging_ / name, folder_ / name, problem);
        if (problem) {
            return cannot_write(folder_ / name, problem);
        }
    }
    fs::remove_all(staging_, problem);
    staging_.clear();
    made_.clear();
    return {};
}

}  // namespace dsm
