// A folder in which runs arrive while they are acquired, watched in the background.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dsp/source/live_folder.h"
#include "viewer/study/run_frames.h"

namespace dsm::viewer {

// Thread-safe. Destroying it ends the runs as they are.
class LiveWatch {
 public:
    // Runs that came before the last two minutes are left alone: there may be many. Errors:
    // not_found, io.
    [[nodiscard]] static Result<std::unique_ptr<LiveWatch>> start(
        const std::filesystem::path& folder, Wake wake);
    ~LiveWatch() = default;
    LiveWatch(const LiveWatch&) = delete;
    LiveWatch& operator=(const LiveWatch&) = delete;
    LiveWatch(LiveWatch&&) = delete;
    LiveWatch& operator=(LiveWatch&&) = delete;

    // Runs that have begun since the last call; what could not be used, a line each.
    [[nodiscard]] std::vector<std::shared_ptr<LiveRun>> take_runs();
    [[nodiscard]] std::vector<std::string> take_refusals();

 private:
    LiveWatch(std::unique_ptr<LiveFolder> folder, Wake wake);

    std::unique_ptr<LiveFolder> folder_;
    Wake wake_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<LiveRun>> runs_;
    std::vector<std::string> refusals_;
    std::jthread worker_;
};

}  // namespace dsm::viewer
