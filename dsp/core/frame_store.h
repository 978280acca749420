// Frames of one size kept on disk in a file without a name, so that a run of any length takes
// little memory: what was used last stays in the system's page cache, which gives way to others.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

// Thread-safe: one writer per frame and any number of readers. The file goes when the store goes,
// whatever ends the program. It lies in $TMPDIR, else /var/tmp.
class FrameStoreFile {
 public:
    [[nodiscard]] static Result<FrameStoreFile> create(std::size_t frame_bytes, int frames);
    ~FrameStoreFile();
    FrameStoreFile(FrameStoreFile&& other) noexcept;
    FrameStoreFile& operator=(FrameStoreFile&& other) noexcept;
    FrameStoreFile(const FrameStoreFile&) = delete;
    FrameStoreFile& operator=(const FrameStoreFile&) = delete;

    // Disk full comes back as an error; nothing is marked as held then.
    [[nodiscard]] Result<void> write(FrameIndex frame, std::span<const std::byte> bytes);
    [[nodiscard]] Result<void> read(FrameIndex frame, std::size_t offset,
                                    std::span<std::byte> bytes) const;
    [[nodiscard]] bool holds(FrameIndex frame) const;
    [[nodiscard]] int frames() const { return frames_; }

 private:
    FrameStoreFile(int file, std::size_t frame_bytes, int frames);

    int file_{-1};
    std::size_t frame_bytes_{0};
    int frames_{0};
    std::unique_ptr<std::atomic<bool>[]> held_;
};

template <class T>
class FrameStore {
 public:
    [[nodiscard]] static Result<FrameStore> create(Extent extent, int frames) {
        auto file = FrameStoreFile::create(extent.pixels() * sizeof(T), frames);
        if (!file) {
            return tl::unexpected(file.error());
        }
        return FrameStore(std::move(*file), extent);
    }
    [[nodiscard]] Result<void> write(FrameIndex frame, ImageView<const T> pixels) {
        if (pixels.extent() != extent_) {
            return fail(ErrorKind::internal, "frame store", "a frame of another size was offered");
        }
        if (pixels.stride() == extent_.width) {
            return file_.write(frame, std::as_bytes(std::span(pixels.data(), extent_.pixels())));
        }
        Image<T> packed(extent_);
        copy_pixels(pixels, packed.view());
        return file_.write(frame, std::as_bytes(packed.pixels()));
    }
    // `pixels` must be as wide as a row of memory is long (no stride).
    [[nodiscard]] Result<void> read(FrameIndex frame, Image<T>& pixels) const {
        pixels.resize(extent_);
        return file_.read(frame, 0, std::as_writable_bytes(pixels.pixels()));
    }
    // Pixels [x, x + row.size()) of row y; the caller keeps them inside the picture.
    [[nodiscard]] Result<void> read_row(FrameIndex frame, int x, int y, std::span<T> row) const {
        const auto first = static_cast<std::size_t>(y) * static_cast<std::size_t>(extent_.width) +
                           static_cast<std::size_t>(x);
        return file_.read(frame, first * sizeof(T), std::as_writable_bytes(row));
    }
    [[nodiscard]] bool holds(FrameIndex frame) const { return file_.holds(frame); }
    [[nodiscard]] Extent extent() const { return extent_; }
    [[nodiscard]] int frames() const { return file_.frames(); }

 private:
    FrameStore(FrameStoreFile file, Extent extent) : file_(std::move(file)), extent_(extent) {}

    FrameStoreFile file_;
    Extent extent_{};
};

}  // namespace dsm
