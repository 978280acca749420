// A question to an archive, a fetch or a sending, in the background.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dsp/dicom/network/archive_list.h"
#include "viewer/study/run_frames.h"

namespace dsm::viewer {

struct ArchiveAnswer {
    enum class Kind { found, fetched, sent } kind{};
    std::vector<FindMatch> matches;  // of `found`
    std::filesystem::path folder;    // of `fetched`
    std::string words;               // what was done, for the reader
};

// Thread-safe. Destroying it asks it to stop and waits for the answer that is waited for.
class ArchiveJob {
 public:
    using Work = std::function<Result<ArchiveAnswer>(
        const std::stop_token& stop, const std::function<void(double)>& on_progress)>;
    ArchiveJob(std::string title, Work work, Wake wake);

    void request_stop() { worker_.request_stop(); }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] double fraction() const { return fraction_.load(); }
    // Nothing while it works.
    [[nodiscard]] std::optional<Result<ArchiveAnswer>> outcome() const;

 private:
    void run(const Work& work, const std::stop_token& stop);

    std::string title_;
    Wake wake_;
    std::atomic<double> fraction_{0.0};
    mutable std::mutex mutex_;
    std::optional<Result<ArchiveAnswer>> outcome_;
    std::jthread worker_;
};

}  // namespace dsm::viewer
