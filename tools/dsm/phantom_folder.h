// A synthetic run as a folder: run.dcm, truth.json, levels.json, sac.png, free.png, recipe.json
// and, if asked for, opacity_true.npy (float16, frames x rows x columns).
#pragma once

#include <filesystem>
#include <functional>

#include "dsp/core/result.h"
#include "dsp/phantom/recipe.h"

namespace dsm::cli {

struct PhantomFolderOptions {
    bool opacity{true};
    std::function<void(double fraction)> progress;  // may be empty
};

// Makes `folder` where needed. Each file appears whole or not at all; truth.json comes last, so
// that a folder with one is complete.
[[nodiscard]] Result<void> write_phantom_folder(const phantom::Recipe& recipe,
                                                const std::filesystem::path& folder,
                                                const PhantomFolderOptions& options);

}  // namespace dsm::cli
