#include "tools/dsm/live_process.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): signal masks are POSIX
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

namespace dsm::cli {

LiveProcess::LiveProcess(std::filesystem::path folder, double end_s, const Terminal& terminal)
    : folder_(std::move(folder)), end_s_(end_s), terminal_(terminal) {
    start(false);
}

LiveProcess::~LiveProcess() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
}

void LiveProcess::start(bool only_new) {
    const std::string end_s = std::to_string(end_s_);
    std::vector<std::string> words{"dsm",     "live",
                                   "--out",   (folder_ / "results").string(),
                                   "--quiet", "--end-after=" + end_s,
                                   "--",      folder_.string()};
    if (only_new) {
        words.insert(words.begin() + 2, "--only-new");
    }
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    started_ = std::chrono::steady_clock::now();
    process_ = ::fork();
    if (process_ == 0) {
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);  // Interrupt blocks signals here
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);          // a receiver that is killed ends it in order
        ::execv("/proc/self/exe", arguments.data());
        ::_exit(127);
    }
}

void LiveProcess::look_after() {
    constexpr std::chrono::seconds kNotOftener{5};
    if (process_ > 0) {
        int status = 0;
        if (::waitpid(process_, &status, WNOHANG) != process_) {
            return;
        }
        process_ = -1;
        const std::string how =
            WIFSIGNALED(status) ? " by signal " + std::to_string(WTERMSIG(status)) : std::string();
        terminal_.report(
            {ErrorKind::internal, folder_.string(),
             "processing ended" + how + " and is started again for what comes from now on",
             "dsm live processes what came before"});
    }
    if (std::chrono::steady_clock::now() - started_ >= kNotOftener) {
        start(true);
    }
}

}  // namespace dsm::cli
