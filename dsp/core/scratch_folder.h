// A folder for files on their way to another program or back.
#pragma once

#include <filesystem>
#include <string>

namespace dsm {

// Made in the system's temporary folder, gone with everything in it at the end of its life. The
// path is empty where none could be made; writing there then fails.
class ScratchFolder {
 public:
    // `purpose` becomes a part of its name.
    explicit ScratchFolder(const std::string& purpose);
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ScratchFolder(ScratchFolder&&) = delete;
    ScratchFolder& operator=(ScratchFolder&&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

}  // namespace dsm
