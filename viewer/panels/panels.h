// The panels round the pictures. Each reads the workspace and asks for actions; none changes it.
#pragma once

#include <imgui.h>

#include <string>

#include "viewer/action_table.h"
#include "viewer/curves.h"
#include "viewer/file_browser.h"
#include "viewer/invocation.h"
#include "viewer/panes.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

class Thumbnails;

void draw_menu_bar(const Workspace&, const ActionTable&, const Rect&, Intents&);
// Returns the rows of buttons it took: in a narrow window, or with large text, there are several.
int draw_toolbar(const Workspace&, const Rect&, Intents&);
void draw_run_list(const Workspace&, Thumbnails&, const Rect&, Intents&);
void draw_timeline(const Workspace&, const Rect&, Intents&);
void draw_status_bar(const Workspace&, const Rect&, Intents&);
void draw_side_panel(const Workspace&, CurveCache&, const Rect&, Intents&);
void draw_help(const Workspace&, const ActionTable&, Intents&);
void draw_about(const Workspace&, Intents&);
void draw_file_dialog(const Workspace&, FileBrowser&, Intents&);

// What is written in the browser of archives and not yet used.
struct ArchiveEntry {
    std::string address;
};
void draw_archives(const Workspace&, ArchiveEntry&, Intents&);

// What is written in the study browser and not yet used.
struct StudyEntry {
    std::string path;
};
void draw_studies(const Workspace&, StudyEntry&, Thumbnails&, Intents&);

// What is written in the palette, and which of the actions found is chosen.
struct PaletteEntry {
    std::string text;
    int chosen{0};
    bool open{false};        // in the frame before
    bool entered{false};     // Enter was pressed
    int moved{0};            // by arrow keys, downwards
    bool to_the_end{false};  // the cursor is to go behind the text
    int line{0};             // another one when the text was changed from outside
};
void draw_palette(const Workspace&, const ActionTable&, PaletteEntry&, Intents&);
void draw_preferences(const Workspace&, const ActionTable&, std::string& filter, Intents&);

// Parts of the side panel.
void draw_findings_tab(const Workspace&, Intents&);
void draw_levels_tab(const Workspace&, Intents&);
void draw_marks_tab(const Workspace&, CurveCache&, Intents&);
void draw_key_images(const Workspace&, Intents&);
void draw_coverage_tab(const Workspace&);
void draw_run_tab(const Workspace&, Intents&);
void draw_curve_plot(const Workspace&, CurveCache&, double height, Intents&);
void draw_warnings(const Workspace&, double height);

// In the middle, before everything else; end it with ImGui::End().
bool begin_dialog(const char* title, ImVec2 size);
// A window without frame at a fixed place; end it with ImGui::End().
void begin_pane(const char* name, const Rect& rect);
// With a tooltip.
bool small_button(const char* label, const char* help);
// A diamond: what stands for a key image in lists and on the timeline.
void draw_key_sign(ImDrawList& list, ImVec2 middle, float radius);
// Text that is cut with an ellipsis where the column ends; the whole as a tooltip.
void cut_text(const std::string& text, ImU32 colour);

}  // namespace dsm::viewer
