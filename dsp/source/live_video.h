// Pictures of a video as a run that grows: a file, a capture device (V4L2) or a network stream.
//
// What a video shows are display values, 8 bits of them: linear intensity is (value / 255)^gamma,
// as far as that is known; opacities are as good as that. Colour becomes grey (BT.601).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "dsp/core/result.h"
#include "dsp/core/units.h"
#include "dsp/source/live_run.h"

namespace dsm {

struct LiveVideoParams {
    std::string source;               // file, "/dev/video0", or a URL; never logged as it is
    std::string name{"video"};        // of the run, for its results
    std::optional<PixelRect> region;  // of the picture; nothing: all of it
    double gamma{2.2};
    double end_s{10.0};         // a device or stream that gives no picture for so long has ended
    std::optional<int> frames;  // ends with so many
};

class LiveVideo {
 public:
    // Errors: not_found (cannot be opened), invalid_input (the region is not in the picture).
    [[nodiscard]] static Result<std::unique_ptr<LiveVideo>> open(LiveVideoParams params);
    ~LiveVideo();
    LiveVideo(const LiveVideo&) = delete;
    LiveVideo& operator=(const LiveVideo&) = delete;
    LiveVideo(LiveVideo&&) = delete;
    LiveVideo& operator=(LiveVideo&&) = delete;

    // Until `stop` or its end, which ends the run. A device that fails is opened again. Pictures of
    // a file wait for the processing; those of a device that come faster than they are processed
    // are left out, and the run says so.
    using OnRun = std::function<void(std::shared_ptr<LiveRun>)>;
    void run(const std::stop_token& stop, const OnRun& on_run);

 private:
    class Capture;
    explicit LiveVideo(std::unique_ptr<Capture> capture);
    std::unique_ptr<Capture> capture_;
};

// The source without what may be a secret: user and password of a URL, and what follows a '?'.
[[nodiscard]] std::string name_of_video(const std::string& source);

}  // namespace dsm
