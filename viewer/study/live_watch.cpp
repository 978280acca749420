#include "viewer/study/live_watch.h"

#include <utility>

namespace dsm::viewer {

Result<std::unique_ptr<LiveWatch>> LiveWatch::start(const std::filesystem::path& folder,
                                                    Wake wake) {
    LiveFolderParams params;
    params.folder = folder;
    params.only_new = true;
    params.recent_s = 120.0;  // of a run that is under way from its beginning
    params.frames = RunFrames::kMostLiveFrames;
    auto opened = LiveFolder::open(std::move(params));
    if (!opened) {
        return tl::unexpected(opened.error());
    }
    return std::unique_ptr<LiveWatch>(new LiveWatch(std::move(*opened), std::move(wake)));
}

LiveWatch::LiveWatch(std::unique_ptr<LiveFolder> folder, Wake wake)
    : folder_(std::move(folder)),
      wake_(std::move(wake)),
      worker_([this](const std::stop_token& stop) {
          folder_->run(stop, false,
                       {[this](std::shared_ptr<LiveRun> run) {
                            const std::scoped_lock lock(mutex_);
                            runs_.push_back(std::move(run));
                            wake_();
                        },
                        [this](const Error& refused) {
                            const std::scoped_lock lock(mutex_);
                            refusals_.push_back(refused.message());
                            wake_();
                        }});
      }) {}

std::vector<std::shared_ptr<LiveRun>> LiveWatch::take_runs() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(runs_, {});
}

std::vector<std::string> LiveWatch::take_refusals() {
    const std::scoped_lock lock(mutex_);
    return std::exchange(refusals_, {});
}

}  // namespace dsm::viewer
