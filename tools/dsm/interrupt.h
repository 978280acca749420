// Ctrl-C and friends as a stop request, so that work ends between two frames and cleans up.
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace dsm::cli {

// Make it before any other thread is started: it blocks SIGINT, SIGTERM and SIGHUP for this thread
// and for those that follow, and waits for them in a thread of its own. The second signal ends the
// program at once.
class Interrupt {
 public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;
    Interrupt(Interrupt&&) = delete;
    Interrupt& operator=(Interrupt&&) = delete;

    [[nodiscard]] std::stop_token token() const { return source_.get_token(); }

 private:
    std::stop_source source_;
    std::atomic<bool> over_{false};
    std::jthread waiter_;
};

}  // namespace dsm::cli
