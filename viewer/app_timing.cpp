// The two times a reader waits for: from opening a run to its first picture, and from one frame to
// any other. Both end when the window's picture is finished; that it then waits for the screen is
// not in them.
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <numeric>
#include <utility>
#include <vector>

#include "dsp/pipeline/bench.h"
#include "viewer/app.h"

namespace dsm::viewer {

namespace {

void tell(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace

Result<void> App::take_timing() {
    if (const auto file = std::exchange(workspace_.requests.time_opening, std::nullopt)) {
        return time_opening(*file);
    }
    if (std::exchange(workspace_.requests.time_scrubbing, false)) {
        time_scrubbing();
    }
    return {};
}

double App::drawn_at_s() {
    drawn_s_ = window_->seconds();
    draw();
    return *std::exchange(drawn_s_, std::nullopt);
}

Result<void> App::time_opening(const std::filesystem::path& file) {
    const double start_s = window_->seconds();
    if (auto opened = table_.perform(workspace_, {"open", {file.string()}}); !opened) {
        return opened;
    }
    const RunFrames& frames = workspace_.run()->frames();
    const FrameIndex shown = workspace_.run_view().frame;
    while (!frames.holds(shown)) {
        if (const auto why = frames.damage(shown)) {
            return fail(ErrorKind::unreadable, file.string(), *why);
        }
        constexpr double kLook_s = 0.005;
        window_->wait(kLook_s);
    }
    const double ms = 1e3 * (drawn_at_s() - start_s);
    tell(fmt::format("first picture: {:.0f} ms after opening", ms));
    return {};
}

// In strides, so that no frame is the one after that before it.
void App::time_scrubbing() {
    const FrameIndex frames = workspace_.run()->info().frames;
    constexpr FrameIndex kStride = 37;
    FrameIndex stride = kStride;
    while (std::gcd(frames, stride) > 1) {
        stride -= 2;
    }
    std::vector<double> times_ms;
    for (FrameIndex k = 0; k < frames; ++k) {
        const double start_s = window_->seconds();
        show_frame(workspace_, (k * stride) % frames);
        times_ms.push_back(1e3 * (drawn_at_s() - start_s));
    }
    const Spread spread = spread_of(std::move(times_ms));
    tell(fmt::format(
        "scrubbing: {} frames, work p50 {:.1f}, p95 {:.1f}, p99 {:.1f}, max {:.1f} ms ({})", frames,
        spread.p50, spread.p95, spread.p99, spread.max, workspace_.renderer));
}

}  // namespace dsm::viewer
