#include "viewer/study/archive_job.h"

#include <exception>
#include <utility>

namespace dsm::viewer {

ArchiveJob::ArchiveJob(std::string title, Work work, Wake wake)
    : title_(std::move(title)),
      wake_(std::move(wake)),
      worker_([this, todo = std::move(work)](const std::stop_token& stop) { run(todo, stop); }) {}

std::optional<Result<ArchiveAnswer>> ArchiveJob::outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_;
}

void ArchiveJob::run(const Work& work, const std::stop_token& stop) {
    std::optional<Result<ArchiveAnswer>> done;
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

}  // namespace dsm::viewer
