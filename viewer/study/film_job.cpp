#include "viewer/study/film_job.h"

#include <exception>
#include <utility>

namespace dsm::viewer {

FilmJob::FilmJob(std::filesystem::path file, Film film, Wake wake)
    : file_(std::move(file)),
      wake_(std::move(wake)),
      worker_([this, film = std::move(film)](const std::stop_token& stop) { run(film, stop); }) {}

std::optional<Result<void>> FilmJob::outcome() const {
    const std::lock_guard lock(mutex_);
    return outcome_;
}

void FilmJob::run(const Film& film, const std::stop_token& stop) {
    Result<void> done;
    try {
        done = write_film(
            file_, film,
            [this](double fraction) {
                fraction_.store(fraction);
                wake_();
            },
            stop);
    } catch (const std::exception& surprise) {
        done = fail(ErrorKind::internal, file_.string(), surprise.what());
    }
    {
        const std::lock_guard lock(mutex_);
        outcome_ = std::move(done);
    }
    wake_();
}

}  // namespace dsm::viewer
