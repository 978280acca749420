#include "dsp/core/orientation.h"

namespace dsm {

Point Orientation::onto_screen(Point v) const {
    v.x = mirrored ? -v.x : v.x;
    switch (quarter_turns) {
        case 1:
            return {-v.y, v.x};
        case 2:
            return {-v.x, -v.y};
        case 3:
            return {v.y, -v.x};
        default:
            return v;
    }
}

Point Orientation::from_screen(Point v) const {
    Point back = v;
    switch (quarter_turns) {
        case 1:
            back = {v.y, -v.x};
            break;
        case 2:
            back = {-v.x, -v.y};
            break;
        case 3:
            back = {-v.y, v.x};
            break;
        default:
            break;
    }
    back.x = mirrored ? -back.x : back.x;
    return back;
}

Orientation Orientation::turned(int quarters) const {
    return {(((quarter_turns + quarters) % 4) + 4) % 4, mirrored};
}

// Mirroring what was turned is turning the other way what was mirrored.
Orientation Orientation::mirrored_across() const {
    return {(4 - quarter_turns) % 4, !mirrored};
}

Orientation Orientation::mirrored_upright() const {
    return mirrored_across().turned(2);
}

}  // namespace dsm
