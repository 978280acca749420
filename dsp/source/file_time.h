// Times of files as stat(2) tells them.
#pragma once

#include <chrono>
#include <ctime>

namespace dsm {

[[nodiscard]] inline std::chrono::system_clock::time_point time_point_of(const timespec& time) {
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(
            std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec)));
}

}  // namespace dsm
