// Plays a script one line at a time, each after the window has drawn what came before.
#pragma once

#include <optional>
#include <vector>

#include "dsp/core/result.h"
#include "viewer/action_table.h"
#include "viewer/script.h"

namespace dsm::viewer {

class ScriptPlayer {
 public:
    explicit ScriptPlayer(std::vector<ScriptLine> lines, std::string subject)
        : lines_(std::move(lines)), subject_(std::move(subject)) {}

    // Performs the next line, unless a wait is not over. Errors name the line.
    [[nodiscard]] Result<void> step(const ActionTable&, Workspace&);
    // Between lines that wait for processing: nothing needs drawing.
    [[nodiscard]] bool waiting() const { return waiting_; }
    [[nodiscard]] bool finished() const { return next_ >= lines_.size() && !waiting_; }

 private:
    std::vector<ScriptLine> lines_;
    std::string subject_;
    std::size_t next_{0};
    bool waiting_{false};
};

}  // namespace dsm::viewer
