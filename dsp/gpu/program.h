// A linked pair of vertex and fragment shader, or a compute shader, and the uniforms it takes.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <span>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/gpu/handle.h"

namespace dsm::gpu {

class Program {
 public:
    // Reads and links both files; `#include "NAME"` at the start of a line takes in a file of the
    // same folder. Errors name the file and hold the compiler's log.
    [[nodiscard]] static Result<Program> load(const std::filesystem::path& vertex,
                                              const std::filesystem::path& fragment);
    [[nodiscard]] static Result<Program> load_compute(const std::filesystem::path& file);
    void use() const { glUseProgram(handle_.get()); }
    // Uniforms the compiler dropped are ignored, as GL does.
    void set(const char* uniform, int value) const;
    void set(const char* uniform, float value) const;
    void set(const char* uniform, float x, float y) const;
    void set(const char* uniform, float x, float y, float z) const;
    void set(const char* uniform, std::span<const float> values) const;  // an array
    void set(const char* uniform, std::span<const int> values) const;
    // One invocation a pixel, in groups of kGroupWidth x kGroupHeight, which the shader declares.
    static void dispatch_over(Extent extent);
    static constexpr int kGroupWidth = 32;
    static constexpr int kGroupHeight = 8;
    // One triangle that covers the target; positions come from gl_VertexID.
    void draw_covering_triangle() const;

 private:
    [[nodiscard]] static Result<ProgramHandle> link(std::initializer_list<GLuint> shaders,
                                                    const std::filesystem::path& file);

    ProgramHandle handle_;
    VertexArrayHandle vertices_;
};

}  // namespace dsm::gpu
