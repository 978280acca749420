#include "dsp/pipeline/picture_style.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "dsp/core/spoken.h"
#include "dsp/core/version.h"

namespace dsm::picture {
namespace {

constexpr std::string_view kDot = "  \xC2\xB7  ";

// "1-4, 8" for {0, 1, 2, 3, 7}: readers count from 1.
std::string frame_list(std::vector<FrameIndex> frames) {
    std::sort(frames.begin(), frames.end());
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    std::string text;
    for (std::size_t i = 0; i < frames.size();) {
        std::size_t last = i;
        while (last + 1 < frames.size() && frames[last + 1] == frames[last] + 1) {
            ++last;
        }
        text += (text.empty() ? "" : ", ") + std::to_string(frames[i] + 1);
        if (last > i) {
            text += (last == i + 1 ? ", " : "\xE2\x80\x93") + std::to_string(frames[last] + 1);
        }
        i = last + 1;
    }
    return text;
}

std::string masks_of(const RunResult& result) {
    constexpr std::size_t kMostNamed = 8;
    if (result.mask_frames.empty()) {
        return "no mask";
    }
    if (result.mask_frames.size() > kMostNamed) {
        return std::to_string(result.mask_frames.size()) + " mask frames";
    }
    return (result.mask_frames.size() == 1 ? "mask frame " : "mask frames ") +
           frame_list(result.mask_frames);
}

std::vector<std::string> conclusion_lines(const Canvas& canvas, const RunResult& result,
                                          double indent) {
    return canvas.wrapped(result.conclusion.text, kBody, canvas.width() - 2 * kMargin - indent, 6);
}

// "lumbar1/run.dcm": runs of one study are often told apart by their folders alone.
std::string title_of(const std::filesystem::path& file) {
    const std::string folder = file.parent_path().filename().string();
    const std::string name = file.filename().string();
    return name.empty() ? "run" : (folder.empty() ? name : folder + "/" + name);
}

constexpr double kPillHeight = 30.0;
constexpr TextStyle kPillText{15.0, kDark, true};

double pill_width(const Canvas& canvas, const RunResult& result) {
    return canvas.text_width(category_name(result.conclusion.category), kPillText) + 28.0;
}

}  // namespace

Colour colour_of(LeakKind kind) {
    switch (kind) {
        case LeakKind::csf_venous_fistula:
            return {0.95, 0.42, 0.05};
        case LeakKind::extravasation:
            return {0.87, 0.45, 0.70};
        case LeakKind::diverticulum:
        case LeakKind::nerve_root_sleeve:
        case LeakKind::renal_excretion:
            return {0.34, 0.71, 0.91};
        case LeakKind::unclassified:
            break;
    }
    return {0.94, 0.84, 0.26};
}

Colour colour_by_kind(const Highlight& highlight) {
    return colour_of(highlight.kind);
}

Colour colour_by_grade(const Highlight& highlight) {
    if (!is_leak(highlight.kind)) {
        return {0.80, 0.475, 0.655};
    }
    switch (highlight.grade) {
        case Grade::definite:
            return {0.91, 0.41, 0.125};
        case Grade::high:
            return {0.90, 0.667, 0.157};
        case Grade::low:
            break;
    }
    return {0.337, 0.706, 0.914};
}

std::string place_of(const Highlight& highlight) {
    if (highlight.level.empty() && highlight.side == Side::undetermined) {
        return "level, side unknown";
    }
    const std::string level = highlight.level.empty() ? "level unknown" : highlight.level;
    const std::string side =
        highlight.side == Side::undetermined ? "side unknown" : to_string(highlight.side);
    return level + ", " + side;
}

std::string short_place_of(const Highlight& highlight) {
    if (highlight.level.empty()) {
        return {};
    }
    const char* side = highlight.side == Side::left    ? " L"
                       : highlight.side == Side::right ? " R"
                                                       : "";
    return highlight.level + side;
}

std::string fixed(double value, int decimals) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

std::string plain(double value) {
    char text[64];
    std::snprintf(text, sizeof text, "%g", value);
    return text;
}

std::string brief(double value) {
    const double size = std::abs(value);
    const int whole = size >= 1.0 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 0;
    int decimals = std::max(0, 3 - whole);
    if (size > 0.0 && size < 0.1) {
        decimals = std::min(6, 2 - static_cast<int>(std::ceil(std::log10(size))));
    }
    return fixed(value, decimals);
}

std::string summary_of(const RunResult& result) {
    const RunInfo& run = result.run;
    std::string text = run.position == PatientPosition::unknown ? "position unknown"
                                                                : spaced(to_string(run.position));
    text += kDot;
    text += std::to_string(run.frames) + (run.frames == 1 ? " frame" : " frames");
    text += run.frames == 1    ? ""
            : run.has_timing() ? ", " + fixed(run.frame_time_s.back(), 1) + " s"
                               : ", timing unknown";
    text += kDot;
    text += masks_of(result);
    text += kDot;
    text += result.opacity_registered
                ? std::string(to_string(result.params.registration)) + " registration"
                : "NOT registered";
    text += kDot;
    text += result.params.mode == Mode::live ? "live" : "review";
    return text;
}

std::string category_name(Category category) {
    switch (category) {
        case Category::positive:
            return "POSITIVE";
        case Category::negative:
            return "NEGATIVE";
        case Category::inadequate:
            return "INADEQUATE";
        case Category::indeterminate:
            break;
    }
    return "INDETERMINATE";
}

Colour colour_of(Category category) {
    switch (category) {
        case Category::positive:
            return {0.95, 0.52, 0.18};
        case Category::negative:
            return {0.34, 0.71, 0.91};
        case Category::inadequate:
            return {0.72, 0.73, 0.75};
        case Category::indeterminate:
            break;
    }
    return {0.94, 0.84, 0.26};
}

double draw_header(const Canvas& canvas, const RunResult& result, const std::string& subject) {
    const double width = canvas.width() - 2 * kMargin;
    const double subject_width = canvas.text_width(subject, kSmall);
    const std::string name = title_of(result.run.file);
    canvas.text({kMargin, 46.0}, canvas.fitted(name, kTitle, width - subject_width - 40.0), kTitle);
    canvas.text({canvas.width() - kMargin, 46.0}, subject, kSmall, Align::right);
    const auto lines = canvas.wrapped(summary_of(result), kBody, width, 2);
    return canvas.paragraph({kMargin, 74.0}, lines, {kBody.size, kDim, false}) - 2.0;
}

double footer_height(const Canvas& canvas, const RunResult& result) {
    const auto lines = conclusion_lines(canvas, result, pill_width(canvas, result) + 16.0);
    const double text = static_cast<double>(lines.size()) * line_height(kBody);
    return 18.0 + std::max(kPillHeight, text + 6.0) + 44.0;
}

void draw_footer(const Canvas& canvas, const RunResult& result, double y) {
    const double right = canvas.width() - kMargin;
    canvas.line({kMargin, y}, {right, y}, kRule, 1.0);
    const double pill = pill_width(canvas, result);
    canvas.fill({kMargin, y + 16.0, pill, kPillHeight}, colour_of(result.conclusion.category), 6.0);
    canvas.text({kMargin + pill / 2, y + 36.5}, category_name(result.conclusion.category),
                kPillText, Align::centre);
    const auto lines = conclusion_lines(canvas, result, pill + 16.0);
    canvas.paragraph({kMargin + pill + 16.0, y + 37.0}, lines, kBody);
    const double bottom = y + footer_height(canvas, result) - 18.0;
    canvas.text({kMargin, bottom}, "Research software, not for diagnostic use",
                {kSmall.size, kText, true});
    canvas.text({right, bottom}, std::string("dsm ") + kVersion, kSmall, Align::right);
}

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

void draw_badge(const Canvas& canvas, Point centre, const Highlight& highlight,
                HighlightColour colour) {
    const std::string number = std::to_string(highlight.id);
    const double size = number.size() > 2 ? 10.0 : 13.0;
    canvas.disc(centre, 12.5, kDark);
    canvas.disc(centre, 11.0, colour(highlight));
    canvas.text({centre.x, centre.y + size * 0.36}, number, {size, kDark, true}, Align::centre);
}

}  // namespace dsm::picture
