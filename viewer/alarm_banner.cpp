#include "viewer/alarm_banner.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

#include "dsp/core/spoken.h"

namespace dsm::viewer {

namespace {

std::string place_text(const Highlight& highlight) {
    std::string text = spoken(highlight.kind);
    text +=
        highlight.side == Side::undetermined ? "" : fmt::format(", {}", to_string(highlight.side));
    return text + (highlight.level.empty() ? "" : " " + highlight.level);
}

std::string alarm_text(const RunInfo& info, const Highlight& highlight) {
    const auto time = time_of(info, highlight.alarm_frame);
    std::string text = fmt::format("ALARM  frame {}", highlight.alarm_frame + 1);
    text += time ? fmt::format("  {:.1f} s", *time) : std::string();
    return text + fmt::format("   {}, {} ({:.2f})", place_text(highlight),
                              to_string(highlight.grade), highlight.confidence);
}

}  // namespace

AlarmBanner::AlarmBanner()
    : alarms_([this](FrameIndex frame, const Highlight& highlight, LiveAlarms::Kind kind) {
          if (kind == LiveAlarms::Kind::withdrawn) {
              withdrawn_.push_back(
                  fmt::format("Alarm withdrawn at frame {}: {}", frame + 1, place_text(highlight)));
          } else {
              raised_.push_back(highlight.id);
          }
      }) {}

std::vector<std::string> AlarmBanner::look(const RunInfo& info, FrameIndex frame,
                                           const std::vector<Highlight>& found,
                                           std::optional<int> selected) {
    if (frame < frame_) {
        alarms_.look(frame, {});
        withdrawn_.clear();
        seen_.clear();
    }
    frame_ = frame;
    alarms_.look(frame, found);
    std::erase_if(raised_, [&](int id) { return !alarms_.standing().contains(id); });
    std::erase_if(seen_, [&](int id) { return !alarms_.standing().contains(id); });
    if (selected && alarms_.standing().contains(*selected)) {
        seen_.insert(*selected);
    }
    text_.clear();
    for (const int id : raised_) {
        const auto now = std::find_if(found.begin(), found.end(),
                                      [id](const Highlight& h) { return h.id == id; });
        if (now != found.end() && !seen_.contains(id)) {
            text_ = alarm_text(info, *now);
        }
    }
    return std::exchange(withdrawn_, {});
}

}  // namespace dsm::viewer
