// What the machine's memory gives in this process, measured before the stages are: the limit they
// are held against.
#pragma once

namespace dsm::bench {

// Bytes per second as the STREAM benchmark counts them (J. McCalpin): of a copy one read and one
// write, of a triad a = b + s c two reads and one write; what a write fetches first is not counted.
struct Bandwidth {
    double copy{0.0};
    double triad{0.0};
};

// Best of some passes over arrays no cache holds, on so many threads. Measured once per number of
// threads. Not thread-safe.
[[nodiscard]] const Bandwidth& bandwidth_of(int threads);

}  // namespace dsm::bench
