// The alarms of a run that is being acquired, as one line: the newest that stands and that the
// reader has not selected yet.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dsp/core/run_info.h"
#include "dsp/pipeline/live_alarms.h"

namespace dsm::viewer {

// Not thread-safe.
class AlarmBanner {
 public:
    AlarmBanner();
    AlarmBanner(const AlarmBanner&) = delete;
    AlarmBanner& operator=(const AlarmBanner&) = delete;
    AlarmBanner(AlarmBanner&&) = delete;
    AlarmBanner& operator=(AlarmBanner&&) = delete;
    ~AlarmBanner() = default;

    // What is known as of `frame`, and the highlight that is selected. A frame before the last one
    // begins anew: another pass has begun. The answer: what was withdrawn, one line each.
    std::vector<std::string> look(const RunInfo& info, FrameIndex frame,
                                  const std::vector<Highlight>& found, std::optional<int> selected);
    // Empty while there is none.
    [[nodiscard]] const std::string& text() const { return text_; }

 private:
    LiveAlarms alarms_;
    FrameIndex frame_{-1};
    std::vector<int> raised_;  // ids, the newest last
    std::set<int> seen_;
    std::vector<std::string> withdrawn_;
    std::string text_;
};

}  // namespace dsm::viewer
