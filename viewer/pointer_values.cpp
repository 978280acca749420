#include "viewer/pointer_values.h"

#include <spdlog/fmt/fmt.h>

#include <cmath>

#include "viewer/curves.h"
#include "viewer/study/region_curve.h"
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
    // Over the same pixels as the curve under the pointer, so that both say the same.
    const auto* job = run.job_with(frame);
    const auto region = pixels_around(*workspace.view.probe_px, kProbeRadius_px, run.info().extent);
    if (const auto mean = job == nullptr ? std::nullopt : region_opacity(*job, frame, region)) {
        text += fmt::format("   opacity {:.4f} \xc2\xb1 {:.4f}", mean->mean, mean->standard_error);
    }
    return text;
}

}  // namespace dsm::viewer
