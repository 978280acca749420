// The only file that names a GL header. libOpenGL exports the core functions, so no loader is
// needed. A context must be current on the calling thread wherever a wrapper of this room is used.
#pragma once

#ifndef GL_GLEXT_PROTOTYPES
#define GL_GLEXT_PROTOTYPES
#endif
#include <GL/glcorearb.h>
