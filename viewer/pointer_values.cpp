#include "viewer/pointer_values.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>
#include <span>

#include "viewer/workspace.h"

namespace dsm::viewer {

std::string pointer_text(const Workspace& workspace) {
    if (workspace.run() == nullptr || !workspace.view.probe_px) {
        return {};
    }
    const auto& run = *workspace.run();
    const int x = static_cast<int>(std::lround(workspace.view.probe_px->x));
    const int y = static_cast<int>(std::lround(workspace.view.probe_px->y));
    if (x < 0 || y < 0 || x >= run.info().extent.width || y >= run.info().extent.height) {
        return {};
    }
    const auto frame = workspace.run_view().frame;
    std::string text = fmt::format("x {} y {}", x, y);
    if (const auto word = run.frames().value_at(frame, x, y)) {
        text += fmt::format("   stored {}", *word + run.info().stored_offset);
    }
    const auto* job = run.job_with(frame);
    float opacity = 0.0F;
    if (job != nullptr && job->opacity().read_row(frame, x, y, std::span(&opacity, 1))) {
        text += fmt::format("   opacity {:.4f}", static_cast<double>(opacity));
    }
    return text;
}

}  // namespace dsm::viewer
