// Pictures into a film file. Internal to this room.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/pipeline/canvas.h"

namespace dsm::reading {

// Every picture has the size of the first.
class FilmEncoder {
 public:
    virtual ~FilmEncoder() = default;
    FilmEncoder() = default;
    FilmEncoder(const FilmEncoder&) = delete;
    FilmEncoder& operator=(const FilmEncoder&) = delete;
    FilmEncoder(FilmEncoder&&) = delete;
    FilmEncoder& operator=(FilmEncoder&&) = delete;

    // Shown for the next of the stays that were announced.
    [[nodiscard]] virtual Result<void> add(const Canvas& picture) = 0;
    // The file is whole afterwards, or an error says that it is not.
    [[nodiscard]] virtual Result<void> finish() = 0;
};

// `named`: the file as the reader knows it, for messages; `file` is written. Errors: no codec.
[[nodiscard]] Result<std::unique_ptr<FilmEncoder>> mp4_encoder(const std::filesystem::path& file,
                                                               const std::filesystem::path& named,
                                                               const Canvas& first,
                                                               const std::vector<double>& stays_s);
[[nodiscard]] Result<std::unique_ptr<FilmEncoder>> gif_encoder(const std::filesystem::path& file,
                                                               const std::filesystem::path& named,
                                                               const Canvas& first,
                                                               const std::vector<double>& stays_s);

// In units of 1/rate: each stay so long that no frame begins more than half a unit off its time.
[[nodiscard]] std::vector<int> stays_in_ticks(const std::vector<double>& stays_s, double rate);

// The picture's pixels as 32-bit words 0x00RRGGBB, row after row.
[[nodiscard]] std::vector<std::uint32_t> pixels_of(const Canvas& picture);

}  // namespace dsm::reading
