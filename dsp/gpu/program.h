// A linked pair of vertex and fragment shader, and the uniforms it takes.
#pragma once

#include <filesystem>

#include "dsp/core/result.h"
#include "dsp/gpu/handle.h"

namespace dsm::gpu {

class Program {
 public:
    // Reads and links both files. Errors name the file and hold the compiler's log.
    [[nodiscard]] static Result<Program> load(const std::filesystem::path& vertex,
                                              const std::filesystem::path& fragment);
    void use() const { glUseProgram(handle_.get()); }
    // Uniforms the compiler dropped are ignored, as GL does.
    void set(const char* uniform, int value) const;
    void set(const char* uniform, float value) const;
    void set(const char* uniform, float x, float y) const;
    void set(const char* uniform, float x, float y, float z) const;
    // One triangle that covers the target; positions come from gl_VertexID.
    void draw_covering_triangle() const;

 private:
    ProgramHandle handle_;
    VertexArrayHandle vertices_;
};

}  // namespace dsm::gpu
