// Work in a thread of its own, with an outcome to be fetched.
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "dsp/core/result.h"
#include "viewer/study/run_frames.h"

namespace dsm::viewer {

// Thread-safe. Destroying it asks the work to stop and waits for its end. `wake` is called from
// the thread at progress and at the end.
template <class T>
class BackgroundJob {
 public:
    using Work = std::function<Result<T>(const std::stop_token& stop,
                                         const std::function<void(double)>& on_progress)>;
    // `title` is what an error of the work that nobody foresaw is about.
    BackgroundJob(std::string title, Work work, Wake wake)
        : title_(std::move(title)),
          wake_(std::move(wake)),
          worker_(
              [this, todo = std::move(work)](const std::stop_token& stop) { run(todo, stop); }) {}

    void request_stop() { worker_.request_stop(); }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] double fraction() const { return fraction_.load(); }
    // Nothing while it works.
    [[nodiscard]] std::optional<Result<T>> outcome() const {
        const std::lock_guard lock(mutex_);
        return outcome_;
    }

 private:
    void run(const Work& work, const std::stop_token& stop) {
        std::optional<Result<T>> done;
        try {
            done = work(stop, [this](double fraction) {
                fraction_.store(fraction);
                wake_();
            });
        } catch (const std::exception& surprise) {
            done = fail(ErrorKind::internal, title_, surprise.what());
        }
        {
            const std::lock_guard lock(mutex_);
            outcome_ = std::move(done);
        }
        wake_();
    }

    std::string title_;
    Wake wake_;
    std::atomic<double> fraction_{0.0};
    mutable std::mutex mutex_;
    std::optional<Result<T>> outcome_;
    std::jthread worker_;
};

}  // namespace dsm::viewer
