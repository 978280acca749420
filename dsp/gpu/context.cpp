#include "dsp/gpu/context.h"

#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <array>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "dsp/gpu/gl.h"

namespace dsm::gpu {

struct Context::State {
    EGLDisplay display{EGL_NO_DISPLAY};
    EGLContext context{EGL_NO_CONTEXT};
    EGLSurface surface{EGL_NO_SURFACE};
    std::string renderer;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    State(State&&) = delete;
    State& operator=(State&&) = delete;
    // The display is left initialised: EGL has one for all contexts of a process.
    ~State() {
        if (context != EGL_NO_CONTEXT) {
            eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
            eglDestroyContext(display, context);
        }
        if (surface != EGL_NO_SURFACE) {
            eglDestroySurface(display, surface);
        }
    }
};

namespace {

bool lists(const char* extensions, std::string_view name) {
    return extensions != nullptr &&
           std::string_view(extensions).find(name) != std::string_view::npos;
}

template <class Function>
Function function_named(const char* name) {
    return reinterpret_cast<Function>(eglGetProcAddress(name));
}

// Graphics cards first; the platforms of Mesa after them, its software renderer included.
std::vector<EGLDisplay> displays() {
    std::vector<EGLDisplay> found;
    const char* offered = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    if (lists(offered, "EGL_EXT_platform_device")) {
        const auto query = function_named<PFNEGLQUERYDEVICESEXTPROC>("eglQueryDevicesEXT");
        std::array<EGLDeviceEXT, 16> devices{};
        EGLint count = 0;
        if (query != nullptr &&
            query(static_cast<EGLint>(devices.size()), devices.data(), &count) == EGL_TRUE) {
            for (int i = 0; i < count; ++i) {
                found.push_back(eglGetPlatformDisplay(
                    EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr));
            }
        }
    }
    if (lists(offered, "EGL_MESA_platform_surfaceless")) {
        found.push_back(eglGetPlatformDisplay(
            EGL_PLATFORM_SURFACELESS_MESA, reinterpret_cast<void*>(EGL_DEFAULT_DISPLAY), nullptr));
    }
    found.push_back(eglGetDisplay(EGL_DEFAULT_DISPLAY));
    return found;
}

EGLConfig config_of(EGLDisplay display) {
    const std::array<EGLint, 5> wanted{EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE,
                                       EGL_PBUFFER_BIT, EGL_NONE};
    EGLConfig config = EGL_NO_CONFIG_KHR;
    EGLint count = 0;
    const bool some =
        eglChooseConfig(display, wanted.data(), &config, 1, &count) == EGL_TRUE && count > 0;
    return some ? config : EGL_NO_CONFIG_KHR;
}

// Told of a lost context where the driver can tell.
EGLContext context_on(EGLDisplay display, EGLConfig config) {
    const std::array<EGLint, 11> robust{EGL_CONTEXT_MAJOR_VERSION,
                                        4,
                                        EGL_CONTEXT_MINOR_VERSION,
                                        5,
                                        EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                        EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                        EGL_CONTEXT_OPENGL_ROBUST_ACCESS,
                                        EGL_TRUE,
                                        EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY,
                                        EGL_LOSE_CONTEXT_ON_RESET,
                                        EGL_NONE};
    EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, robust.data());
    if (context == EGL_NO_CONTEXT) {
        std::array<EGLint, 7> plain{};
        std::copy_n(robust.begin(), 6, plain.begin());
        plain.back() = EGL_NONE;
        context = eglCreateContext(display, config, EGL_NO_CONTEXT, plain.data());
    }
    return context;
}

bool software(std::string_view renderer) {
    for (const std::string_view name : {"llvmpipe", "softpipe", "SwiftShader", "swrast"}) {
        if (renderer.find(name) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

bool bind_to_thread(EGLDisplay display, EGLConfig config, EGLContext context, EGLSurface& surface) {
    if (eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context) == EGL_TRUE) {
        return true;
    }
    if (config == EGL_NO_CONFIG_KHR) {
        return false;
    }
    const std::array<EGLint, 5> tiny{EGL_WIDTH, 1, EGL_HEIGHT, 1, EGL_NONE};
    surface = eglCreatePbufferSurface(display, config, tiny.data());
    return surface != EGL_NO_SURFACE &&
           eglMakeCurrent(display, surface, surface, context) == EGL_TRUE;
}

}  // namespace

Context::Context(std::unique_ptr<State> state) : state_(std::move(state)) {}
Context::~Context() = default;
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context&&) noexcept = default;

Result<Context> Context::create_headless() {
    std::unique_ptr<State> best;
    for (EGLDisplay display : displays()) {
        if (display == EGL_NO_DISPLAY || eglInitialize(display, nullptr, nullptr) != EGL_TRUE ||
            eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) {
            continue;
        }
        auto state = std::make_unique<State>();
        const EGLConfig config = config_of(display);
        state->display = display;
        state->context = context_on(display, config);
        if (state->context == EGL_NO_CONTEXT ||
            !bind_to_thread(display, config, state->context, state->surface)) {
            continue;
        }
        const GLubyte* name = glGetString(GL_RENDERER);
        state->renderer = name == nullptr ? "" : reinterpret_cast<const char*>(name);
        const bool hardware = !software(state->renderer);
        if (hardware || !best) {
            best = std::move(state);
        }
        if (hardware) {
            break;
        }
    }
    if (!best) {
        return fail(ErrorKind::unsupported, "OpenGL", "no driver here makes a 4.5 context",
                    "install the driver of the graphics card, or use --backend cpu");
    }
    Context context(std::move(best));
    context.make_current();  // a candidate that was let go of may have been current last
    return context;
}

void Context::make_current() const {
    eglMakeCurrent(state_->display, state_->surface, state_->surface, state_->context);
}

const std::string& Context::renderer() const {
    return state_->renderer;
}

bool Context::is_software() const {
    return software(state_->renderer);
}

bool graphics_device_present() {
    std::error_code ignored;
    for (const char* const path : {"/dev/dri/renderD128", "/dev/dri/card0", "/dev/nvidiactl"}) {
        if (std::filesystem::exists(path, ignored)) {
            return true;
        }
    }
    return false;
}

Result<void> check_driver(const std::string& what) {
    std::string found;
    for (GLenum error = glGetError(); error != GL_NO_ERROR; error = glGetError()) {
        found = error == GL_OUT_OF_MEMORY ? "it is out of memory"
                                          : "it reports error " + std::to_string(error);
        if (error == GL_CONTEXT_LOST) {
            break;
        }
    }
    if (glGetGraphicsResetStatus() != GL_NO_ERROR) {
        found = "it has been reset";
    }
    if (!found.empty()) {
        return fail(ErrorKind::unsupported, "graphics driver, " + what, found);
    }
    return {};
}

}  // namespace dsm::gpu
