// Files that cannot be opened because too many are open already: no fault of theirs.
#pragma once

#include <chrono>
#include <thread>

namespace dsm {

// Whether this process or the system has so few file descriptors left that opening a file may fail
// for that alone. Thread-safe.
[[nodiscard]] bool descriptors_are_used_up();

// What `attempt` gives, a Result; tried again for ten seconds while it fails for want of
// descriptors.
template <class Attempt>
auto despite_used_up_descriptors(const Attempt& attempt) {
    constexpr int kMostTries = 200;
    auto done = attempt();
    for (int tries = 1; !done && tries < kMostTries && descriptors_are_used_up(); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        done = attempt();
    }
    return done;
}

}  // namespace dsm
