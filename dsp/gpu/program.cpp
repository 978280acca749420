#include "dsp/gpu/program.h"

#include <fstream>
#include <sstream>
#include <string>

namespace dsm::gpu {

namespace {

Result<std::string> read_source(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        return fail(ErrorKind::not_found, file.string(), "the shader cannot be read",
                    "install dsm again");
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
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
    Program program;
    program.handle_ = ProgramHandle::create();
    program.vertices_ = VertexArrayHandle::create();
    glAttachShader(program.handle_.get(), *first);
    glAttachShader(program.handle_.get(), *second);
    glLinkProgram(program.handle_.get());
    glDeleteShader(*first);
    glDeleteShader(*second);
    GLint linked = 0;
    glGetProgramiv(program.handle_.get(), GL_LINK_STATUS, &linked);
    if (linked == 0) {
        return fail(ErrorKind::unsupported, fragment.string(), "the shaders do not link");
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

void Program::draw_covering_triangle() const {
    glBindVertexArray(vertices_.get());
    glDrawArrays(GL_TRIANGLES, 0, 3);
    glBindVertexArray(0);
}

}  // namespace dsm::gpu
