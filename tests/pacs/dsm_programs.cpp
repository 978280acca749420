#include "tests/pacs/dsm_programs.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "tests/pacs/other_programs.h"

namespace dsm::test {

namespace fs = std::filesystem;

Finished dsm_command(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), std::string(DSM_BINARY_DIR) + "/dsm");
    return run_program(arguments);
}

bool is_one_line(const std::string& err, const std::string& part) {
    return std::count(err.begin(), err.end(), '\n') == 1 && err.starts_with("dsm: ") &&
           err.find(part) != std::string::npos;
}

Serving::Serving(std::vector<std::string> more, const std::string& keep_free_mb)
    : port_(free_port()) {
    std::vector<std::string> arguments{std::string(DSM_BINARY_DIR) + "/dsm",
                                       "serve",
                                       "--dir",
                                       dir().string(),
                                       "--port",
                                       std::to_string(port_),
                                       "--no-process",
                                       "--keep-free",
                                       keep_free_mb,
                                       "-v"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
        const int log = ::open(log_file().c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        ::dup2(log, STDOUT_FILENO);
        ::dup2(log, STDERR_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    for (int i = 0; i < 100 && log().find("listens on") == std::string::npos; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    REQUIRE(log().find("listens on") != std::string::npos);
}

Serving::~Serving() {
    stop(SIGTERM);
}

void Serving::stop(int signal) {
    if (process_ > 0) {
        ::kill(process_, signal);
        ::waitpid(process_, nullptr, 0);
        process_ = -1;
    }
}

std::size_t Serving::kept() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(dir())) {
        count += entry.is_regular_file() ? 1U : 0U;
    }
    return count;
}

bool Serving::says(const std::string& part) const {
    for (int i = 0; i < 100; ++i) {
        if (log().find(part) != std::string::npos) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

std::vector<std::string> files_of(const AllObjects& all) {
    std::vector<std::string> files{all.run().string()};
    for (const MadeObject& object : all.objects()) {
        files.push_back(object.file.string());
    }
    return files;
}

}  // namespace dsm::test
