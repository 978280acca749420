// The program: the window, the workspace, the action table, and the loop that joins them.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/action_table.h"
#include "viewer/canvas/canvas.h"
#include "viewer/canvas/picture_renderer.h"
#include "viewer/curves.h"
#include "viewer/file_browser.h"
#include "viewer/live_follow.h"
#include "viewer/panels/panels.h"
#include "viewer/panels/thumbnails.h"
#include "viewer/platform/window.h"
#include "viewer/script_player.h"
#include "viewer/settings.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

struct AppOptions {
    std::vector<std::string> runs;
    std::optional<std::string> script;
    std::optional<std::string> live;  // a folder in which runs arrive
    Extent size{1440, 900};
    std::optional<double> font_scale;
    std::optional<std::filesystem::path> settings;  // instead of the user's; nothing of a script
};

class App {
 public:
    // Without a display, or with a script that cannot be read: an error.
    [[nodiscard]] static Result<std::unique_ptr<App>> create(const AppOptions& options);
    // Until the window is closed. Errors come from scripts alone: a window lives on and says them.
    [[nodiscard]] Result<void> run();

 private:
    App(std::unique_ptr<Window> window, PictureRenderer renderer,
        std::optional<ScriptPlayer> script, const AppOptions& options);
    void perform(const Invocation& invocation);
    void take_input();
    void take_key(const KeyEvent& event);
    void tick(double seconds);
    [[nodiscard]] Result<void> take_script_step();
    [[nodiscard]] double seconds_to_wait() const;
    void draw();
    void draw_panes();
    void load_settings(const AppOptions& options);
    void keep_settings();
    void finish_frame();
    [[nodiscard]] Result<void> take_timing();
    [[nodiscard]] Result<void> time_opening(const std::filesystem::path& file);
    void time_scrubbing();
    double drawn_at_s();

    std::unique_ptr<Window> window_;
    PictureRenderer renderer_;
    std::optional<ScriptPlayer> script_;
    Workspace workspace_;
    std::unique_ptr<LiveFollow> live_;
    ActionTable table_;
    Intents intents_;
    Gesture gesture_;
    CurveCache curves_;
    FileBrowser browser_;
    int frames_owed_{3};  // ImGui needs some frames to settle after each change
    double last_tick_s_{0.0};
    double last_draw_s_{0.0};
    double theme_scale_{0.0};
    Theme theme_{Theme::dark};
    std::filesystem::path settings_file_;  // empty: nothing is kept
    Settings settings_;                    // as they are in the file
    PaletteEntry palette_;
    ArchiveEntry archive_entry_;
    StudyEntry study_entry_;
    Thumbnails thumbnails_;
    std::string key_filter_;
    int toolbar_rows_{1};
    std::optional<Error> screenshot_failure_;
    std::optional<double> drawn_s_;  // when the picture asked for by drawn_at_s() was finished
};

}  // namespace dsm::viewer
