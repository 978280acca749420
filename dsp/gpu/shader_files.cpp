#include "dsp/gpu/shader_files.h"

#include <cstdlib>

namespace dsm::gpu {

Result<std::filesystem::path> find_shader_folder() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (const char* chosen = std::getenv("DSM_SHADERS");
        chosen != nullptr && fs::is_directory(chosen, ignored)) {
        return fs::path(chosen);
    }
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path folder = program.parent_path().parent_path() / DSM_INSTALLED_SHADERS;
    if (fs::is_directory(folder, ignored)) {
        return folder;
    }
    return fail(ErrorKind::not_found, folder.string(), "the shaders are not there",
                "install dsm again, or set DSM_SHADERS to their folder");
}

}  // namespace dsm::gpu
