// A linked pair of vertex and fragment shader, or a compute shader, and the uniforms it takes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string_view>

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
    // Several of one folder; the first that fails is the error.
    struct Compute {
        std::string_view file;
        Program* to;
    };
    [[nodiscard]] static Result<void> load_compute(const std::filesystem::path& folder,
                                                   std::initializer_list<Compute> programs);
    void use() const { glUseProgram(handle_.get()); }
    // Uniforms the compiler dropped are ignored, as GL does.
    void set(const char* uniform, int value) const;
    void set(const char* uniform, float value) const;
    void set(const char* uniform, float x, float y) const;
    void set(const char* uniform, float x, float y, float z) const;
    void set(const char* uniform, std::span<const float> values) const;  // an array
    void set(const char* uniform, std::span<const int> values) const;
    // One invocation a pixel, in groups of kGroupWidth x kGroupHeight, which the shader declares.
    static void dispatch_over(Extent extent, int layers = 1);
    // The same once what shaders wrote before is there to be read.
    static void dispatch_next(Extent extent, int layers = 1);
    static constexpr int kGroupWidth = 32;
    static constexpr int kGroupHeight = 8;
    [[nodiscard]] static Extent groups_over(Extent extent);
    // As many groups, of whatever size the shader declares.
    static void dispatch_groups(Extent groups, int layers = 1);
    // So many invocations in a line, in groups of kGroupLine, which the shader declares.
    static void dispatch_line(std::size_t count);
    static constexpr std::size_t kGroupLine = 128;
    // One triangle that covers the target; positions come from gl_VertexID.
    void draw_covering_triangle() const;

 private:
    [[nodiscard]] static Result<ProgramHandle> link(std::initializer_list<GLuint> shaders,
                                                    const std::filesystem::path& file);

    ProgramHandle handle_;
    VertexArrayHandle vertices_;
};

// What shaders wrote, in pictures and buffers, is there for those dispatched next.
void wait_for_shaders();

}  // namespace dsm::gpu
