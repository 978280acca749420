#include "dsp/gpu/buffer.h"

#include <cstdint>
#include <utility>

namespace dsm::gpu {
namespace {

constexpr GLuint64 kLongest_ns = 2'000'000'000;

}  // namespace

void StorageBuffer::upload(std::span<const std::byte> bytes) {
    if (bytes.size() > bytes_) {
        handle_ = BufferHandle::create();
        glNamedBufferStorage(handle_.get(), static_cast<GLsizeiptr>(bytes.size()), bytes.data(),
                             GL_DYNAMIC_STORAGE_BIT);
        bytes_ = bytes.size();
        return;
    }
    if (!bytes.empty()) {
        glNamedBufferSubData(handle_.get(), 0, static_cast<GLsizeiptr>(bytes.size()), bytes.data());
    }
}

void StorageBuffer::reserve(std::size_t bytes) {
    if (bytes > bytes_) {
        handle_ = BufferHandle::create();
        glNamedBufferStorage(handle_.get(), static_cast<GLsizeiptr>(bytes), nullptr,
                             GL_DYNAMIC_STORAGE_BIT);
        bytes_ = bytes;
    }
}

void StorageBuffer::bind(unsigned binding) const {
    glBindBufferBase(GL_SHADER_STORAGE_BUFFER, binding, handle_.get());
}

void StorageBuffer::read(std::span<std::byte> bytes) const {
    glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
    glGetNamedBufferSubData(handle_.get(), 0, static_cast<GLsizeiptr>(bytes.size()), bytes.data());
}

UploadRing::UploadRing(std::size_t slot_bytes)
    : handle_(BufferHandle::create()), slot_bytes_(slot_bytes) {
    const auto all = static_cast<GLsizeiptr>(kSlots * slot_bytes);
    const GLbitfield flags = GL_MAP_WRITE_BIT | GL_MAP_PERSISTENT_BIT | GL_MAP_COHERENT_BIT;
    glNamedBufferStorage(handle_.get(), all, nullptr, flags);
    mapped_ = static_cast<std::byte*>(glMapNamedBufferRange(handle_.get(), 0, all, flags));
}

UploadRing::~UploadRing() {
    for (GLsync fence : fences_) {
        glDeleteSync(fence);
    }
    if (mapped_ != nullptr) {
        glUnmapNamedBuffer(handle_.get());
    }
}

Result<std::span<std::byte>> UploadRing::next() {
    if (mapped_ == nullptr) {
        return fail(ErrorKind::unsupported, "graphics driver, upload", "it maps no memory");
    }
    at_ = (at_ + 1) % kSlots;
    GLsync& fence = fences_[at_];
    if (fence != nullptr) {
        const GLenum waited = glClientWaitSync(fence, GL_SYNC_FLUSH_COMMANDS_BIT, kLongest_ns);
        if (waited != GL_ALREADY_SIGNALED && waited != GL_CONDITION_SATISFIED) {
            return fail(ErrorKind::unsupported, "graphics driver, upload",
                        "it did not finish a frame within two seconds");
        }
        glDeleteSync(fence);
        fence = nullptr;
    }
    return std::span<std::byte>(mapped_ + at_ * slot_bytes_, slot_bytes_);
}

void UploadRing::bind_unpack() const {
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, handle_.get());
}

void UploadRing::unbind_unpack() {
    glBindBuffer(GL_PIXEL_UNPACK_BUFFER, 0);
}

const void* UploadRing::offset() const {
    return reinterpret_cast<const void*>(at_ * slot_bytes_);
}

void UploadRing::done() {
    fences_[at_] = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
}

ReadbackBuffer::ReadbackBuffer(ReadbackBuffer&& other) noexcept
    : handle_(std::move(other.handle_)),
      mapped_(std::exchange(other.mapped_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      fence_(std::exchange(other.fence_, nullptr)) {}

ReadbackBuffer& ReadbackBuffer::operator=(ReadbackBuffer&& other) noexcept {
    if (this != &other) {
        release();
        handle_ = std::move(other.handle_);
        mapped_ = std::exchange(other.mapped_, nullptr);
        bytes_ = std::exchange(other.bytes_, 0);
        fence_ = std::exchange(other.fence_, nullptr);
    }
    return *this;
}

void ReadbackBuffer::release() {
    glDeleteSync(std::exchange(fence_, nullptr));
    if (std::exchange(mapped_, nullptr) != nullptr) {
        glUnmapNamedBuffer(handle_.get());
    }
    handle_.reset();
    bytes_ = 0;
}

void ReadbackBuffer::begin(std::size_t bytes) {
    glDeleteSync(std::exchange(fence_, nullptr));
    if (bytes_ != bytes) {
        release();
        handle_ = BufferHandle::create();
        const GLbitfield flags = GL_MAP_READ_BIT | GL_MAP_PERSISTENT_BIT | GL_MAP_COHERENT_BIT;
        const auto size = static_cast<GLsizeiptr>(bytes);
        glNamedBufferStorage(handle_.get(), size, nullptr, flags | GL_CLIENT_STORAGE_BIT);
        mapped_ =
            static_cast<const std::byte*>(glMapNamedBufferRange(handle_.get(), 0, size, flags));
        bytes_ = bytes;
    }
    glMemoryBarrier(GL_TEXTURE_UPDATE_BARRIER_BIT | GL_PIXEL_BUFFER_BARRIER_BIT);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, handle_.get());
}

void ReadbackBuffer::copy(const StorageBuffer& from, std::size_t from_byte, std::size_t to_byte,
                          std::size_t bytes) {
    glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
    glCopyNamedBufferSubData(from.name(), handle_.get(), static_cast<GLintptr>(from_byte),
                             static_cast<GLintptr>(to_byte), static_cast<GLsizeiptr>(bytes));
}

void ReadbackBuffer::sent() {
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    fence_ = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();  // or it might not be begun before it is asked for
}

Result<std::span<const std::byte>> ReadbackBuffer::receive() {
    if (fence_ == nullptr || mapped_ == nullptr) {
        return fail(ErrorKind::unsupported, "graphics driver, read-back", "it maps no memory");
    }
    const GLenum waited = glClientWaitSync(fence_, GL_SYNC_FLUSH_COMMANDS_BIT, kLongest_ns);
    glDeleteSync(std::exchange(fence_, nullptr));
    if (waited != GL_ALREADY_SIGNALED && waited != GL_CONDITION_SATISFIED) {
        return fail(ErrorKind::unsupported, "graphics driver, read-back",
                    "pictures did not come within two seconds");
    }
    return std::span<const std::byte>(mapped_, bytes_);
}

void TimestampPair::begin() {
    if (!from_) {
        from_ = QueryHandle::create();
        to_ = QueryHandle::create();
    }
    ended_ = false;
    glQueryCounter(from_.get(), GL_TIMESTAMP);
}

void TimestampPair::end() {
    glQueryCounter(to_.get(), GL_TIMESTAMP);
    ended_ = true;
}

std::optional<double> TimestampPair::elapsed_ms() {
    if (!ended_) {
        return std::nullopt;
    }
    GLuint64 from = 0;
    GLuint64 to = 0;
    glGetQueryObjectui64v(from_.get(), GL_QUERY_RESULT, &from);
    glGetQueryObjectui64v(to_.get(), GL_QUERY_RESULT, &to);
    return static_cast<double>(to - from) * 1e-6;
}

}  // namespace dsm::gpu
