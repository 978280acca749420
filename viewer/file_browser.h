// What the open dialog shows: one folder's folders and the files that may be runs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace dsm::viewer {

struct FolderEntry {
    std::string name;
    bool is_folder{false};
    friend bool operator==(const FolderEntry&, const FolderEntry&) = default;
};

// Folders first, then files, each in the order of their names without regard to case. Hidden ones
// are left out; files count that end in .dcm or .dicom, have no extension, or are called DICOMDIR.
[[nodiscard]] std::vector<FolderEntry> list_folder(const std::filesystem::path& folder,
                                                   std::string& failure);

struct FileBrowser {
    std::filesystem::path folder;
    std::filesystem::path listed;  // the folder that `entries` belong to
    std::vector<FolderEntry> entries;
    std::string failure;
    std::string typed;
    int selected{0};
    bool needs_focus{true};

    void enter(const std::filesystem::path& to);
    void refresh();
};

}  // namespace dsm::viewer
