// Which highlights are worth an alarm the moment they come: those of a leak kind that reach a
// confidence of a half, once for each.
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "dsp/core/findings.h"

namespace dsm {

// Not thread-safe.
class LiveAlarms {
 public:
    static constexpr double kRaised = 0.5;
    // Below this an alarm no longer stands; lower than what raises one, so that it does not
    // flicker.
    static constexpr double kWithdrawn = 0.3;

    enum class Kind {
        raised,
        changed,    // lies where another stood until now
        withdrawn,  // no longer stands; the highlight is as it was raised
    };
    using Say = std::function<void(FrameIndex, const Highlight&, Kind)>;
    explicit LiveAlarms(Say say) : say_(std::move(say)) {}

    // The highlights as of `frame`; an id stays that of its highlight from call to call.
    void look(FrameIndex frame, const std::vector<Highlight>& found);
    // By id, as they were raised.
    [[nodiscard]] const std::map<int, Highlight>& standing() const { return raised_; }

 private:
    [[nodiscard]] std::vector<Highlight> take_gone(const std::vector<Highlight>& found);

    Say say_;
    std::map<int, Highlight> raised_;
};

}  // namespace dsm
