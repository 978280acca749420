// A folder, a DICOMDIR or a file searched for runs in the background: first their headers, then a
// picture of each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/run_info.h"
#include "viewer/study/background_job.h"

namespace dsm::viewer {

struct ListedRun {
    RunInfo info;         // without tables of values; of one that cannot be opened, the file alone
    std::string refusal;  // why it cannot be opened; empty where it can
    std::shared_ptr<const Image<std::uint8_t>> picture;  // of a frame; null before, and without one
};

// Used by one thread; the work goes on in one of its own. Destroying it asks the work to stop and
// waits for the file in hand.
class StudyScan {
 public:
    StudyScan(std::filesystem::path path, Wake wake);

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    // Runs whose headers were read since the last call, and again, with their pictures.
    [[nodiscard]] std::vector<ListedRun> take_news();
    // "Searching: 1200 files", "Reading headers: 12 of 40".
    [[nodiscard]] std::string progress() const;
    // 0 while nobody knows how much there is.
    [[nodiscard]] double fraction() const { return job_.fraction(); }
    void request_stop() { job_.request_stop(); }
    // How many runs there are; nothing while it works. Errors: those of find_runs().
    [[nodiscard]] std::optional<Result<std::size_t>> outcome() const { return job_.outcome(); }

 private:
    struct News {
        std::mutex mutex;
        std::string progress{"Searching"};
        std::vector<ListedRun> runs;
    };
    [[nodiscard]] static Result<std::size_t> search(const std::filesystem::path& path, News& news,
                                                    const std::stop_token& stop,
                                                    const std::function<void(double)>& on_progress);

    std::filesystem::path path_;
    std::shared_ptr<News> news_;
    BackgroundJob<std::size_t> job_;
};

}  // namespace dsm::viewer
