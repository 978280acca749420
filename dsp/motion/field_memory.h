// The fields last found, mask by mask: where the fit of the next frame may start.
#pragma once

#include <cstddef>
#include <deque>

#include "dsp/core/units.h"
#include "dsp/motion/displacement.h"

namespace dsm {

// Not thread-safe.
class FieldMemory {
 public:
    // Null where none is kept; valid until the next keep().
    [[nodiscard]] const Displacement* find(FrameIndex mask) const;
    // Beyond 32 masks the one not used for longest is forgotten.
    void keep(FrameIndex mask, const Displacement& field);

 private:
    struct Entry {
        FrameIndex mask;
        Displacement field;
    };
    std::deque<Entry> entries_;  // used last: first
};

}  // namespace dsm
