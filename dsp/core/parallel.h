// Work split over the cores with oneTBB. Bodies must not throw and must write to disjoint places.
#pragma once

#include <memory>
#include <type_traits>

namespace dsm {

// Calls body(context, first, last) for bands of rows; what parallel_rows is made of.
void run_bands(int rows, int grain, void (*body)(void* context, int first, int last),
               void* context);

// Calls body(first, last) for bands of rows that cover [0, rows); `grain` rows at least in each.
// Allocates nothing of its own.
template <class Body>
void parallel_rows(int rows, int grain, Body&& body) {
    using Held = std::remove_reference_t<Body>;
    run_bands(
        rows, grain,
        [](void* context, int first, int last) { (*static_cast<Held*>(context))(first, last); },
        const_cast<void*>(static_cast<const void*>(std::addressof(body))));
}

// Limits the threads used by parallel_rows from here on, for the whole process, while it lives.
class ThreadLimit {
 public:
    explicit ThreadLimit(int threads);  // 0: as many as there are cores
    ~ThreadLimit();
    ThreadLimit(const ThreadLimit&) = delete;
    ThreadLimit& operator=(const ThreadLimit&) = delete;
    ThreadLimit(ThreadLimit&&) = delete;
    ThreadLimit& operator=(ThreadLimit&&) = delete;

 private:
    void* control_;
};

}  // namespace dsm
