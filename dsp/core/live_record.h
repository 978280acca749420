// How a run that was processed while it was still being acquired came in: what is missing from it,
// why it ended, and how long after its last byte each frame was done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/units.h"

namespace dsm {

enum class LiveSourceKind { folder, video };

// Frames that should have come between two others and did not.
struct LiveGap {
    FrameIndex before_frame{0};  // the frame that came next; where none did, one past the last
    std::optional<int> missing;  // frames; nothing where it is not known
    std::string why;             // one line
    friend bool operator==(const LiveGap&, const LiveGap&) = default;
};

// From the last byte of a frame received to its highlights known, ms. Frames already waiting when
// the program was started count as well.
struct LiveLatency {
    std::size_t frames{0};
    double p50_ms{0.0}, p95_ms{0.0}, p99_ms{0.0}, max_ms{0.0};
    friend bool operator==(const LiveLatency&, const LiveLatency&) = default;
};

struct LiveRecord {
    LiveSourceKind source{LiveSourceKind::folder};
    std::vector<LiveGap> gaps;  // the first kMostGaps of them
    int more_gaps{0};
    std::int64_t missing{0};  // frames, as far as they could be counted
    int too_late{0};          // frames that came after a later one had been processed: left out
    std::string ended;        // why, one line
    std::optional<LiveLatency> latency;  // nothing where no frame was done

    static constexpr std::size_t kMostGaps = 1000;
    void add(LiveGap gap) {
        missing += gap.missing.value_or(0);
        if (gaps.size() < kMostGaps) {
            gaps.push_back(std::move(gap));
        } else {
            ++more_gaps;
        }
    }
    friend bool operator==(const LiveRecord&, const LiveRecord&) = default;
};

}  // namespace dsm
