#include "tests/support/background.h"

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>
#include <utility>

#include "tests/support/support.h"

namespace dsm::test {

Background::Background(std::vector<std::string> arguments, std::filesystem::path log)
    : log_(std::move(log)) {
    arguments.insert(arguments.begin(), std::string(DSM_BINARY_DIR) + "/dsm");
    std::vector<char*> words;
    for (std::string& argument : arguments) {
        words.push_back(argument.data());
    }
    words.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
        const int to = ::open(log_.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
        ::dup2(to, STDOUT_FILENO);
        ::dup2(to, STDERR_FILENO);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
}

Background::~Background() {
    stop(SIGKILL);
}

int Background::stop(int signal) {
    int status = 0;
    if (process_ > 0) {
        ::kill(process_, signal);
        ::waitpid(process_, &status, 0);
        process_ = -1;
    }
    return status;
}

std::string Background::log() const {
    return std::filesystem::exists(log_) ? read_file(log_) : std::string();
}

bool Background::says(const std::string& part) const {
    for (int i = 0; i < 200; ++i) {
        if (log().find(part) != std::string::npos) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return false;
}

}  // namespace dsm::test
