// What the software found: going through it, the reader's verdict on it, and reading before seeing
// it.
#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "viewer/action_rows.h"
#include "viewer/action_table.h"
#include "viewer/marks.h"
#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<const Highlight*> highlight_of(const JobSnapshot* findings, int id, const Words& words) {
    if (findings != nullptr) {
        for (const auto& highlight : findings->highlights) {
            if (highlight.id == id) {
                return &highlight;
            }
        }
    }
    return words.wrong(fmt::format("there is no highlight {}", id));
}

Result<void> jump_to(Workspace& workspace, const Highlight& highlight) {
    auto& view = workspace.run_view();
    view.selected_highlight = highlight.id;
    view.selected_annotation.reset();
    // A picture that fits is seen whole already.
    if (view.magnification.zoom > 1.0) {
        view.magnification =
            centred_on(view.magnification, workspace.run()->info().extent, highlight.seed_px);
    }
    workspace.playback.playing = false;
    // The frame where it stands out most, which its curve knows better than its onset.
    const auto& opacity = highlight.curve.opacity;
    const auto peak = std::max_element(opacity.begin(), opacity.end());
    const auto at = static_cast<FrameIndex>(peak - opacity.begin());
    show_frame(workspace,
               peak == opacity.end() ? highlight.onset_frame : std::max(at, highlight.onset_frame));
    return {};
}

Result<void> select_highlight(Workspace& workspace, const Words& words) {
    const auto id = words.whole(0, "the number of the highlight");
    if (!id) {
        return tl::unexpected(id.error());
    }
    const auto findings = shown_findings(workspace);
    const auto highlight = highlight_of(findings.get(), *id, words);
    return highlight ? jump_to(workspace, **highlight) : tl::unexpected(highlight.error());
}

// Round and round, in the order of the list.
Result<void> step_highlight(Workspace& workspace, const Words& words, int by) {
    const auto findings = shown_findings(workspace);
    if (findings == nullptr || findings->highlights.empty()) {
        return words.wrong(findings_withheld(workspace)
                               ? "highlights are not revealed yet" +
                                     key_hint(workspace.keys, "reveal-highlights")
                               : std::string("there are no highlights"));
    }
    const auto& all = findings->highlights;
    const auto selected = workspace.run_view().selected_highlight;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Highlight& highlight) {
        return selected && highlight.id == *selected;
    });
    const auto count = static_cast<int>(all.size());
    const int from = found != all.end() ? static_cast<int>(found - all.begin()) : by > 0 ? -1 : 0;
    return jump_to(workspace, all[static_cast<std::size_t>((from + by + count) % count)]);
}

Result<void> record_verdict(Workspace& workspace, const Highlight& highlight, Verdict verdict) {
    return record(workspace,
                  verdict_command(workspace.desk.review_of_study(workspace.study_name()),
                                  workspace.run()->key(), highlight, verdict, "", stamp_now()));
}

// Said twice, it is taken back.
Action judge_row(const char* name, const char* label, const char* key, Verdict verdict) {
    return {name,
            label,
            key,
            "",
            Menu::marks,
            has_run,
            [verdict](Workspace& w, const Words& words) -> Result<void> {
                const auto chosen = w.run_view().selected_highlight;
                if (!chosen) {
                    return words.wrong("no highlight is selected: go to the next one" +
                                       key_hint(w.keys, "next-highlight"));
                }
                const auto findings = shown_findings(w);
                const auto highlight = highlight_of(findings.get(), *chosen, words);
                if (!highlight) {
                    return tl::unexpected(highlight.error());
                }
                const auto* given = verdict_on(w.run_review(), **highlight);
                const bool again = given != nullptr && given->verdict == verdict;
                return record_verdict(w, **highlight, again ? Verdict::none : verdict);
            },
            {}};
}

// The reader has read the run without help; from now on it is seen what the software found.
Result<void> reveal(Workspace& workspace, const Words&) {
    workspace.run_view().findings_revealed = true;
    workspace.say("Highlights of this run are revealed");
    return {};
}

Result<void> give_verdict(Workspace& workspace, const Words& words) {
    constexpr const char* kVerdicts[] = {"none", "confirm", "reject"};
    const auto id = words.whole(0, "the number of the highlight");
    const auto verdict = words.choice(1, kVerdicts, "the verdict");
    if (!id || !verdict) {
        return tl::unexpected(!id ? id.error() : verdict.error());
    }
    const auto findings = shown_findings(workspace);
    const auto highlight = highlight_of(findings.get(), *id, words);
    if (!highlight) {
        return tl::unexpected(highlight.error());
    }
    return record_verdict(workspace, **highlight, static_cast<Verdict>(*verdict));
}

}  // namespace

void add_highlight_actions(ActionTable& table) {
    table.add({"select-highlight",
               "Go to a highlight",
               "",
               "NUMBER",
               Menu::none,
               has_run,
               select_highlight,
               {}});
    table.add({"next-highlight",
               "Next highlight",
               "J",
               "",
               Menu::marks,
               has_run,
               [](Workspace& w, const Words& words) { return step_highlight(w, words, +1); },
               {}});
    table.add({"previous-highlight",
               "Previous highlight",
               "Shift+J",
               "",
               Menu::marks,
               has_run,
               [](Workspace& w, const Words& words) { return step_highlight(w, words, -1); },
               {}});
    table.add(judge_row("confirm-highlight", "Confirm the highlight", "Y", Verdict::confirmed));
    table.add(judge_row("reject-highlight", "Reject the highlight", "X", Verdict::rejected));
    table.add({"verdict",
               "Judge a highlight",
               "",
               "NUMBER none|confirm|reject",
               Menu::none,
               has_run,
               give_verdict,
               {}});
    table.add(flag("read-first", "Read first, reveal highlights after", "", Menu::view,
                   &ViewState::read_first));
    table.add({"reveal-highlights",
               "Reveal highlights",
               "Shift+H",
               "",
               Menu::view,
               findings_withheld,
               reveal,
               {}});
}

}  // namespace dsm::viewer
