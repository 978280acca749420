#include "viewer/app.h"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "dsp/gpu/framebuffer.h"
#include "dsp/gpu/screenshot.h"
#include "viewer/canvas/text_entry.h"
#include "viewer/film_of_view.h"
#include "viewer/open_runs.h"
#include "viewer/panels/live_badge.h"
#include "viewer/panels/panels.h"
#include "viewer/panels/timing_overlay.h"
#include "viewer/theme.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

// A software renderer is drawn with less often, so that processing keeps its cores.
constexpr double kSlowInterval_s = 0.05;
constexpr double kFastInterval_s = 0.0;
// While nothing is going on.
constexpr double kIdleWait_s = 1.0;
// Progress and new frames are shown this often at most.
constexpr double kNewsInterval_s = 0.1;

}  // namespace

Result<std::unique_ptr<App>> App::create(const AppOptions& options) {
    std::optional<ScriptPlayer> script;
    if (options.script) {
        auto lines = read_script(*options.script);
        if (!lines) {
            return tl::unexpected(lines.error());
        }
        script.emplace(std::move(*lines), *options.script);
    }
    auto window = Window::open("dsm-viewer", options.size, options.font_scale.value_or(1.0));
    if (!window) {
        return tl::unexpected(window.error());
    }
    auto renderer = PictureRenderer::create();
    if (!renderer) {
        return tl::unexpected(renderer.error());
    }
    std::unique_ptr<App> app(
        new App(std::move(*window), std::move(*renderer), std::move(script), options));
    if (options.live) {
        auto watch = LiveWatch::start(*options.live, app->workspace_.wake);
        if (!watch) {
            return tl::unexpected(watch.error());
        }
        app->live_ = std::make_unique<LiveFollow>(std::move(*watch), *options.live);
    }
    return app;
}

App::App(std::unique_ptr<Window> window, PictureRenderer renderer,
         std::optional<ScriptPlayer> script, const AppOptions& options)
    : window_(std::move(window)), renderer_(std::move(renderer)), script_(std::move(script)) {
    workspace_.usual_keys = table_.usual_keys();
    workspace_.keys = workspace_.usual_keys;
    load_settings(options);
    workspace_.renderer = fmt::format("{}, OpenGL {}", gpu::renderer_name(), gpu::version_name());
    workspace_.wake = [] { Window::wake(); };
    spdlog::info("renderer: {}{}", workspace_.renderer,
                 window_->slow_renderer() ? " (software: drawing less often)" : "");
    // A later run that opens well must not cover that an earlier one did not.
    std::optional<std::string> refused;
    for (const auto& run : options.runs) {
        if (auto opened = table_.perform(workspace_, {"open", {run}}); !opened) {
            spdlog::error("{}", opened.error().message());
            refused = refused.value_or(opened.error().message());
        }
    }
    if (refused) {
        workspace_.complain(*refused);
    }
}

// A script repeats whatever its reader prefers, unless it names settings.
void App::load_settings(const AppOptions& options) {
    settings_file_ = options.settings.value_or(script_ ? std::filesystem::path() : settings_file());
    if (!settings_file_.empty()) {
        auto loaded = read_settings(settings_file_);
        put_in_force(loaded.settings, workspace_, loaded.notices);
        settings_ = std::move(loaded.settings);
        for (const auto& notice : loaded.notices) {
            spdlog::warn("{}", notice);
            workspace_.complain(notice);
        }
    }
    workspace_.view.font_scale = options.font_scale.value_or(workspace_.view.font_scale);
    settings_ = settings_in_force(workspace_, settings_);
}

void App::keep_settings() {
    auto now = settings_in_force(workspace_, settings_);
    if (settings_file_.empty() || now == settings_) {
        return;
    }
    settings_ = std::move(now);
    if (auto written = write_settings(settings_file_, settings_); !written) {
        settings_file_.clear();  // once is enough
        spdlog::warn("{}", written.error().message());
        workspace_.complain(written.error().message());
    }
}

void App::perform(const Invocation& invocation) {
    if (auto done = table_.perform(workspace_, invocation); !done) {
        workspace_.complain(done.error().message());
    }
    if (invocation.action != "hover") {
        frames_owed_ = std::max(frames_owed_, 3);
    } else {
        frames_owed_ = std::max(frames_owed_, 1);
    }
}

void App::take_key(const KeyEvent& event) {
    if (event.kind == KeyEvent::Kind::released) {
        for (const auto* action : table_.held_by(event.key, workspace_.keys)) {
            perform({action->name, {"off"}});
        }
        return;
    }
    auto& view = workspace_.view;
    const bool leaving = event.chord == "Escape";
    if (!view.key_of.empty() && !leaving) {
        perform({"set-key", {std::exchange(view.key_of, {}), event.chord}});
        return;
    }
    if (view.palette_shown) {
        // Not by ImGui, which misses a key that comes up before the next frame is drawn.
        palette_.entered = palette_.entered || event.chord == "Enter";
        palette_.moved += event.chord == "Down" ? 1 : event.chord == "Up" ? -1 : 0;
    }
    const bool dialog = view.file_dialog_shown || view.palette_shown || view.preferences_shown ||
                        view.archives_shown || view.studies_shown;
    if ((ImGui::GetIO().WantTextInput || dialog) && !leaving) {
        return;
    }
    if (leaving && gesture_.kind != Gesture::Kind::none) {
        gesture_ = {};
        return;
    }
    if (const auto* action = table_.for_key(event.chord, workspace_.keys)) {
        if (action->held) {
            perform({action->name, {"on"}});
        } else if (action->enabled(workspace_)) {
            perform({action->name, {}});
        }
    }
}

void App::take_input() {
    for (const auto& event : window_->take_keys()) {
        take_key(event);
    }
    for (const auto& file : window_->take_dropped_files()) {
        perform({holds_many(file) ? "studies-search" : "open", {file.string()}});
    }
    for (const auto& invocation : intents_.take()) {
        perform(invocation);
    }
    if (window_->take_activity()) {
        frames_owed_ = std::max(frames_owed_, 3);
    }
}

// Lets `seconds` pass for the playback; scripts say how many, people live through them.
void App::tick(double seconds) {
    if (play_on(workspace_, seconds)) {
        frames_owed_ = std::max(frames_owed_, 1);
    }
}

Result<void> App::take_script_step() {
    if (!script_ || frames_owed_ > 0) {
        return {};
    }
    if (screenshot_failure_) {
        return tl::unexpected(*screenshot_failure_);
    }
    if (auto done = script_->step(table_, workspace_); !done) {
        return done;
    }
    frames_owed_ = script_->waiting() ? frames_owed_ : std::max(frames_owed_, 3);
    if (workspace_.requests.stay) {
        script_.reset();
        return {};
    }
    if (script_->finished() && !workspace_.requests.screenshot) {
        workspace_.requests.quit = true;
    }
    return {};
}

double App::seconds_to_wait() const {
    if (script_ && script_->waiting()) {
        return kNewsInterval_s;
    }
    if (script_ || frames_owed_ > 0) {
        return script_ ? 0.0 : kSlowInterval_s * 0.1;
    }
    if (workspace_.playback.playing && workspace_.run() != nullptr) {
        const auto& schedule = workspace_.schedule;
        const double now = workspace_.playback.position_s;
        const double until = workspace_.playback.backwards
                                 ? now - schedule.time_of(schedule.frame_at(now))
                                 : schedule.until_next(now);
        return std::clamp(until / workspace_.playback.speed, 0.001, kIdleWait_s);
    }
    return kIdleWait_s;
}

Result<void> App::run() {
    last_tick_s_ = window_->seconds();
    while (!window_->close_requested() && !workspace_.requests.quit) {
        window_->wait(seconds_to_wait());
        take_input();
        const double now = window_->seconds();
        tick(script_ ? std::exchange(workspace_.requests.advance_s, 0.0) : now - last_tick_s_);
        last_tick_s_ = now;
        for (auto& run : workspace_.study.runs) {
            run->tend();
        }
        tend_film(workspace_);
        const bool studies_changed = tend_studies(workspace_);
        if (tend_archives(workspace_) || studies_changed) {
            frames_owed_ = std::max(frames_owed_, 3);
        }
        keep_settings();
        if (live_ && live_->tend(workspace_)) {
            frames_owed_ = std::max(frames_owed_, 1);
        }
        if (auto done = take_script_step(); !done) {
            return done;
        }
        if (auto done = take_timing(); !done) {
            return done;
        }
        const bool busy = works_in_background(workspace_) ||
                          (workspace_.run() != nullptr && workspace_.run()->busy());
        if (busy && !script_ && now - last_draw_s_ > kNewsInterval_s) {
            frames_owed_ = std::max(frames_owed_, 1);
        }
        const double interval =
            window_->slow_renderer() && !script_ ? kSlowInterval_s : kFastInterval_s;
        if (frames_owed_ > 0 && now - last_draw_s_ >= interval) {
            last_draw_s_ = now;
            --frames_owed_;
            draw();
        }
    }
    return {};
}

void App::draw_panes() {
    const auto& io = ImGui::GetIO();
    const Extent size{static_cast<int>(io.DisplaySize.x), static_cast<int>(io.DisplaySize.y)};
    const auto panes = arrange(size, static_cast<double>(ImGui::GetTextLineHeight()),
                               workspace_.view.side_panel_shown && workspace_.run() != nullptr,
                               workspace_.study.runs.size() > 1, toolbar_rows_);
    if (workspace_.run() != nullptr) {
        const auto views = split_views(panes.canvas, runs_shown(workspace_).size());
        workspace_.view.picture_size = {views.front().width, views.front().height};
    }
    draw_menu_bar(workspace_, table_, panes.menu, intents_);
    const int rows = draw_toolbar(workspace_, panes.toolbar, intents_);
    if (std::exchange(toolbar_rows_, rows) != rows) {
        frames_owed_ = std::max(frames_owed_, 2);
    }
    if (panes.runs.width > 0.0) {
        draw_run_list(workspace_, thumbnails_, panes.runs, intents_);
    }
    draw_canvas(workspace_, renderer_, gesture_, panes.canvas, intents_);
    if (live_) {
        draw_live_badge(live_->badge(workspace_), panes.menu, panes.canvas);
    }
    draw_timing_overlay(workspace_, panes.canvas);
    draw_timeline(workspace_, panes.timeline, intents_);
    if (panes.side.width > 0.0) {
        draw_side_panel(workspace_, curves_, panes.side, intents_);
    }
    draw_status_bar(workspace_, panes.status, intents_);
    draw_text_entry(gesture_, intents_);
    draw_help(workspace_, table_, intents_);
    draw_about(workspace_, intents_);
    draw_studies(workspace_, study_entry_, thumbnails_, intents_);
    draw_file_dialog(workspace_, browser_, intents_);
    draw_archives(workspace_, archive_entry_, intents_);
    draw_preferences(workspace_, table_, key_filter_, intents_);
    draw_palette(workspace_, table_, palette_, intents_);
}

void App::draw() {
    if (theme_scale_ != workspace_.view.font_scale || theme_ != workspace_.view.theme) {
        theme_scale_ = workspace_.view.font_scale;
        theme_ = workspace_.view.theme;
        apply_theme(theme_scale_, theme_);
        window_->set_font_scale(theme_scale_);
    }
    if (workspace_.run() != nullptr) {
        link_runs(workspace_);
        for (const auto index : runs_shown(workspace_)) {
            fill_windows(*workspace_.study.runs[index], workspace_.view.runs[index]);
        }
    }
    window_->set_full_screen(workspace_.view.full_screen);
    window_->begin_frame(!script_);
    if (const auto text = std::exchange(workspace_.requests.clipboard, std::nullopt)) {
        ImGui::SetClipboardText(text->c_str());
    }
    draw_panes();
    window_->end_frame([this] { finish_frame(); });
}

void App::finish_frame() {
    if (drawn_s_) {
        gpu::finish();
        drawn_s_ = window_->seconds();
    }
    if (!workspace_.requests.screenshot || frames_owed_ > 0) {
        return;
    }
    const auto file = *std::exchange(workspace_.requests.screenshot, std::nullopt);
    const auto extent = window_->framebuffer_extent();
    const auto pixels = gpu::read_window_rgb(extent);
    if (auto written = gpu::write_png(file, extent, pixels); !written) {
        screenshot_failure_ = written.error();
        workspace_.complain(written.error().message());
    } else {
        workspace_.say(fmt::format("Saved {}", file.filename().string()));
    }
}

}  // namespace dsm::viewer
