#include "dsp/gpu/program.h"

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

namespace dsm::gpu {

namespace {

Result<std::string> read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::not_found, file.string(), "the shader cannot be read",
                    "install dsm again");
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// GLSL knows no include: a line that asks for a file of the same folder becomes that file. None may
// include itself.
Result<std::string> read_source(const std::filesystem::path& file) {
    constexpr std::string_view kInclude = "\n#include \"";
    auto source = read_file(file);
    while (source) {
        const auto at = source->find(kInclude);
        if (at == std::string::npos) {
            break;
        }
        const auto name = at + kInclude.size();
        const auto end = source->find('"', name);
        const auto included = read_file(file.parent_path() / source->substr(name, end - name));
        if (!included) {
            return included;
        }
        source->replace(at + 1, source->find('\n', name) - at - 1, *included);
    }
    return source;
}

std::string shader_log(GLuint shader) {
    GLint size = 0;
    glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &size);
    std::string log(static_cast<std::size_t>(size), '\0');
    glGetShaderInfoLog(shader, size, nullptr, log.data());
    return log;
}

Result<GLuint> compile(GLenum kind, const std::filesystem::path& file) {
    const auto source = read_source(file);
    if (!source) {
        return tl::unexpected(source.error());
    }
    const GLuint shader = glCreateShader(kind);
    const char* text = source->c_str();
    glShaderSource(shader, 1, &text, nullptr);
    glCompileShader(shader);
    GLint compiled = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
    if (compiled == 0) {
        auto log = shader_log(shader);
        glDeleteShader(shader);
        return fail(ErrorKind::unsupported, file.string(), "the shader does not compile: " + log);
    }
    return shader;
}

}  // namespace

Result<Program> Program::load(const std::filesystem::path& vertex,
                              const std::filesystem::path& fragment) {
    const auto first = compile(GL_VERTEX_SHADER, vertex);
    if (!first) {
        return tl::unexpected(first.error());
    }
    const auto second = compile(GL_FRAGMENT_SHADER, fragment);
    if (!second) {
        glDeleteShader(*first);
        return tl::unexpected(second.error());
    }
    auto linked = link({*first, *second}, fragment);
    if (!linked) {
        return tl::unexpected(linked.error());
    }
    Program program;
    program.handle_ = std::move(*linked);
    program.vertices_ = VertexArrayHandle::create();
    return program;
}

Result<Program> Program::load_compute(const std::filesystem::path& file) {
    const auto shader = compile(GL_COMPUTE_SHADER, file);
    if (!shader) {
        return tl::unexpected(shader.error());
    }
    auto linked = link({*shader}, file);
    if (!linked) {
        return tl::unexpected(linked.error());
    }
    Program program;
    program.handle_ = std::move(*linked);
    return program;
}

Result<void> Program::load_compute(const std::filesystem::path& folder,
                                   std::initializer_list<Compute> programs) {
    for (const Compute& each : programs) {
        auto program = load_compute(folder / each.file);
        if (!program) {
            return tl::unexpected(program.error());
        }
        *each.to = std::move(*program);
    }
    return {};
}

// Deletes the shaders.
Result<ProgramHandle> Program::link(std::initializer_list<GLuint> shaders,
                                    const std::filesystem::path& file) {
    auto program = ProgramHandle::create();
    for (const GLuint shader : shaders) {
        glAttachShader(program.get(), shader);
    }
    glLinkProgram(program.get());
    for (const GLuint shader : shaders) {
        glDeleteShader(shader);
    }
    GLint linked = 0;
    glGetProgramiv(program.get(), GL_LINK_STATUS, &linked);
    if (linked == 0) {
        return fail(ErrorKind::unsupported, file.string(), "the shaders do not link");
    }
    return program;
}

void Program::set(const char* uniform, int value) const {
    glUniform1i(glGetUniformLocation(handle_.get(), uniform), value);
}

void Program::set(const char* uniform, float value) const {
    glUniform1f(glGetUniformLocation(handle_.get(), uniform), value);
}

void Program::set(const char* uniform, float x, float y) const {
    glUniform2f(glGetUniformLocation(handle_.get(), uniform), x, y);
}

void Program::set(const char* uniform, float x, float y, float z) const {
    glUniform3f(glGetUniformLocation(handle_.get(), uniform), x, y, z);
}

void Program::set(const char* uniform, std::span<const float> values) const {
    glUniform1fv(glGetUniformLocation(handle_.get(), uniform), static_cast<GLsizei>(values.size()),
                 values.data());
}

void Program::set(const char* uniform, std::span<const int> values) const {
    glUniform1iv(glGetUniformLocation(handle_.get(), uniform), static_cast<GLsizei>(values.size()),
                 values.data());
}

Extent Program::groups_over(Extent extent) {
    return {(extent.width + kGroupWidth - 1) / kGroupWidth,
            (extent.height + kGroupHeight - 1) / kGroupHeight};
}

void Program::dispatch_groups(Extent groups, int layers) {
    glDispatchCompute(static_cast<GLuint>(groups.width), static_cast<GLuint>(groups.height),
                      static_cast<GLuint>(layers));
}

void Program::dispatch_over(Extent extent, int layers) {
    dispatch_groups(groups_over(extent), layers);
}

void Program::dispatch_next(Extent extent, int layers) {
    wait_for_shaders();
    dispatch_over(extent, layers);
}

void Program::dispatch_line(std::size_t count) {
    glDispatchCompute(static_cast<GLuint>((count + kGroupLine - 1) / kGroupLine), 1, 1);
}

void wait_for_shaders() {
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT | GL_SHADER_STORAGE_BARRIER_BIT);
}

void Program::draw_covering_triangle() const {
    glBindVertexArray(vertices_.get());
    glDrawArrays(GL_TRIANGLES, 0, 3);
    glBindVertexArray(0);
}

}  // namespace dsm::gpu
