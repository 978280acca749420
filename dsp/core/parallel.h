// Work split over the cores with oneTBB. Bodies must not throw and must write to disjoint places.
#pragma once

#include <functional>

namespace dsm {

// Calls body(first, last) for bands of rows that cover [0, rows); `grain` rows at least in each.
void parallel_rows(int rows, int grain, const std::function<void(int first, int last)>& body);

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
