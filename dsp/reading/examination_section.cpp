// What was examined, and what reader and software make of it in a few lines.
#include <algorithm>

#include "dsp/core/spoken.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

// "20260301" as "2026-03-01"; anything else as it is.
std::string date_in_words(const std::string& date) {
    const bool plain = date.size() == 8 && std::all_of(date.begin(), date.end(),
                                                       [](char c) { return c >= '0' && c <= '9'; });
    return plain ? date.substr(0, 4) + "-" + date.substr(4, 2) + "-" + date.substr(6, 2) : date;
}

// "093000.123" as "09:30".
std::string time_in_words(const std::string& time) {
    return time.size() >= 4 ? time.substr(0, 2) + ":" + time.substr(2, 2) : time;
}

std::string rate_in_words(const RunInfo& run) {
    if (run.frames < 2) {
        return "a single frame";
    }
    if (!run.has_timing()) {
        return "not in the file: no time in this report is known";
    }
    const double duration_s = run.frame_time_s.back() - run.frame_time_s.front();
    std::string words = number(duration_s, 1) + " s";
    std::vector<double> gaps;
    for (std::size_t i = 1; i < run.frame_time_s.size(); ++i) {
        gaps.push_back(run.frame_time_s[i] - run.frame_time_s[i - 1]);
    }
    const auto [least, most] = std::minmax_element(gaps.begin(), gaps.end());
    if (*least > 0.0) {
        constexpr double kSameRate = 1.02;
        words += ", " + number(1.0 / *most, 1);
        words += *most > kSameRate * *least ? " to " + number(1.0 / *least, 1) : "";
        words += " frames a second";
    }
    return words + (run.timing_is_acquisition ? ""
                                              : " (a rate for display, maybe not that of the "
                                                "acquisition)");
}

void add(Facts& facts, const std::string& name, const std::string& value) {
    if (!value.empty()) {
        facts.rows.emplace_back(name, value);
    }
}

std::string joined(const std::string& first, const std::string& second) {
    return first + (first.empty() || second.empty() ? "" : ", ") + second;
}

Tone tone_of(Category category) {
    return category == Category::positive     ? Tone::bad
           : category == Category::inadequate ? Tone::doubtful
                                              : Tone::plain;
}

// A negative run is one without anything seen where it could have been: no more is claimed.
std::string category_in_words(Category category) {
    switch (category) {
        case Category::positive:
            return "Positive";
        case Category::negative:
            return "No leak seen where cleared";
        case Category::inadequate:
            return "Inadequate";
        case Category::indeterminate:
            break;
    }
    return "Indeterminate";
}

Opinion reader_opinion(const ReportRequest& request) {
    const auto& highlights = request.result.highlights;
    std::vector<std::string> confirmed;
    std::vector<std::string> rejected;
    for (const Highlight& highlight : highlights) {
        const HighlightVerdict* verdict = verdict_on(request.review, highlight);
        if (verdict != nullptr && verdict->verdict != Verdict::none) {
            (verdict->verdict == Verdict::confirmed ? confirmed : rejected)
                .push_back(std::to_string(highlight.id) + " " + spoken(highlight.kind) + " (" +
                           place_of(highlight) + ")");
        }
    }
    const std::size_t judged = confirmed.size() + rejected.size();
    Opinion reader{"Reader", "No verdict yet", confirmed.empty() ? Tone::plain : Tone::bad, ""};
    if (highlights.empty()) {
        reader.verdict = "Nothing to judge";
    } else if (judged > 0) {
        reader.verdict = std::to_string(confirmed.size()) + " confirmed, " +
                         std::to_string(rejected.size()) + " rejected, " +
                         std::to_string(highlights.size() - judged) + " not judged";
    }
    const auto list = [&](const char* name, const std::vector<std::string>& findings) {
        for (std::size_t i = 0; i < findings.size(); ++i) {
            reader.text += (i > 0 ? "; " : std::string(reader.text.empty() ? "" : " ") + name) +
                           findings[i] + (i + 1 == findings.size() ? "." : "");
        }
    };
    list("Confirmed: ", confirmed);
    list("Rejected: ", rejected);
    return reader;
}

}  // namespace

Section examination_section(const ReportRequest& request) {
    const RunInfo& run = request.result.run;
    Facts facts;
    if (request.with_identity) {
        add(facts, "Patient", joined(run.patient_name, run.patient_id));
    }
    add(facts, "Study",
        joined(joined(date_in_words(run.study_date), time_in_words(run.study_time)),
               run.study_description));
    add(facts, "Series",
        joined(run.series_number > 0 ? "number " + std::to_string(run.series_number) : "",
               run.series_description));
    add(facts, "Position",
        run.position == PatientPosition::unknown ? "not known" : spaced(to_string(run.position)));
    add(facts, "Frames",
        std::to_string(run.frames) + " of " + std::to_string(run.extent.width) + " x " +
            std::to_string(run.extent.height) + " px");
    add(facts, "Time", rate_in_words(run));
    add(facts, "Spacing",
        run.spacing
            ? number(run.spacing->column_mm, 3) + " mm, " + spaced(to_string(run.spacing->basis))
            : "not known: no length in this report");
    add(facts, "File", run.file.filename().string());
    add(facts, "Report", joined(request.made.author, request.made.time_utc));
    return {"Examination", {facts}};
}

Section summary_section(const ReportRequest& request) {
    const Conclusion& conclusion = request.result.conclusion;
    Section section{"Summary", {}};
    section.blocks.emplace_back(reader_opinion(request));
    if (request.result.params.find) {
        section.blocks.emplace_back(Opinion{"Software", category_in_words(conclusion.category),
                                            tone_of(conclusion.category), conclusion.text});
    } else {
        section.blocks.emplace_back(
            Opinion{"Software", "Not asked", Tone::plain, "The run was subtracted only."});
    }
    section.blocks.emplace_back(Paragraph{
        Paragraph::Style::note,
        "That nothing was seen does not exclude a leak: not at a level that is not cleared, and at "
        "a cleared one not a vein fainter than stated, or one that fills later."});
    return section;
}

}  // namespace dsm::reading
