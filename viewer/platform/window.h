// The window, its GL context and its input. The only room that knows GLFW.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dsp/core/image.h"
#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm::viewer {

// "Ctrl+Shift+Z", "Left", "Space", "Alt+Up", "?": modifiers in the order Ctrl, Alt, Shift.
struct KeyEvent {
    enum class Kind { pressed, repeated, released } kind{Kind::pressed};
    std::string chord;
    std::string key;  // without modifiers; a release carries the key alone
};

struct NativeWindow;

class Window {
 public:
    // Opens a window with OpenGL 4.5, else 3.3. Without a display: an error that says so.
    [[nodiscard]] static Result<std::unique_ptr<Window>> open(const std::string& title, Extent size,
                                                              double font_scale);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;
    Window(Window&&) = delete;
    Window& operator=(Window&&) = delete;

    // Sleeps until something happens or `seconds` have passed; 0 only looks.
    void wait(double seconds);
    // Ends the wait() of the window's thread; from any thread.
    static void wake();

    // Between the two, ImGui takes widgets. `with_mouse` false hides the pointer from them.
    void begin_frame(bool with_mouse);
    // Draws; `before_swap` sees the finished picture.
    void end_frame(const std::function<void()>& before_swap);

    [[nodiscard]] bool close_requested() const;
    [[nodiscard]] std::vector<KeyEvent> take_keys();
    [[nodiscard]] std::vector<std::filesystem::path> take_dropped_files();
    // True once after input, exposure or a resize.
    [[nodiscard]] bool take_activity();
    [[nodiscard]] Extent framebuffer_extent() const;
    [[nodiscard]] double seconds() const;  // steady clock
    void set_title(const std::string& title);
    void set_full_screen(bool on);      // on the monitor the window is on; and back
    void set_font_scale(double scale);  // takes effect at the next frame
    [[nodiscard]] bool slow_renderer() const { return slow_renderer_; }

 private:
    explicit Window(std::unique_ptr<NativeWindow> native);

    std::unique_ptr<NativeWindow> native_;
    double font_scale_{1.0};
    bool fonts_stale_{true};
    bool slow_renderer_{false};
};

}  // namespace dsm::viewer
