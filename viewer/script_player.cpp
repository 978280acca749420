#include "viewer/script_player.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

bool busy(const Workspace& workspace) {
    return works_in_background(workspace) ||
           std::any_of(workspace.study.runs.begin(), workspace.study.runs.end(),
                       [](const auto& run) { return run->busy(); });
}

}  // namespace

Result<void> ScriptPlayer::step(const ActionTable& table, Workspace& workspace) {
    if (auto failure = std::exchange(workspace.requests.failure, std::nullopt)) {
        return fail(failure->kind, subject_, failure->message());
    }
    if (waiting_) {
        waiting_ = busy(workspace);
        return {};
    }
    if (next_ >= lines_.size()) {
        return {};
    }
    const auto& line = lines_[next_++];
    if (auto done = table.perform(workspace, line.invocation); !done) {
        return fail(done.error().kind, fmt::format("{}:{}", subject_, line.number),
                    fmt::format("{}: {}", line.text, done.error().message()));
    }
    waiting_ = workspace.requests.wait_until_idle;
    workspace.requests.wait_until_idle = false;
    return {};
}

}  // namespace dsm::viewer
