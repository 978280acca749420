#include "viewer/platform/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_opengl3.h>
#include <imgui.h>

#include <cfloat>
#include <string_view>
#include <utility>

#include "dsp/gpu/framebuffer.h"
#include "viewer/platform/fonts.h"
#include "viewer/platform/key_names.h"

namespace dsm::viewer {

struct NativeWindow {
    GLFWwindow* window{nullptr};
    PixelRect windowed{};  // place and size before full screen
    std::vector<KeyEvent> keys;
    std::vector<std::filesystem::path> dropped;
    bool activity{true};
};

namespace {

NativeWindow& native_of(GLFWwindow* window) {
    return *static_cast<NativeWindow*>(glfwGetWindowUserPointer(window));
}

void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
    auto& native = native_of(window);
    native.activity = true;
    if (const auto event = key_event(key, scancode, action, modifiers)) {
        native.keys.push_back(*event);
    }
}

void on_character(GLFWwindow* window, unsigned int character) {
    auto& native = native_of(window);
    native.activity = true;
    if (const auto event = sign_event(character)) {
        native.keys.push_back(*event);
    }
}

void on_drop(GLFWwindow* window, int count, const char** paths) {
    auto& native = native_of(window);
    native.activity = true;
    native.dropped.insert(native.dropped.end(), paths, paths + count);
}

void listen(NativeWindow& native) {
    GLFWwindow* window = native.window;
    glfwSetWindowUserPointer(window, &native);
    glfwSetKeyCallback(window, on_key);
    glfwSetCharCallback(window, on_character);
    glfwSetDropCallback(window, on_drop);
    glfwSetCursorPosCallback(window,
                             [](GLFWwindow* w, double, double) { native_of(w).activity = true; });
    glfwSetMouseButtonCallback(window,
                               [](GLFWwindow* w, int, int, int) { native_of(w).activity = true; });
    glfwSetScrollCallback(window,
                          [](GLFWwindow* w, double, double) { native_of(w).activity = true; });
    glfwSetFramebufferSizeCallback(window,
                                   [](GLFWwindow* w, int, int) { native_of(w).activity = true; });
    glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { native_of(w).activity = true; });
    glfwSetWindowFocusCallback(window, [](GLFWwindow* w, int) { native_of(w).activity = true; });
}

std::string last_glfw_error() {
    const char* description = nullptr;
    glfwGetError(&description);
    return description == nullptr ? "no reason given" : description;
}

GLFWwindow* create_window(const std::string& title, Extent size) {
    constexpr std::pair<int, int> kVersions[] = {{4, 5}, {3, 3}};
    for (const auto& [major, minor] : kVersions) {
        glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, major);
        glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, minor);
        glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
        glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
        if (auto* window =
                glfwCreateWindow(size.width, size.height, title.c_str(), nullptr, nullptr)) {
            return window;
        }
    }
    return nullptr;
}

// The monitor a point of the desktop lies on, else the first; null without any.
GLFWmonitor* monitor_under(int x, int y) {
    int count = 0;
    GLFWmonitor** all = glfwGetMonitors(&count);
    for (int i = 0; i < count; ++i) {
        int left = 0;
        int top = 0;
        int width = 0;
        int height = 0;
        glfwGetMonitorWorkarea(all[i], &left, &top, &width, &height);
        if (x >= left && y >= top && x < left + width && y < top + height) {
            return all[i];
        }
    }
    return count > 0 ? all[0] : nullptr;
}

bool is_software(std::string_view renderer) {
    return renderer.find("llvmpipe") != std::string_view::npos ||
           renderer.find("softpipe") != std::string_view::npos ||
           renderer.find("SWR") != std::string_view::npos;
}

}  // namespace

Result<std::unique_ptr<Window>> Window::open(const std::string& title, Extent size,
                                             double font_scale) {
    if (glfwInit() != GLFW_TRUE) {
        return fail(ErrorKind::unsupported, "display",
                    "no window can be opened here (" + last_glfw_error() + ")",
                    "run it in a desktop session, or under xvfb-run");
    }
    auto native = std::make_unique<NativeWindow>();
    native->window = create_window(title, size);
    if (native->window == nullptr) {
        auto reason = last_glfw_error();
        glfwTerminate();
        return fail(ErrorKind::unsupported, "display",
                    "OpenGL 3.3 is not available here (" + reason + ")",
                    "install the graphics driver or Mesa");
    }
    glfwMakeContextCurrent(native->window);
    listen(*native);
    auto window = std::unique_ptr<Window>(new Window(std::move(native)));
    window->font_scale_ = font_scale;
    return window;
}

Window::Window(std::unique_ptr<NativeWindow> native)
    : native_(std::move(native)), slow_renderer_(is_software(gpu::renderer_name())) {
    glfwSwapInterval(slow_renderer_ ? 0 : 1);
    ImGui::CreateContext();
    ImGui::GetIO().IniFilename = nullptr;
    ImGui::GetIO().LogFilename = nullptr;
    // Clicks are timed by drawn frames, which come slowly without a graphics card.
    ImGui::GetIO().MouseDoubleClickTime = slow_renderer_ ? 0.6F : 0.35F;
    ImGui_ImplGlfw_InitForOpenGL(native_->window, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

Window::~Window() {
    ImGui_ImplOpenGL3_Shutdown();
    ImGui_ImplGlfw_Shutdown();
    ImGui::DestroyContext();
    glfwDestroyWindow(native_->window);
    glfwTerminate();
}

void Window::wait(double seconds) {
    if (seconds > 0.0) {
        glfwWaitEventsTimeout(seconds);
    } else {
        glfwPollEvents();
    }
}

void Window::wake() {
    glfwPostEmptyEvent();
}

void Window::begin_frame(bool with_mouse) {
    if (fonts_stale_) {
        load_fonts(font_scale_);
        ImGui_ImplOpenGL3_DestroyFontsTexture();
        ImGui_ImplOpenGL3_CreateFontsTexture();
        fonts_stale_ = false;
    }
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
    if (!with_mouse) {
        ImGui::GetIO().MousePos = ImVec2(-FLT_MAX, -FLT_MAX);
    }
    ImGui::NewFrame();
}

void Window::end_frame(const std::function<void()>& before_swap) {
    ImGui::Render();
    const auto extent = framebuffer_extent();
    glViewport(0, 0, extent.width, extent.height);
    glClearColor(0.05F, 0.05F, 0.055F, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    before_swap();
    glfwSwapBuffers(native_->window);
}

bool Window::close_requested() const {
    return glfwWindowShouldClose(native_->window) == GLFW_TRUE;
}

std::vector<KeyEvent> Window::take_keys() {
    return std::exchange(native_->keys, {});
}

std::vector<std::filesystem::path> Window::take_dropped_files() {
    return std::exchange(native_->dropped, {});
}

bool Window::take_activity() {
    return std::exchange(native_->activity, false);
}

Extent Window::framebuffer_extent() const {
    Extent extent;
    glfwGetFramebufferSize(native_->window, &extent.width, &extent.height);
    return extent;
}

double Window::seconds() const {
    return glfwGetTime();
}

void Window::set_title(const std::string& title) {
    glfwSetWindowTitle(native_->window, title.c_str());
}

void Window::set_full_screen(bool on) {
    auto* window = native_->window;
    if (on == (glfwGetWindowMonitor(window) != nullptr)) {
        return;
    }
    auto& kept = native_->windowed;
    if (!on) {
        glfwSetWindowMonitor(window, nullptr, kept.x, kept.y, kept.width, kept.height, 0);
        return;
    }
    glfwGetWindowPos(window, &kept.x, &kept.y);
    glfwGetWindowSize(window, &kept.width, &kept.height);
    auto* monitor = monitor_under(kept.x + kept.width / 2, kept.y + kept.height / 2);
    if (const auto* mode = monitor == nullptr ? nullptr : glfwGetVideoMode(monitor)) {
        glfwSetWindowMonitor(window, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
    }
}

void Window::set_font_scale(double scale) {
    fonts_stale_ = fonts_stale_ || scale != font_scale_;
    font_scale_ = scale;
}

}  // namespace dsm::viewer
