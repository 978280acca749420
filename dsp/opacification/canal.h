// Veins over the sac: a third of fistulas drain into the epidural plexus inside the canal (clinical
// reference, section 3), and there the vein lies on the sac in the picture, or winds along its
// border.
//
// What hides it is the sac itself. With E the opacity just after contrast reached a level and W the
// opacity now, the sac alone obeys
//     W(x', y) = g(y) r(x') E(x', y),
// x' the distance from the axis, y along it: g is how much more contrast that level holds, r how
// its profile across has changed while contrast layers and mixes, which is nearly the same a little
// higher and a little lower; bone over the sac is in E and W alike and cancels. A vein that winds
// or crosses is neither. So r is the running median along the sac of W / (g E), and what W has
// beyond g r E is left; of that again the running median along the sac goes, because the border
// itself may have moved. What runs straight along the sac cancels with it: a straight vein exactly
// at the border cannot be told from the border.
#pragma once

#include "dsp/core/image.h"
#include "dsp/core/image_pool.h"
#include "dsp/core/units.h"
#include "dsp/opacification/sac.h"
#include "dsp/opacification/work_grid.h"

namespace dsm {

// The zone is the sac's border, where the lateral channels of the plexus run: farther inside,
// contrast between the roots changes in lines of its own.
constexpr double kCanalInMm = 1.5;
constexpr double kCanalOutMm = 3.0;
constexpr double kAlongMm = 15.0;   // a winding vein repeats itself in less
constexpr double kSacShare = 0.15;  // of the sac's opacity: fainter places have no ratio

// Where lines are sought: beside the sac, or over it and at its very border.
enum class Zone { beside, canal };

// Whether a place `outside_px` beyond the sac's border (coarse px, negative inside) belongs to the
// zone. Lines beside the sac lie farther out than half their width.
[[nodiscard]] bool in_zone(Zone zone, double outside_px, double line_width_px, double mm_per_px);

// `now` and `early` (W and E above) show `corridor` of the coarse grid; `now` becomes what the sac
// does not explain, 0 beyond the sac's ends and farther than kAlongMm from its border. Works on all
// cores, in pictures of `pool`.
void take_sac_away(const Sac& sac, const WorkGrid& grid, PixelRect corridor,
                   const Image<float>& early, ImagePool<float>& pool, Image<float>& now);

}  // namespace dsm
