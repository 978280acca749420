// The viewer's type: DejaVu Sans, which Debian's fonts-dejavu-core brings.
#pragma once

namespace dsm::viewer {

// Fills ImGui's font atlas at `scale` times 15 px; ImGui's own font if DejaVu is not there.
void load_fonts(double scale);

}  // namespace dsm::viewer
