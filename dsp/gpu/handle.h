// Owner of one GL name: move-only, empty when moved from, deleted on the thread of its context.
#pragma once

#include <utility>

#include "dsp/gpu/gl.h"

namespace dsm::gpu {

// Traits: `static GLuint create()` and `static void destroy(GLuint)`.
template <class Traits>
class Handle {
 public:
    Handle() = default;
    static Handle create() { return Handle(Traits::create()); }
    static Handle adopt(GLuint name) { return Handle(name); }
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            name_ = std::exchange(other.name_, 0);
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    [[nodiscard]] GLuint get() const { return name_; }
    explicit operator bool() const { return name_ != 0; }
    void reset() {
        if (name_ != 0) {
            Traits::destroy(std::exchange(name_, 0));
        }
    }

 private:
    explicit Handle(GLuint name) : name_(name) {}
    GLuint name_{0};
};

struct TextureTraits {
    static GLuint create() {
        GLuint name = 0;
        glGenTextures(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteTextures(1, &name); }
};
struct FramebufferTraits {
    static GLuint create() {
        GLuint name = 0;
        glGenFramebuffers(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteFramebuffers(1, &name); }
};
struct VertexArrayTraits {
    static GLuint create() {
        GLuint name = 0;
        glGenVertexArrays(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteVertexArrays(1, &name); }
};
struct ProgramTraits {
    static GLuint create() { return glCreateProgram(); }
    static void destroy(GLuint name) { glDeleteProgram(name); }
};
struct BufferTraits {
    static GLuint create() {
        GLuint name = 0;
        glCreateBuffers(1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteBuffers(1, &name); }
};
struct QueryTraits {
    static GLuint create() {
        GLuint name = 0;
        glCreateQueries(GL_TIMESTAMP, 1, &name);
        return name;
    }
    static void destroy(GLuint name) { glDeleteQueries(1, &name); }
};

using TextureHandle = Handle<TextureTraits>;
using FramebufferHandle = Handle<FramebufferTraits>;
using VertexArrayHandle = Handle<VertexArrayTraits>;
using ProgramHandle = Handle<ProgramTraits>;
using BufferHandle = Handle<BufferTraits>;
using QueryHandle = Handle<QueryTraits>;

}  // namespace dsm::gpu
