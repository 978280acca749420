#include "viewer/film_of_view.h"

#include <spdlog/fmt/fmt.h>

#include <cctype>
#include <utility>

#include "dsp/core/spoken.h"
#include "dsp/reading/shown_panel.h"
#include "viewer/picture_shown.h"

namespace dsm::viewer {

namespace {

Error not_ready(const RunSession& run, const char* what) {
    return {ErrorKind::invalid_input, run.info().file.filename().string(), what,
            "save it when that is done"};
}

bool is_stored(PictureKind kind) {
    return kind == PictureKind::original || kind == PictureKind::mask;
}

Result<void> check_ready(const RunSession& run, PictureKind kind, bool anatomy) {
    if ((is_stored(kind) || anatomy) && run.frames().loading()) {
        return tl::unexpected(not_ready(run, "is still being loaded"));
    }
    if (!is_stored(kind) && whole_result(run) == nullptr) {
        return tl::unexpected(not_ready(run, "is still being processed, or could not be"));
    }
    return {};
}

// A map is made once, not for every frame.
Result<ValuesOfPicture> values_for(const Workspace& workspace, PictureKind kind) {
    auto values = values_in(*workspace.run(), workspace.run_review());
    if (!is_of_the_run(kind)) {
        return values;
    }
    auto map = values(kind, false, 0);
    if (!map) {
        return tl::unexpected(map.error());
    }
    return [values = std::move(values), map = std::make_shared<const Image<float>>(std::move(*map)),
            kind](PictureKind wanted, bool filtered, FrameIndex frame) -> Result<Image<float>> {
        return wanted == kind ? Result<Image<float>>(map->clone())
                              : values(wanted, filtered, frame);
    };
}

// "Left decubitus, series 3", which tells the runs of a study apart.
std::string name_of_run(const RunInfo& info) {
    std::string name = "Position unknown";
    if (info.position != PatientPosition::unknown) {
        name = spaced(to_string(info.position));
        name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    }
    return info.series_number > 0 ? fmt::format("{}, series {}", name, info.series_number) : name;
}

Result<FilmPanel> panel_of(const Workspace& workspace, PictureKind kind, bool name_the_run,
                           bool as_shown) {
    const auto& run = *workspace.run();
    auto shown = picture_shown(workspace, kind);
    if (!as_shown) {
        shown.part.reset();
        shown.orientation = {};
        shown.anatomy_part = 0.0;
    }
    if (auto ready = check_ready(run, kind, shown.anatomy_part > 0.0); !ready) {
        return tl::unexpected(ready.error());
    }
    const auto values = values_for(workspace, kind);
    if (!values) {
        return tl::unexpected(values.error());
    }
    FilmPanel panel = shown_panel(run.info(), workspace.run_review(), shown, *values);
    if (name_the_run) {
        panel.title = name_of_run(run.info()) + ": " + panel.title;
    }
    panel.levels = levels_in_force(workspace);
    const auto findings = shown_findings(workspace);
    if (workspace.view.highlights_shown && findings != nullptr) {
        panel.highlights = findings->highlights;
    }
    if (kind == PictureKind::subtracted && run.findings() != nullptr) {
        panel.motion = run.findings()->motion;
    }
    return panel;
}

}  // namespace

Result<Film> film_of_view(Workspace& workspace, bool as_shown) {
    ViewState settled = workspace.view;
    settled.native_held = false;
    const auto kinds = pictures_shown(settled, workspace.run_view());
    const auto runs = runs_shown(workspace);
    if (shows_two_patients(workspace)) {
        return fail(ErrorKind::invalid_input, "two runs",
                    "are of different patients, whom a film that names nobody would mix up",
                    "show runs of one patient");
    }
    Film film;
    film.run = workspace.run()->info();
    film.frames = frames_played(workspace);
    film.speed = workspace.playback.speed;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        std::function<FrameIndex(FrameIndex)> frame_of;
        if (runs[i] != workspace.study.current) {
            std::vector<FrameIndex> linked;
            for (FrameIndex frame = 0; frame < film.run.frames; ++frame) {
                linked.push_back(linked_frame(workspace, runs[i], frame));
            }
            frame_of = [linked = std::move(linked)](FrameIndex frame) {
                return linked[static_cast<std::size_t>(frame)];
            };
        }
        const bool two = shows_two_runs(workspace);
        const InFront scope(workspace, runs[i]);
        auto panel = panel_of(workspace, kinds[i], two, as_shown);
        if (!panel) {
            return tl::unexpected(panel.error());
        }
        panel->frame_of = std::move(frame_of);
        film.panels.push_back(std::move(*panel));
    }
    return film;
}

void tend_film(Workspace& workspace) {
    const auto outcome = workspace.film == nullptr ? std::nullopt : workspace.film->outcome();
    if (!outcome) {
        return;
    }
    const std::string file = workspace.film->file();
    workspace.film.reset();
    if (*outcome) {
        workspace.say(fmt::format("Film saved as {}", file));
    } else if (outcome->error().kind == ErrorKind::cancelled) {
        workspace.say("The film was given up; no file was left");
    } else {
        workspace.complain(outcome->error().message());
        workspace.requests.failure = outcome->error();
    }
}

}  // namespace dsm::viewer
