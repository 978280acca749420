// A film on its way to a file, in the background.
#pragma once

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "dsp/reading/film.h"
#include "viewer/study/run_frames.h"

namespace dsm::viewer {

// Thread-safe. Destroying it gives the film up, and waits for the frame in hand; the file is whole
// or not there.
class FilmJob {
 public:
    FilmJob(std::filesystem::path file, Film film, Wake wake);

    void request_stop() { worker_.request_stop(); }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] double fraction() const { return fraction_.load(); }
    // Nothing while it is being written.
    [[nodiscard]] std::optional<Result<void>> outcome() const;

 private:
    void run(const Film& film, const std::stop_token& stop);

    std::filesystem::path file_;
    Wake wake_;
    std::atomic<double> fraction_{0.0};
    mutable std::mutex mutex_;
    std::optional<Result<void>> outcome_;
    std::jthread worker_;
};

}  // namespace dsm::viewer
