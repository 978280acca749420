// `dsm live` on a receiver's folder, in a process of its own: a run that crashes the engine does
// not end the receiver.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>

#include "tools/dsm/terminal.h"

namespace dsm::cli {

// Not thread-safe. It forks: no other thread of the program may hold locks.
class LiveProcess {
 public:
    // Results go to `folder`/results; a run of single frames ends after `end_s` without one.
    LiveProcess(std::filesystem::path folder, double end_s, const Terminal& terminal);
    // Asks it to end its runs, with their results, and waits.
    ~LiveProcess();
    LiveProcess(const LiveProcess&) = delete;
    LiveProcess& operator=(const LiveProcess&) = delete;
    LiveProcess(LiveProcess&&) = delete;
    LiveProcess& operator=(LiveProcess&&) = delete;

    // Starts it again where it has ended, for what comes from then on: what it died of is not
    // given to it again.
    void look_after();

 private:
    void start(bool only_new);

    std::filesystem::path folder_;
    double end_s_;
    const Terminal& terminal_;
    pid_t process_{-1};
    std::chrono::steady_clock::time_point started_;
};

}  // namespace dsm::cli
