// What tests share: the shared data folder, temporary folders, subprocesses.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dsm::test {

// A file below the shared data folder; nothing where that folder is absent (a user's machine).
// Tests then WARN and return.
[[nodiscard]] std::optional<std::filesystem::path> shared_data(const std::string& relative);

// Removed with everything in it when it goes out of scope.
class TemporaryFolder {
 public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&&) = delete;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

struct Finished {
    int exit_code{-1};
    std::string out;
    std::string err;
};
// Runs a program to its end; stdin is empty.
[[nodiscard]] Finished run_program(const std::vector<std::string>& arguments);

[[nodiscard]] std::string read_file(const std::filesystem::path& file);

}  // namespace dsm::test
