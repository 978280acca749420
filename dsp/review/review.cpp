#include "dsp/review/review.h"

#include <algorithm>

namespace dsm {

bool is_region(const Shape& shape) {
    return std::holds_alternative<EllipseShape>(shape) ||
           std::holds_alternative<PolygonShape>(shape);
}

bool is_measurement(const Shape& shape) {
    return std::holds_alternative<LineShape>(shape) || std::holds_alternative<AngleShape>(shape);
}

const char* name_of(const Shape& shape) {
    struct {
        const char* operator()(const ArrowShape&) const { return "arrow"; }
        const char* operator()(const TextShape&) const { return "text"; }
        const char* operator()(const EllipseShape&) const { return "ellipse"; }
        const char* operator()(const PolygonShape&) const { return "region"; }
        const char* operator()(const LineShape&) const { return "line"; }
        const char* operator()(const AngleShape&) const { return "angle"; }
    } name;
    return std::visit(name, shape);
}

const RunReview& review_of(const Review& review, const std::string& sop_instance_uid) {
    static const RunReview kNothing;
    const auto found = review.runs.find(sop_instance_uid);
    return found == review.runs.end() ? kNothing : found->second;
}

const Annotation* find_annotation(const RunReview& run, MarkId id) {
    const auto found = std::find_if(run.annotations.begin(), run.annotations.end(),
                                    [&](const Annotation& entry) { return entry.id == id; });
    return found == run.annotations.end() ? nullptr : &*found;
}

const KeyImage* find_key_image(const RunReview& run, MarkId id) {
    const auto found = std::find_if(run.key_images.begin(), run.key_images.end(),
                                    [&](const KeyImage& entry) { return entry.id == id; });
    return found == run.key_images.end() ? nullptr : &*found;
}

const LevelMark* find_level(const RunReview& run, const std::string& label) {
    const auto found = std::find_if(run.levels.begin(), run.levels.end(),
                                    [&](const LevelMark& mark) { return mark.label == label; });
    return found == run.levels.end() ? nullptr : &*found;
}

const HighlightVerdict* verdict_on(const RunReview& run, const Highlight& highlight) {
    const HighlightVerdict* nearest = nullptr;
    double nearest_px = kSameFindingPx;
    for (const HighlightVerdict& verdict : run.verdicts) {
        const double away_px = distance(verdict.seed_px, highlight.seed_px);
        if (away_px <= nearest_px) {
            nearest = &verdict;
            nearest_px = away_px;
        }
    }
    return nearest;
}

MarkId next_annotation_id(const RunReview& run) {
    return run.annotations.empty() ? 1 : run.annotations.back().id + 1;
}

MarkId next_key_image_id(const RunReview& run) {
    return run.key_images.empty() ? 1 : run.key_images.back().id + 1;
}

MarkId next_verdict_id(const RunReview& run) {
    return run.verdicts.empty() ? 1 : run.verdicts.back().id + 1;
}

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::confirmed:
            return "confirmed";
        case Verdict::rejected:
            return "rejected";
        case Verdict::none:
            break;
    }
    return "none";
}

template <>
std::optional<Verdict> from_string<Verdict>(const std::string& word) {
    for (const auto verdict : {Verdict::none, Verdict::confirmed, Verdict::rejected}) {
        if (word == to_string(verdict)) {
            return verdict;
        }
    }
    return std::nullopt;
}

}  // namespace dsm
