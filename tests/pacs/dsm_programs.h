// Our own programs as others run them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/pacs/all_objects.h"
#include "tests/support/support.h"

namespace dsm::test {

[[nodiscard]] Finished dsm_command(std::vector<std::string> arguments);
// That `err` is one line of dsm's that holds `part`.
[[nodiscard]] bool is_one_line(const std::string& err, const std::string& part);
[[nodiscard]] std::vector<std::string> files_of(const AllObjects& all);

// A dsm serve in the background; it processes nothing.
class Serving {
 public:
    explicit Serving(std::vector<std::string> more = {}, const std::string& keep_free_mb = "0");
    ~Serving();
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;
    Serving(Serving&&) = delete;
    Serving& operator=(Serving&&) = delete;

    void stop(int signal);
    [[nodiscard]] std::filesystem::path dir() const { return folder_.path() / "in"; }
    [[nodiscard]] std::string log() const { return read_file(log_file()); }
    [[nodiscard]] std::string port() const { return std::to_string(port_); }
    [[nodiscard]] std::string peer() const { return "DSM@127.0.0.1:" + port(); }
    // Files kept, without parts.
    [[nodiscard]] std::size_t kept() const;
    // Waits until the log holds `part`.
    [[nodiscard]] bool says(const std::string& part) const;

 private:
    [[nodiscard]] std::filesystem::path log_file() const { return folder_.path() / "log"; }
    TemporaryFolder folder_;
    int port_;
    pid_t process_{-1};
};

}  // namespace dsm::test
