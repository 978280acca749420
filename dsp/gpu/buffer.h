// Memory that shaders read and write, the way of frames to the GPU, and the time its work takes.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "dsp/core/result.h"
#include "dsp/gpu/handle.h"

namespace dsm::gpu {

// A shader storage buffer.
class StorageBuffer {
 public:
    // Replaces the content; new memory only where the old is too small.
    void upload(std::span<const std::byte> bytes);
    template <class T>
    void upload(std::span<const T> values) {
        upload(std::as_bytes(values));
    }
    // At least so much memory, its content undefined, for shaders to write.
    void reserve(std::size_t bytes);
    void bind(unsigned binding) const;
    // What shaders wrote, from the start; waits for them.
    void read(std::span<std::byte> bytes) const;
    [[nodiscard]] std::size_t capacity_bytes() const { return bytes_; }
    [[nodiscard]] GLuint name() const { return handle_.get(); }

 private:
    BufferHandle handle_;
    std::size_t bytes_{0};
};

// Three slots, mapped for as long as it lives: while the GPU still reads one frame the next is
// written beside it. A slot is written again only after its fence says that the GPU is done.
class UploadRing {
 public:
    static constexpr std::size_t kSlots = 3;

    explicit UploadRing(std::size_t slot_bytes);
    ~UploadRing();
    UploadRing(const UploadRing&) = delete;
    UploadRing& operator=(const UploadRing&) = delete;
    UploadRing(UploadRing&&) = delete;
    UploadRing& operator=(UploadRing&&) = delete;

    // The next slot, for the caller to fill. Errors: the driver gave no memory, or a fence did not
    // come within two seconds.
    [[nodiscard]] Result<std::span<std::byte>> next();
    // What was filled last, as the source of texture uploads; unbind() after them.
    void bind_unpack() const;
    static void unbind_unpack();
    // Byte offset of that slot, to be given as the pointer of an upload.
    [[nodiscard]] const void* offset() const;
    // After the commands that read the slot.
    void done();

 private:
    BufferHandle handle_;
    std::byte* mapped_{nullptr};
    std::size_t slot_bytes_, at_{kSlots - 1};
    std::array<GLsync, kSlots> fences_{};
};

// The way back of pictures without waiting for it: the GPU copies them when it comes to it, and the
// memory, mapped for as long as it lives, is looked at once a fence says that they are there.
class ReadbackBuffer {
 public:
    ReadbackBuffer() = default;
    ~ReadbackBuffer() { release(); }
    ReadbackBuffer(ReadbackBuffer&& other) noexcept;
    ReadbackBuffer& operator=(ReadbackBuffer&& other) noexcept;
    ReadbackBuffer(const ReadbackBuffer&) = delete;
    ReadbackBuffer& operator=(const ReadbackBuffer&) = delete;

    // Room for so many bytes; what was on its way is forgotten. Between it and sent(), commands
    // that read textures write here: their pointer is an offset.
    void begin(std::size_t bytes);
    // Bytes of a buffer from `from_byte` on, to `to_byte` on of this.
    void copy(const StorageBuffer& from, std::size_t from_byte, std::size_t to_byte,
              std::size_t bytes);
    void sent();
    [[nodiscard]] bool on_its_way() const { return fence_ != nullptr; }
    // All of it; waits. Valid until the next begin(). Errors: nothing is on its way, no memory was
    // mapped, or it did not come within two seconds.
    [[nodiscard]] Result<std::span<const std::byte>> receive();

 private:
    void release();

    BufferHandle handle_;
    const std::byte* mapped_{nullptr};
    std::size_t bytes_{0};
    GLsync fence_{nullptr};
};

// Two timestamps around commands. (GL_TIME_ELAPSED is 0 under Mesa's software renderer.)
class TimestampPair {
 public:
    void begin();
    void end();
    // Waits for the commands; nothing where none were timed.
    [[nodiscard]] std::optional<double> elapsed_ms();

 private:
    QueryHandle from_, to_;
    bool ended_{false};
};

}  // namespace dsm::gpu
