// What is on the screen as a film that can be written without it.
#pragma once

#include "dsp/reading/film.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

// The pictures of the layout, in the windows they are shown with, over the frames that are played,
// at their speed: with the part, the turn and the anatomy below that are on the screen, or
// (not `as_shown`) whole and as acquired. What keys hold for a moment is left out. Errors: a
// picture that is not there yet.
[[nodiscard]] Result<Film> film_of_view(Workspace& workspace, bool as_shown = true);

// Says how the film ended, once it has; for every turn of the window's loop.
void tend_film(Workspace& workspace);

}  // namespace dsm::viewer
