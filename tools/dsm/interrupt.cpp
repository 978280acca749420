#include "tools/dsm/interrupt.h"

#include <pthread.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigwait is POSIX
#include <unistd.h>

namespace dsm::cli {
namespace {

sigset_t wanted() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        ::sigaddset(&signals, number);
    }
    return signals;
}

}  // namespace

Interrupt::Interrupt() {
    const sigset_t signals = wanted();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    waiter_ = std::jthread([this, signals] {
        for (;;) {
            int number = 0;
            ::sigwait(&signals, &number);
            if (over_) {
                return;
            }
            if (!source_.request_stop()) {
                ::_exit(1);
            }
        }
    });
}

Interrupt::~Interrupt() {
    over_ = true;
    ::pthread_kill(waiter_.native_handle(), SIGTERM);  // wakes the waiter, which then ends
}

}  // namespace dsm::cli
