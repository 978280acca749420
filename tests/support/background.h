// A `dsm` that runs beside the test.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace dsm::test {

class Background {
 public:
    // What it says on stdout and stderr goes to `log`.
    Background(std::vector<std::string> arguments, std::filesystem::path log);
    ~Background();  // SIGKILL
    Background(const Background&) = delete;
    Background& operator=(const Background&) = delete;
    Background(Background&&) = delete;
    Background& operator=(Background&&) = delete;

    // Sends the signal and waits; as waitpid() tells.
    int stop(int signal);
    [[nodiscard]] std::string log() const;
    // Waits, ten seconds at most, until its words hold `part`.
    [[nodiscard]] bool says(const std::string& part) const;

 private:
    std::filesystem::path log_;
    pid_t process_{-1};
};

}  // namespace dsm::test
