// An OpenGL 4.5 core context without a window, by EGL: on a graphics card's own display where there
// is one, else on whatever the surfaceless or the default platform offers.
#pragma once

#include <memory>
#include <string>

#include "dsp/core/result.h"

namespace dsm::gpu {

// Current on the thread that made it, until it or another made there is destroyed; use it on that
// thread alone.
class Context {
 public:
    // Graphics hardware before a software renderer. Errors: no driver, or none with OpenGL 4.5.
    [[nodiscard]] static Result<Context> create_headless();
    ~Context();
    Context(Context&&) noexcept;
    Context& operator=(Context&&) noexcept;
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    // Again, after another context was current on this thread.
    void make_current() const;
    // As the driver names itself.
    [[nodiscard]] const std::string& renderer() const;
    // The driver computes on the processor (Mesa's llvmpipe, softpipe, SwiftShader).
    [[nodiscard]] bool is_software() const;

 private:
    struct State;
    explicit Context(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Whether the system has a device that graphics hardware is driven through: cheap, no driver is
// loaded.
[[nodiscard]] bool graphics_device_present();

// What went wrong in the calls since the last look, the loss of the context included; success where
// nothing did. `what` names the work for the error line.
[[nodiscard]] Result<void> check_driver(const std::string& what);

}  // namespace dsm::gpu
