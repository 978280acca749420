#include "dsp/review/history.h"

#include <type_traits>
#include <utility>

namespace dsm {
namespace {

// Both set one and the same thing as a whole, so that the later makes the earlier superfluous.
struct SameTarget {
    bool operator()(const EditAnnotation& a, const EditAnnotation& b) const {
        return a.run == b.run && a.annotation.id == b.annotation.id;
    }
    bool operator()(const EditKeyImage& a, const EditKeyImage& b) const {
        return a.run == b.run && a.image.id == b.image.id;
    }
    bool operator()(const SetLevelMark& a, const SetLevelMark& b) const {
        return a.run == b.run && a.label == b.label;
    }
    bool operator()(const SetVerdict& a, const SetVerdict& b) const {
        return a.run == b.run && a.verdict.id == b.verdict.id;
    }
    bool operator()(const SetMaskFrames& a, const SetMaskFrames& b) const { return a.run == b.run; }
    bool operator()(const SetManualShift& a, const SetManualShift& b) const {
        return a.run == b.run;
    }
    template <class A, class B>
    bool operator()(const A&, const B&) const {
        return false;
    }
};

Result<void> keep_if_asked(const KeepStep& keep, const Step& step) {
    return keep ? keep(step) : Result<void>{};
}

}  // namespace

bool History::can_merge(const Command& command) const {
    return position_ > 0 && position_ == entries_.size() &&
           std::visit(SameTarget{}, entries_.back().command, command);
}

Result<bool> History::take(Review& review, const Step& step, const KeepStep& keep) {
    auto inverse = try_execute(review, step.command);
    if (!inverse) {
        return tl::unexpected(inverse.error());
    }
    if (!*inverse) {
        return false;
    }
    if (auto kept = keep_if_asked(keep, step); !kept) {
        (void)dsm::execute(review, **inverse);
        return tl::unexpected(kept.error());
    }
    entries_.resize(position_);
    if (step.merges) {
        entries_.back().command = step.command;
        entries_.back().label = step.label;
    } else {
        entries_.push_back({step.label, step.command, std::move(**inverse)});
    }
    position_ = entries_.size();
    return true;
}

Result<bool> History::execute(Review& review, const Edit& edit, const KeepStep& keep) {
    Step step{Step::Action::execute, edit.command,
              edit.label.empty() ? describe(edit.command) : edit.label, false};
    step.merges = !edit.merge_key.empty() && edit.merge_key == open_key_ && can_merge(edit.command);
    auto done = take(review, step, keep);
    if (done && *done) {
        open_key_ = edit.merge_key;
    }
    return done;
}

Result<bool> History::move(Review& review, Step::Action action, const KeepStep& keep) {
    const bool back = action == Step::Action::undo;
    if (back ? !can_undo() : !can_redo()) {
        return false;
    }
    if (auto kept = keep_if_asked(keep, Step{action, CommandGroup{}, {}, false}); !kept) {
        return tl::unexpected(kept.error());
    }
    seal();
    if (back) {
        --position_;
        (void)dsm::execute(review, entries_[position_].inverse);
    } else {
        (void)dsm::execute(review, entries_[position_].command);
        ++position_;
    }
    return true;
}

Result<bool> History::undo(Review& review, const KeepStep& keep) {
    return move(review, Step::Action::undo, keep);
}

Result<bool> History::redo(Review& review, const KeepStep& keep) {
    return move(review, Step::Action::redo, keep);
}

Result<void> History::go_to(Review& review, std::size_t position, const KeepStep& keep) {
    while (position_ != position) {
        auto moved = position < position_ ? undo(review, keep) : redo(review, keep);
        if (!moved) {
            return tl::unexpected(moved.error());
        }
        if (!*moved) {
            break;
        }
    }
    return {};
}

Result<void> History::replay(Review& review, const Step& step) {
    Result<bool> done = false;
    if (step.action != Step::Action::execute) {
        done = move(review, step.action, {});
    } else if (!step.merges || can_merge(step.command)) {
        done = take(review, step, {});
        seal();
    }
    if (!done) {
        return tl::unexpected(done.error());
    }
    if (!*done) {
        return fail(ErrorKind::unreadable, "history", "a step does not fit what came before it");
    }
    return {};
}

}  // namespace dsm
