// NumPy arrays of opacity on disk: `.npy` format 1.0 as NumPy's own lib/format.py documents it,
// written frame by frame so that a run of any length fits in memory.
// Shape (frames, rows, columns), C order, opacity dimensionless.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "dsp/core/image.h"
#include "dsp/core/result.h"

namespace dsm {

// Writes float32 frames to a temporary beside `file` and renames it when all frames are there.
// Destroyed before finish(): nothing is left behind. Not thread-safe.
class NpyWriter {
 public:
    // `frames`: nothing where it is not known yet how many will come. Errors: the folder is not
    // writable, or has less room than the whole array needs.
    [[nodiscard]] static Result<NpyWriter> create(const std::filesystem::path& file,
                                                  std::optional<int> frames, Extent extent);
    ~NpyWriter();
    NpyWriter(NpyWriter&&) noexcept;
    NpyWriter& operator=(NpyWriter&&) noexcept;
    NpyWriter(const NpyWriter&) = delete;
    NpyWriter& operator=(const NpyWriter&) = delete;

    // The next frame; its extent must be the one announced.
    [[nodiscard]] Result<void> append(ImageView<const float> frame);
    // Fails unless as many frames came as were announced, where a number was.
    [[nodiscard]] Result<void> finish();

 private:
    struct State;
    explicit NpyWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// One picture, shape (rows, columns).
[[nodiscard]] Result<void> write_npy(const std::filesystem::path& file,
                                     ImageView<const float> picture);

// Reads frames of a three-dimensional array: float32, float16, or int16 in units of 1e-4 opacity
// (the member `opacity_1e4` of a `.npz`). Frames in ascending order are fastest: in a compressed
// file going back starts over. The header is not believed: sizes are checked against the file.
// Not thread-safe.
class NpyReader {
 public:
    // `.npy`, or `.npz` with a member `opacity_1e4` or `opacity`.
    [[nodiscard]] static Result<NpyReader> open(const std::filesystem::path& file);
    ~NpyReader();
    NpyReader(NpyReader&&) noexcept;
    NpyReader& operator=(NpyReader&&) noexcept;
    NpyReader(const NpyReader&) = delete;
    NpyReader& operator=(const NpyReader&) = delete;

    [[nodiscard]] int frames() const;
    [[nodiscard]] Extent extent() const;
    // `frame` must have extent().
    [[nodiscard]] Result<void> read(int index, ImageView<float> frame);

 private:
    struct State;
    explicit NpyReader(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace dsm
