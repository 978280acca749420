// A film on its way to a file, in the background.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "dsp/reading/film.h"
#include "viewer/study/background_job.h"

namespace dsm::viewer {

// Destroying it gives the film up, and waits for the frame in hand; the file is whole or not there.
class FilmJob : public BackgroundJob<void> {
 public:
    FilmJob(const std::filesystem::path& file, Film film, Wake wake)
        : BackgroundJob(
              file.string(),
              // Work is copied, a film need not be.
              [file, film = std::make_shared<const Film>(std::move(film))](
                  const std::stop_token& stop, const std::function<void(double)>& on_progress) {
                  return write_film(file, *film, on_progress, stop);
              },
              std::move(wake)) {}

    // The file's name.
    [[nodiscard]] const std::string& file() const { return title(); }
};

}  // namespace dsm::viewer
