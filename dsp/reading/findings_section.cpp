// One card a highlight: the software's account, the reader's verdict, and the frame that shows it
// best.
#include <algorithm>
#include <cmath>

#include "dsp/core/spoken.h"
#include "dsp/reading/sections.h"

namespace dsm::reading {

namespace {

std::string frame_in_words(const RunInfo& run, FrameIndex frame) {
    const auto time_s = time_of(run, frame);
    return "frame " + std::to_string(frame + 1) +
           (time_s ? " (" + number(*time_s, 1) + " s)" : std::string());
}

std::string delay_in_words(const RunResult& result, const Highlight& highlight) {
    if (!highlight.delay_after_sac_s || !result.run.has_timing()) {
        return "not known";
    }
    const double delay_s = *highlight.delay_after_sac_s;
    return number(std::abs(delay_s), 1) +
           (delay_s < 0.0 ? " s before the sac" : " s after the sac");
}

// Of the vein, and how it compares with the sac.
std::string contrast_in_words(const RunResult& result, const Highlight& highlight) {
    std::string words = "peak opacity " + number(highlight.peak_opacity, 3);
    words += result.opacity_relative ? " (relative)" : "";
    if (const auto noise = median_of(highlight.curve.noise); noise && *noise > 0.0) {
        words += " \xc2\xb1 " + number(*noise, 4) + " (noise in one frame)";
    }
    return words;
}

std::string drainage_in_words(const Highlight& highlight) {
    const std::string words = highlight.drainage == Drainage::unknown
                                  ? "not known"
                                  : spaced(to_string(highlight.drainage));
    return words + (highlight.drains_at.empty() ? "" : ", at " + highlight.drains_at);
}

Opinion verdict_in_words(const RunReview& review, const Highlight& highlight) {
    Opinion reader{"Reader", "Not judged", Tone::plain, ""};
    const HighlightVerdict* verdict = verdict_on(review, highlight);
    if (verdict == nullptr) {
        return reader;
    }
    if (verdict->verdict == Verdict::confirmed) {
        reader.verdict = "Confirmed";
        reader.tone = Tone::bad;
    } else if (verdict->verdict == Verdict::rejected) {
        reader.verdict = "Rejected";
    } else {
        reader.verdict = "Seen, undecided";
        reader.tone = Tone::doubtful;
    }
    const Stamp& stamp = verdict->stamp;
    std::string by = stamp.author;
    by += (by.empty() || stamp.time_utc.empty() ? "" : ", ") + stamp.time_utc;
    reader.text = verdict->note;
    reader.text += by.empty() ? "" : (reader.text.empty() ? "(" : " (") + by + ")";
    return reader;
}

// Where its curve peaks, else where it was reported.
FrameIndex best_frame(const RunResult& result, const Highlight& highlight) {
    const auto& curve = highlight.curve.opacity;
    const auto peak = std::max_element(curve.begin(), curve.end());
    const bool whole = static_cast<int>(curve.size()) == result.run.frames;
    const auto frame = whole && peak != curve.end()
                           ? static_cast<FrameIndex>(std::distance(curve.begin(), peak))
                           : highlight.alarm_frame;
    return std::clamp(frame, 0, std::max(0, result.run.frames - 1));
}

Result<Card> card_of(const ReportRequest& request, const Highlight& highlight, bool picture) {
    const RunResult& result = request.result;
    Card card;
    card.title =
        std::to_string(highlight.id) + "  " + spoken(highlight.kind) + ": " + place_of(highlight);
    card.label = std::string(to_string(highlight.grade)) + ", " + number(highlight.confidence, 2);
    card.tone = !is_leak(highlight.kind)        ? Tone::plain
                : highlight.grade == Grade::low ? Tone::doubtful
                                                : Tone::bad;
    card.software.rows = {
        {"Confidence", number(highlight.confidence, 2) + ", " + to_string(highlight.grade)},
        {"Delay", delay_in_words(result, highlight)},
        {"Onset", frame_in_words(result.run, highlight.onset_frame)},
        {"Reported", frame_in_words(result.run, highlight.alarm_frame)},
        {"Contrast", contrast_in_words(result, highlight)},
        {"Width", highlight.width_mm ? number(*highlight.width_mm, 1) + " mm" : "not known"},
        {"Drainage", drainage_in_words(highlight)},
    };
    card.why = highlight.why;
    card.reader = verdict_in_words(request.review, highlight);
    if (picture && request.opacity_of) {
        const FrameIndex frame = best_frame(result, highlight);
        if (const auto opacity = request.opacity_of(frame)) {
            auto drawn = close_up(result, highlight, opacity->view(), frame);
            if (!drawn) {
                return tl::unexpected(drawn.error());
            }
            card.picture = std::move(*drawn);
        }
    }
    return card;
}

// Leaks first, then by confidence.
std::vector<const Highlight*> ranked(const RunResult& result) {
    std::vector<const Highlight*> order;
    for (const Highlight& highlight : result.highlights) {
        order.push_back(&highlight);
    }
    std::stable_sort(order.begin(), order.end(), [](const Highlight* a, const Highlight* b) {
        return is_leak(a->kind) != is_leak(b->kind) ? is_leak(a->kind)
                                                    : a->confidence > b->confidence;
    });
    return order;
}

// A leak, or anything the reader has judged, is worth a card; the rest a line.
bool wants_card(const RunReview& review, const Highlight& highlight) {
    return is_leak(highlight.kind) || highlight.kind == LeakKind::unclassified ||
           verdict_on(review, highlight) != nullptr;
}

std::vector<Cell> line_of(const RunResult& result, const Highlight& highlight) {
    std::string account = delay_in_words(result, highlight) == "not known"
                              ? "Delay not known"
                              : delay_in_words(result, highlight);
    account += "; " + contrast_in_words(result, highlight);
    account += highlight.width_mm ? "; " + number(*highlight.width_mm, 1) + " mm wide" : "";
    account += highlight.why.empty() ? "." : ". " + highlight.why;
    return {
        {std::to_string(highlight.id) + " " + spoken(highlight.kind) + ": " + place_of(highlight)},
        {std::string(to_string(highlight.grade)) + ", " + number(highlight.confidence, 2)},
        {account}};
}

}  // namespace

Result<Section> findings_section(const ReportRequest& request) {
    constexpr std::size_t kMostKeyImages = 12;
    Section section{"Findings", {}};
    std::size_t images = 0;
    Table rest{{"Finding", "Confidence", "Account"}, {0.23, 0.14, 0.63}, {}};
    for (const Highlight* highlight : ranked(request.result)) {
        if (!wants_card(request.review, *highlight)) {
            rest.rows.push_back(line_of(request.result, *highlight));
            continue;
        }
        auto card = card_of(request, *highlight, images < kMostKeyImages);
        if (!card) {
            return tl::unexpected(card.error());
        }
        images += card->picture.png.empty() ? 0U : 1U;
        section.blocks.emplace_back(std::move(*card));
    }
    if (!rest.rows.empty()) {
        section.blocks.emplace_back(
            Paragraph{Paragraph::Style::heading,
                      "Taken by the software for anatomy or a mimic, not judged by the reader"});
        section.blocks.emplace_back(std::move(rest));
    }
    if (request.result.highlights.empty()) {
        section.blocks.emplace_back(
            Paragraph{Paragraph::Style::body,
                      request.result.params.find
                          ? "The software highlighted nothing. What that is worth, level by level, "
                            "is under Coverage."
                          : "The software was not asked to look for anything."});
    }
    if (auto added = add_marks(request, section); !added) {
        return tl::unexpected(added.error());
    }
    return section;
}

}  // namespace dsm::reading
