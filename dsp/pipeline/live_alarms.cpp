#include "dsp/pipeline/live_alarms.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dsm {
namespace {

bool overlap(const PixelRect& a, const PixelRect& b) {
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

}  // namespace

void LiveAlarms::look(FrameIndex frame, const std::vector<Highlight>& found) {
    std::vector<Highlight> gone = take_gone(found);
    for (const Highlight& highlight : found) {
        const bool alarm = is_leak(highlight.kind) && highlight.confidence >= kRaised;
        if (!alarm || !raised_.try_emplace(highlight.id, highlight).second) {
            continue;
        }
        const auto before = std::find_if(gone.begin(), gone.end(), [&](const Highlight& h) {
            return overlap(h.bbox_px, highlight.bbox_px);
        });
        say_(frame, highlight, before == gone.end() ? Kind::raised : Kind::changed);
        if (before != gone.end()) {
            gone.erase(before);
        }
    }
    for (const Highlight& highlight : gone) {
        say_(frame, highlight, Kind::withdrawn);
    }
}

// Those that were raised and do not stand any more.
std::vector<Highlight> LiveAlarms::take_gone(const std::vector<Highlight>& found) {
    std::vector<Highlight> gone;
    for (auto at = raised_.begin(); at != raised_.end();) {
        const bool stands = std::any_of(found.begin(), found.end(), [&](const Highlight& h) {
            return h.id == at->first && is_leak(h.kind) && h.confidence >= kWithdrawn;
        });
        if (!stands) {
            gone.push_back(std::move(at->second));
        }
        at = stands ? std::next(at) : raised_.erase(at);
    }
    return gone;
}

}  // namespace dsm
