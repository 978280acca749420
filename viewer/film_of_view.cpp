#include "viewer/film_of_view.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "dsp/opacification/arrival_picture.h"
#include "dsp/subtraction/temporal_variance.h"
#include "viewer/windows_in_use.h"

namespace dsm::viewer {

namespace {

using ValuesOf = std::function<Result<Image<float>>(FrameIndex)>;

Error not_ready(const RunSession& run, const char* what) {
    return {ErrorKind::invalid_input, run.info().file.filename().string(), what,
            "save it when that is done"};
}

ValuesOf stored_values(const RunSession& run, std::vector<FrameIndex> frames) {
    const double offset = run.info().stored_offset;
    return [stored = run.shared_frames(), offset,
            frames = std::move(frames)](FrameIndex frame) -> Result<Image<float>> {
        const FrameIndex shown = frames.empty() ? frame : frames[static_cast<std::size_t>(frame)];
        Image<std::uint16_t> words;
        if (const auto damage = stored->damage(shown)) {
            return fail(ErrorKind::unreadable, fmt::format("frame {}", shown + 1), *damage);
        }
        if (auto read = stored->read(shown, words); !read) {
            return tl::unexpected(read.error());
        }
        Image<float> values(words.extent());
        for (int y = 0; y < words.height(); ++y) {
            for (int x = 0; x < words.width(); ++x) {
                values(x, y) = static_cast<float>(words(x, y) + offset);
            }
        }
        return values;
    };
}

ValuesOf opacities(const RunSession& run, bool filtered) {
    return [job = run.shared_job(), filtered](FrameIndex frame) -> Result<Image<float>> {
        Image<float> values;
        auto read = filtered && job->holds_filtered(frame) ? job->read_filtered(frame, values)
                                                           : job->read_opacity(frame, values);
        return read ? Result<Image<float>>(std::move(values)) : tl::unexpected(read.error());
    };
}

ValuesOf map_values(Image<float> map) {
    return [map = std::make_shared<const Image<float>>(std::move(map))](
               FrameIndex) -> Result<Image<float>> { return map->clone(); };
}

// The job is at its end, and what was found is of this job.
const RunResult* whole_result(const RunSession& run) {
    const auto* job = run.newest_job();
    const auto findings = run.findings();
    const bool whole = job != nullptr && job->finished() && findings != nullptr &&
                       findings->result != nullptr && job->snapshot()->result == findings->result;
    return whole ? findings->result.get() : nullptr;
}

const char* title_of(PictureKind kind) {
    switch (kind) {
        case PictureKind::original:
            return "ORIGINAL";
        case PictureKind::mask:
            return "MASK";
        case PictureKind::subtracted:
            return "SUBTRACTED";
        case PictureKind::peak:
            return "PEAK OPACITY";
        case PictureKind::variance:
            return "MASK-FREE VIEW";
        case PictureKind::arrival:
            return "ARRIVAL OF CONTRAST";
    }
    return "";
}

Result<ValuesOf> values_of(const Workspace& workspace, PictureKind kind) {
    const auto& run = *workspace.run();
    const auto* result = whole_result(run);
    if (kind == PictureKind::original || kind == PictureKind::mask) {
        if (run.frames().loading()) {
            return tl::unexpected(not_ready(run, "is still being loaded"));
        }
    } else if (result == nullptr) {
        return tl::unexpected(not_ready(run, "is still being processed, or could not be"));
    }
    const auto no_map = [&] {
        return fail(ErrorKind::invalid_input, run.info().file.filename().string(),
                    "has no such map", "show another picture");
    };
    switch (kind) {
        case PictureKind::original:
            return stored_values(run, {});
        case PictureKind::mask: {
            std::vector<FrameIndex> masks;
            for (FrameIndex frame = 0; frame < run.info().frames; ++frame) {
                masks.push_back(mask_frame_for(run, frame, workspace.run_review()).value_or(0));
            }
            return stored_values(run, std::move(masks));
        }
        case PictureKind::subtracted:
            return opacities(run, workspace.view.filtered);
        case PictureKind::peak:
            return result->peak_opacity.empty() ? Result<ValuesOf>(no_map())
                                                : map_values(result->peak_opacity.clone());
        case PictureKind::variance:
            return result->temporal_variance.empty()
                       ? Result<ValuesOf>(no_map())
                       : map_values(deviation_for_display(result->temporal_variance.view()));
        case PictureKind::arrival:
            return result->arrival_frame.empty()
                       ? Result<ValuesOf>(no_map())
                       : map_values(arrival_for_display(result->arrival_frame.view(),
                                                        run.info().frame_time_s));
    }
    return no_map();
}

// Contrast is dark in what is made of subtractions; MONOCHROME1 is dark for large values.
bool dark_is_large(const Workspace& workspace, PictureKind kind) {
    const auto& view = workspace.run_view();
    switch (kind) {
        case PictureKind::subtracted:
        case PictureKind::variance:
            return !view.opacity_inverted;
        case PictureKind::peak:
        case PictureKind::arrival:
            return view.opacity_inverted;
        case PictureKind::original:
        case PictureKind::mask:
            break;
    }
    return view.native_inverted != workspace.run()->info().monochrome1;
}

// "Left decubitus, series 3", which tells the runs of a study apart.
std::string name_of_run(const RunInfo& info) {
    std::string name = "Position unknown";
    if (info.position != PatientPosition::unknown) {
        name = to_string(info.position);
        std::replace(name.begin(), name.end(), '_', ' ');
        name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
    }
    return info.series_number > 0 ? fmt::format("{}, series {}", name, info.series_number) : name;
}

Result<FilmPanel> panel_of(const Workspace& workspace, PictureKind kind, bool name_the_run) {
    const auto& run = *workspace.run();
    auto values = values_of(workspace, kind);
    if (!values) {
        return tl::unexpected(values.error());
    }
    FilmPanel panel;
    panel.title = title_of(kind);
    if (kind == PictureKind::subtracted && workspace.view.filtered) {
        panel.title += ", filtered for the eye";
    }
    if (name_the_run) {
        panel.title = name_of_run(run.info()) + ": " + panel.title;
    }
    panel.run = run.info();
    panel.review = workspace.run_review();
    panel.levels = levels_in_force(workspace);
    const auto findings = shown_findings(workspace);
    if (workspace.view.highlights_shown && findings != nullptr) {
        panel.highlights = findings->highlights;
    }
    if (kind == PictureKind::subtracted && run.findings() != nullptr) {
        panel.motion = run.findings()->motion;
    }
    const auto window = window_slot(workspace.run_view(), kind);
    const auto automatic = window ? window : automatic_window(run, workspace.run_view(), kind);
    if (!automatic) {
        return tl::unexpected(not_ready(run, "has no picture to take a window from yet"));
    }
    panel.window = *automatic;
    panel.dark_is_large = dark_is_large(workspace, kind);
    panel.in_colours = is_coloured(kind);
    panel.of_the_run = is_of_the_run(kind);
    if (kind == PictureKind::arrival) {
        panel.unit = run.info().has_timing() ? "s" : "(frame)";
    } else if (kind != PictureKind::original && kind != PictureKind::mask) {
        panel.unit = "opacity";
    }
    panel.values_of = std::move(*values);
    return panel;
}

}  // namespace

Result<Film> film_of_view(Workspace& workspace) {
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
        auto panel = panel_of(workspace, kinds[i], two);
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
    const auto file = workspace.film->file().string();
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
