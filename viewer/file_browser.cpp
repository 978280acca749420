#include "viewer/file_browser.h"

#include <algorithm>
#include <cctype>
#include <system_error>

namespace dsm::viewer {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool may_be_run(const std::filesystem::path& file) {
    const auto extension = lower(file.extension().string());
    return extension.empty() || extension == ".dcm" || extension == ".dicom" ||
           extension == ".ima" || lower(file.filename().string()) == "dicomdir";
}

bool before(const FolderEntry& a, const FolderEntry& b) {
    if (a.is_folder != b.is_folder) {
        return a.is_folder;
    }
    return lower(a.name) < lower(b.name);
}

}  // namespace

std::vector<FolderEntry> list_folder(const std::filesystem::path& folder, std::string& failure) {
    namespace fs = std::filesystem;
    std::vector<FolderEntry> entries;
    std::error_code error;
    for (fs::directory_iterator each(folder, error), end; !error && each != end;
         each.increment(error)) {
        const auto name = each->path().filename().string();
        std::error_code ignored;
        const bool is_folder = each->is_directory(ignored);
        if (!name.starts_with('.') && (is_folder || may_be_run(each->path()))) {
            entries.push_back({name, is_folder});
        }
    }
    failure = error ? "This folder cannot be read: " + error.message() : std::string();
    std::sort(entries.begin(), entries.end(), before);
    return entries;
}

void FileBrowser::enter(const std::filesystem::path& to) {
    std::error_code ignored;
    const auto whole = std::filesystem::weakly_canonical(to, ignored);
    folder = whole.empty() ? to : whole;
    selected = 0;
    refresh();
}

void FileBrowser::refresh() {
    listed = folder;
    entries = list_folder(folder, failure);
}

}  // namespace dsm::viewer
