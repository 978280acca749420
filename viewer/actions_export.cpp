// Pictures, films and curves: into files, and what is drawn of the curves.
#include <spdlog/fmt/fmt.h>

#include "dsp/reading/curve_files.h"
#include "viewer/action_table.h"
#include "viewer/curves.h"
#include "viewer/film_of_view.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

// The name that was given, else one beside the run.
Result<std::filesystem::path> file_for(const Workspace& workspace, const Words& words,
                                       const std::string& ending) {
    if (words.count() > 0) {
        return words.text(0, "a file name").map([](const std::string& name) {
            return std::filesystem::path(name);
        });
    }
    const auto& run = workspace.run()->info().file;
    return run.parent_path() / (run.stem().string() + ending);
}

// "whole": as acquired; else the part, the turn and the anatomy that are on the screen.
Result<bool> wants_as_shown(const Words& words) {
    constexpr const char* kChoices[] = {"whole"};
    if (words.count() < 2) {
        return true;
    }
    return words.choice(1, kChoices, "what is saved").map([](std::size_t) { return false; });
}

Result<void> save_picture(Workspace& workspace, const Words& words) {
    const FrameIndex frame = workspace.run_view().frame;
    const auto file = file_for(workspace, words, fmt::format("_frame_{}.png", frame + 1));
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (file->extension() != ".png") {
        return words.wrong("the file name must end in .png, unlike '" + file->string() + "'");
    }
    const auto as_shown = wants_as_shown(words);
    if (!as_shown) {
        return tl::unexpected(as_shown.error());
    }
    const auto film = film_of_view(workspace, *as_shown);
    if (!film) {
        return tl::unexpected(film.error());
    }
    if (auto written = write_film_picture(*file, *film, frame); !written) {
        return written;
    }
    workspace.say(fmt::format("Picture saved as {}", file->string()));
    return {};
}

Result<void> save_film(Workspace& workspace, const Words& words) {
    const auto file = file_for(workspace, words, "_film.mp4");
    if (!file) {
        return tl::unexpected(file.error());
    }
    if (file->extension() != ".mp4" && file->extension() != ".gif") {
        return words.wrong("the file name must end in .mp4 or .gif, unlike '" + file->string() +
                           "'");
    }
    const auto as_shown = wants_as_shown(words);
    if (!as_shown) {
        return tl::unexpected(as_shown.error());
    }
    auto film = film_of_view(workspace, *as_shown);
    if (!film) {
        return tl::unexpected(film.error());
    }
    workspace.film = std::make_unique<FilmJob>(*file, std::move(*film), workspace.wake);
    workspace.say(fmt::format("Saving {}", file->string()));
    return {};
}

Result<void> save_curves(Workspace& workspace, const Words& words) {
    const auto file = file_for(workspace, words, "_curves.csv");
    if (!file) {
        return tl::unexpected(file.error());
    }
    std::vector<NamedCurve> curves;
    for (auto& series : curve_series(workspace)) {
        // What the pointer happens to rest on is no result.
        if (series.of != CurveSeries::Of::probe || workspace.view.probe_pinned) {
            curves.push_back({std::move(series.name), std::move(series.curve)});
        }
    }
    if (auto written = write_curves(*file, workspace.run()->info(), curves); !written) {
        return written;
    }
    workspace.say(fmt::format("Curves saved as {}", file->string()));
    return {};
}

// Seconds, or frames where the timing is unknown.
Result<void> show_curve_span(Workspace& workspace, const Words& words) {
    if (words.count() == 1 && words.text(0, "") == std::string("all")) {
        workspace.run_view().curve_span.reset();
        return {};
    }
    const auto first = words.number(0, "the first time, or all");
    const auto last = words.number(1, "the last time");
    if (!first || !last) {
        return tl::unexpected(!first ? first.error() : last.error());
    }
    const auto whole = whole_span(workspace.run()->info());
    const double least = kShortestSpan * (whole.last - whole.first);
    if (!(*last - *first >= 0.999 * least) || *first < whole.first - 1e-9 ||
        *last > whole.last + 1e-9) {
        return words.wrong(fmt::format("the times must lie between {:g} and {:g}, {:.2g} apart",
                                       whole.first, whole.last, least));
    }
    workspace.run_view().curve_span = CurveSpan{*first, *last};
    return {};
}

bool saves_no_film(const Workspace& workspace) {
    return has_run(workspace) && workspace.film == nullptr;
}

}  // namespace

void add_export_actions(ActionTable& table) {
    table.add({"save-picture",
               "Save picture (PNG beside the run)",
               "Ctrl+S",
               "[FILE.png [whole]]",
               Menu::file,
               has_run,
               save_picture,
               {}});
    table.add({"save-film",
               "Save film (MP4 beside the run)",
               "Ctrl+Shift+S",
               "[FILE.mp4|FILE.gif [whole]]",
               Menu::file,
               saves_no_film,
               save_film,
               {}});
    table.add({"cancel-film",
               "Give up saving the film",
               "",
               "",
               Menu::file,
               [](const Workspace& w) { return w.film != nullptr; },
               [](Workspace& w, const Words&) -> Result<void> {
                   w.film->request_stop();
                   return {};
               },
               {}});
    table.add({"curve-span",
               "Draw a part of the curves",
               "",
               "FIRST LAST|all",
               Menu::none,
               has_run,
               show_curve_span,
               {}});
    table.add({"save-curves",
               "Save curves (CSV beside the run)",
               "Ctrl+Shift+E",
               "[FILE.csv|FILE.png]",
               Menu::file,
               has_run,
               save_curves,
               {}});
}

}  // namespace dsm::viewer
