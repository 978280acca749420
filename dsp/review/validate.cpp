#include "dsp/review/validate.h"

#include <algorithm>
#include <cmath>

#include "dsp/core/levels.h"

namespace dsm {
namespace {

tl::unexpected<Error> refuse(std::string subject, std::string what, std::string remedy = {}) {
    return fail(ErrorKind::invalid_input, std::move(subject), std::move(what), std::move(remedy));
}

bool in_reach(double coordinate_px) {
    return std::isfinite(coordinate_px) && std::abs(coordinate_px) <= kMaxCoordinatePx;
}
bool in_reach(Point p) {
    return in_reach(p.x) && in_reach(p.y);
}

// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
bool is_utf8(const std::string& text) {
    std::size_t i = 0;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    while (i < text.size()) {
        const unsigned char lead = byte(i++);
        if (lead < 0x80) {
            continue;
        }
        const int extra = lead >= 0xC2 && lead <= 0xDF   ? 1
                          : lead >= 0xE0 && lead <= 0xEF ? 2
                          : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                         : 0;
        if (extra == 0 || text.size() - i < static_cast<std::size_t>(extra)) {
            return false;
        }
        unsigned char low = 0x80;
        unsigned char high = 0xBF;
        low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : low;
        high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : high;
        for (int k = 0; k < extra; ++k, ++i) {
            if (byte(i) < low || byte(i) > high) {
                return false;
            }
            low = 0x80;
            high = 0xBF;
        }
    }
    return true;
}

Result<void> check_text(const std::string& subject, const std::string& text) {
    if (text.size() > kMaxTextBytes) {
        return refuse(subject,
                      "the text is longer than " + std::to_string(kMaxTextBytes) + " bytes",
                      "shorten it");
    }
    if (!is_utf8(text)) {
        return refuse(subject, "the text is not UTF-8", "type it again");
    }
    return {};
}

Result<void> check_stamp(const std::string& subject, const Stamp& stamp) {
    if (auto author = check_text(subject, stamp.author); !author) {
        return author;
    }
    return check_text(subject, stamp.time_utc);
}

bool is_drawable(const Shape& shape) {
    struct {
        bool operator()(const ArrowShape& s) const {
            return in_reach(s.tail_px) && in_reach(s.head_px) && s.tail_px != s.head_px;
        }
        bool operator()(const TextShape& s) const { return in_reach(s.at_px); }
        bool operator()(const EllipseShape& s) const {
            return in_reach(s.center_px) && in_reach(s.radius_x_px) && in_reach(s.radius_y_px) &&
                   s.radius_x_px > 0.0 && s.radius_y_px > 0.0;
        }
        bool operator()(const PolygonShape& s) const {
            return s.vertices_px.size() >= 3 && s.vertices_px.size() <= kMaxVertices &&
                   std::all_of(s.vertices_px.begin(), s.vertices_px.end(),
                               [](Point p) { return in_reach(p); });
        }
        bool operator()(const LineShape& s) const {
            return in_reach(s.from_px) && in_reach(s.to_px) && s.from_px != s.to_px;
        }
        bool operator()(const AngleShape& s) const {
            return in_reach(s.first_px) && in_reach(s.vertex_px) && in_reach(s.second_px) &&
                   s.first_px != s.vertex_px && s.second_px != s.vertex_px;
        }
    } drawable;
    return std::visit(drawable, shape);
}

Result<void> check_annotation(const Annotation& annotation) {
    const std::string subject = "annotation " + std::to_string(annotation.id);
    if (annotation.id < 1 || annotation.id > kMaxMarkId) {
        return refuse(subject, "is no number of an annotation", "count from 1");
    }
    if (!is_drawable(annotation.shape)) {
        return refuse(subject, "has no extent or lies out of reach", "draw it again");
    }
    if (annotation.frames && (annotation.frames->first < 0 || annotation.frames->last > kMaxFrame ||
                              annotation.frames->first > annotation.frames->last)) {
        return refuse(subject, "its frames do not run from first to last", "choose them again");
    }
    if (annotation.shows_curve && !is_region(annotation.shape)) {
        return refuse(subject, "only a region has a curve", "draw an ellipse or a free region");
    }
    if (std::holds_alternative<TextShape>(annotation.shape) && annotation.text.empty()) {
        return refuse(subject, "has no text", "type some, or remove it");
    }
    if (auto text = check_text(subject, annotation.text); !text) {
        return text;
    }
    return check_stamp(subject, annotation.stamp);
}

bool is_window(const DisplayWindow& window) {
    return std::isfinite(window.center) && std::isfinite(window.width) && window.width > 0.0;
}

Result<void> check_key_image(const KeyImage& image) {
    const std::string subject = "key image " + std::to_string(image.id);
    const ShownPicture& shown = image.shown;
    if (image.id < 1 || image.id > kMaxMarkId || image.frame < 0 || image.frame > kMaxFrame) {
        return refuse(subject, "names no frame of a run", "choose it again");
    }
    const bool part =
        !shown.part || (in_reach(shown.part->low_px) && in_reach(shown.part->high_px) &&
                        shown.part->low_px.x < shown.part->high_px.x &&
                        shown.part->low_px.y < shown.part->high_px.y);
    const int turns = shown.orientation.quarter_turns;
    if (!is_window(shown.window) || !is_window(shown.anatomy_window) || !part || turns < 0 ||
        turns > 3 || !(shown.anatomy_part >= 0.0 && shown.anatomy_part <= 1.0)) {
        return refuse(subject, "cannot be shown", "choose it again");
    }
    if (auto note = check_text(subject, image.note); !note) {
        return note;
    }
    return check_stamp(subject, image.stamp);
}

Result<void> check_levels(const std::vector<LevelMark>& levels) {
    if (levels.size() < 2) {  // one mark cannot contradict another
        return {};
    }
    if (const auto all = interpolate_levels(levels); !all) {
        return tl::unexpected(all.error());
    }
    return {};
}

Result<void> missing(const std::string& subject) {
    return refuse(subject, "is not there", "it may have been removed");
}

}  // namespace

Result<void> check_run_key(const std::string& run) {
    if (run.empty() || run.size() > 256 || !is_utf8(run)) {
        return refuse("run", "has no usable SOP Instance UID", "marks need a run to belong to");
    }
    return {};
}

std::vector<LevelMark> without_level(std::vector<LevelMark> levels, const std::string& label) {
    std::erase_if(levels, [&](const LevelMark& entry) { return entry.label == label; });
    return levels;
}

std::vector<LevelMark> with_level(std::vector<LevelMark> levels, LevelMark mark) {
    levels = without_level(std::move(levels), mark.label);
    const LevelNaming all{.thoracic = 13, .lumbar = 6};
    const auto place = std::find_if(levels.begin(), levels.end(), [&](const LevelMark& entry) {
        return level_order(entry.label, all) > level_order(mark.label, all);
    });
    levels.insert(place, std::move(mark));
    return levels;
}

Result<void> check(const RunReview& run, const AddAnnotation& command) {
    if (find_annotation(run, command.annotation.id) != nullptr) {
        return refuse("annotation " + std::to_string(command.annotation.id), "is there already",
                      "take a free number");
    }
    return check_annotation(command.annotation);
}

Result<void> check(const RunReview& run, const EditAnnotation& command) {
    if (find_annotation(run, command.annotation.id) == nullptr) {
        return missing("annotation " + std::to_string(command.annotation.id));
    }
    return check_annotation(command.annotation);
}

Result<void> check(const RunReview& run, const RemoveAnnotation& command) {
    if (find_annotation(run, command.id) == nullptr) {
        return missing("annotation " + std::to_string(command.id));
    }
    return {};
}

Result<void> check(const RunReview& run, const AddKeyImage& command) {
    if (find_key_image(run, command.image.id) != nullptr) {
        return refuse("key image " + std::to_string(command.image.id), "is there already",
                      "take a free number");
    }
    return check_key_image(command.image);
}

Result<void> check(const RunReview& run, const EditKeyImage& command) {
    if (find_key_image(run, command.image.id) == nullptr) {
        return missing("key image " + std::to_string(command.image.id));
    }
    return check_key_image(command.image);
}

Result<void> check(const RunReview& run, const RemoveKeyImage& command) {
    if (find_key_image(run, command.id) == nullptr) {
        return missing("key image " + std::to_string(command.id));
    }
    return {};
}

Result<void> check(const RunReview& run, const SetLevelMark& command) {
    if (!level_order(command.label, {.thoracic = 13, .lumbar = 6})) {
        return refuse("levels", "'" + command.label.substr(0, 32) + "' is not a level",
                      "use C1..C7, T1..T13, L1..L6, S1");
    }
    if (!in_reach(command.center_px)) {
        return refuse("levels", command.label + " lies out of reach", "mark it again");
    }
    return check_levels(
        with_level(run.levels, {command.label, command.center_px, LevelSource::operator_marked}));
}

Result<void> check(const RunReview& run, const RemoveLevelMark& command) {
    if (find_level(run, command.label) == nullptr) {
        return missing("level " + command.label.substr(0, 32));
    }
    // The spine's direction is taken from the outermost marks, so what is left may contradict.
    if (auto left = check_levels(without_level(run.levels, command.label)); !left) {
        Error error = left.error();
        error.what = "without " + command.label + ", " + error.what;
        return tl::unexpected(error);
    }
    return {};
}

Result<void> check(const RunReview&, const SetVerdict& command) {
    const HighlightVerdict& verdict = command.verdict;
    const std::string subject = "verdict on highlight " + std::to_string(verdict.highlight_id);
    if (verdict.id < 1 || verdict.id > kMaxMarkId || !in_reach(verdict.seed_px) ||
        verdict.onset_frame < 0 || verdict.onset_frame > kMaxFrame) {
        return refuse(subject, "names no place or frame in the run", "judge it again");
    }
    if (verdict.verdict == Verdict::none && verdict.note.empty()) {
        return refuse(subject, "says nothing", "remove it instead");
    }
    if (auto note = check_text(subject, verdict.note); !note) {
        return note;
    }
    return check_stamp(subject, verdict.stamp);
}

Result<void> check(const RunReview& run, const RemoveVerdict& command) {
    const bool found =
        std::any_of(run.verdicts.begin(), run.verdicts.end(),
                    [&](const HighlightVerdict& entry) { return entry.id == command.id; });
    return found ? Result<void>{} : missing("verdict " + std::to_string(command.id));
}

Result<void> check(const RunReview&, const SetMaskFrames& command) {
    if (!command.frames) {
        return {};
    }
    const auto& frames = *command.frames;
    const bool rising =
        std::adjacent_find(frames.begin(), frames.end(), std::greater_equal<>()) == frames.end();
    if (frames.empty() || frames.size() > kMaxMaskFrames || !rising || frames.front() < 0 ||
        frames.back() > kMaxFrame) {
        return refuse("mask frames", "must be one or more, in rising order",
                      "choose frames of the run, or automatic");
    }
    return {};
}

Result<void> check(const RunReview&, const SetManualShift& command) {
    if (command.shift_px && !in_reach(*command.shift_px)) {
        return refuse("pixel shift", "is out of reach", "reset it");
    }
    return {};
}

}  // namespace dsm
