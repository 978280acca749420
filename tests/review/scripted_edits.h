// A fixed sequence of acts on anything that executes, undoes and redoes: a Journal, or a Model in
// memory to compare it with. Act i leaves i + 1 steps behind, since each of them changes something.
#pragma once

#include <string>

#include "dsp/review/history.h"

namespace dsm::test {

struct Model {
    Review marks;
    History past;

    Result<bool> execute(const Edit& edit) { return past.execute(marks, edit); }
    Result<bool> undo() { return past.undo(marks); }
    Result<bool> redo() { return past.redo(marks); }
    [[nodiscard]] const Review& review() const { return marks; }
    [[nodiscard]] const History& history() const { return past; }
    void seal() { past.seal(); }
};

inline Edit scripted_edit(const Review& review, int act) {
    const std::string run = "1.2." + std::to_string(act % 3);
    switch (act % 4) {
        case 0: {
            const MarkId id = next_annotation_id(review_of(review, run));
            return {AddAnnotation{run,
                                  {id,
                                   ArrowShape{{1.0 * act, 2}, {3, 4.5 + act}},
                                   "no. " + std::to_string(act),
                                   {},
                                   false,
                                   {"RB", ""}}},
                    {},
                    {}};
        }
        case 1:
            return {SetLevelMark{run, "T7", {512.0, 100.25 + act}}, {}, {}};
        case 2:
            return {SetMaskFrames{run, std::vector<FrameIndex>{act, act + 3}}, {}, {}};
        default:
            return {SetManualShift{"1.2.9", Point{0.1 * act, -1.0}}, {}, "nudge"};
    }
}

template <class T>
Result<bool> scripted_act(T& target, int act) {
    if (act % 7 == 5 && target.history().can_undo()) {
        return target.undo();
    }
    if (act % 5 == 3 && target.history().can_redo()) {
        return target.redo();
    }
    return target.execute(scripted_edit(target.review(), act));
}

template <class T>
bool same_state(const T& a, const Model& b) {
    return a.review() == b.review() && a.history() == b.history();
}

}  // namespace dsm::test
