// Undo and redo without limit. A History belongs to one Review and is the only one to change it.
// No clock and no file in here: what merges is said by a key, and what keeps each step (the
// journal) is handed in. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "dsp/review/commands.h"

namespace dsm {

// A change as the operator makes it.
struct Edit {
    Command command;
    std::string label;  // for the history panel; empty: describe(command)
    // Edits of one object that follow each other with the same key count as one ("drag-17", new for
    // every drag). Empty: never merged. Adding, removing and groups are never merged.
    std::string merge_key;
};

// What happened, in the order it happened: enough to bring Review and History back.
struct Step {
    enum class Action { execute, undo, redo };
    Action action{Action::execute};
    Command command{CommandGroup{}};  // of `execute`; an empty group for the others
    std::string label;
    bool merges{false};  // into the entry before
    friend bool operator==(const Step&, const Step&) = default;
};

// Called when a step is certain to work and before it counts; an error takes it back.
using KeepStep = std::function<Result<void>(const Step&)>;

struct HistoryEntry {
    std::string label;
    Command command;
    Command inverse;
    friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

class History {
 public:
    // True: done and kept. False: it would change nothing. An error: refused, or not kept, and
    // then the Review and the History are as they were.
    Result<bool> execute(Review&, const Edit&, const KeepStep& keep = {});
    // False: nothing to undo, or to redo.
    Result<bool> undo(Review&, const KeepStep& keep = {});
    Result<bool> redo(Review&, const KeepStep& keep = {});
    // Undoes or redoes until `position` entries are done; stops at the first error.
    Result<void> go_to(Review&, std::size_t position, const KeepStep& keep = {});

    // A step that was kept earlier. An error where it does not fit what came before.
    Result<void> replay(Review&, const Step&);

    // The next edit does not merge into the last entry.
    void seal() { open_key_.clear(); }

    // All entries, oldest first; those from position() on are undone and can be redone.
    [[nodiscard]] const std::vector<HistoryEntry>& entries() const { return entries_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] bool can_undo() const { return position_ > 0; }
    [[nodiscard]] bool can_redo() const { return position_ < entries_.size(); }

    // The same entries and the same position.
    friend bool operator==(const History& a, const History& b) {
        return a.entries_ == b.entries_ && a.position_ == b.position_;
    }

 private:
    [[nodiscard]] bool can_merge(const Command&) const;
    Result<bool> take(Review&, const Step&, const KeepStep&);
    Result<bool> move(Review&, Step::Action, const KeepStep&);

    std::vector<HistoryEntry> entries_;
    std::size_t position_{0};
    std::string open_key_;  // of the last edit; empty after undo, redo and seal
};

}  // namespace dsm
