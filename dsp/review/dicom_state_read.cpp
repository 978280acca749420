#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/core/levels.h"
#include "dsp/review/command_json.h"
#include "dsp/review/dicom_state.h"
#include "dsp/review/state_layers.h"

namespace dsm {
namespace {

// 32-bit coordinates of pictures up to 64 k pixels wide are exact to this.
constexpr double kSamePlace_px = 0.01;

bool same_place(Point a, Point b) {
    return distance(a, b) < kSamePlace_px;
}

std::optional<EllipseShape> upright_ellipse(const std::vector<Point>& ends_px) {
    const Point center = 0.5 * (ends_px[0] + ends_px[1]);
    const Point major = 0.5 * (ends_px[1] - ends_px[0]);
    const Point minor = 0.5 * (ends_px[3] - ends_px[2]);
    constexpr double kUpright_px = 0.05;
    const bool across = std::abs(major.y) < kUpright_px && std::abs(minor.x) < kUpright_px;
    const bool down = std::abs(major.x) < kUpright_px && std::abs(minor.y) < kUpright_px;
    if (across || down) {
        const double longer = length(major);
        const double shorter = length(minor);
        return EllipseShape{center, across ? longer : shorter, across ? shorter : longer};
    }
    return std::nullopt;
}

// An ellipse at a slant has no shape of its own here: its outline is kept.
PolygonShape outline(const std::vector<Point>& ends_px) {
    constexpr int kVertices = 48;
    const Point center = 0.5 * (ends_px[0] + ends_px[1]);
    const Point major = 0.5 * (ends_px[1] - ends_px[0]);
    const Point minor = 0.5 * (ends_px[3] - ends_px[2]);
    PolygonShape polygon;
    for (int i = 0; i < kVertices; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / kVertices;
        polygon.vertices_px.push_back(center + std::cos(angle) * major + std::sin(angle) * minor);
    }
    return polygon;
}

// Nothing for what has no shape here: an open line of more than three points that is no arrow.
std::optional<Shape> shape_of(const StateGraphic& graphic) {
    const auto& p = graphic.points_px;
    if (graphic.kind == StateGraphic::Kind::ellipse && p.size() == 4) {
        if (const auto upright = upright_ellipse(p)) {
            return *upright;
        }
        return outline(p);
    }
    if (graphic.kind != StateGraphic::Kind::polyline) {
        return std::nullopt;
    }
    const bool our_arrow = p.size() == 5 && same_place(p[1], p[3]) && !same_place(p[0], p[4]);
    if (our_arrow) {
        return ArrowShape{p[0], p[1]};
    }
    if (p.size() == 2) {
        return LineShape{p[0], p[1]};
    }
    if (p.size() == 3 && !same_place(p.front(), p.back())) {
        return AngleShape{p[0], p[1], p[2]};
    }
    if (p.size() >= 4 && same_place(p.front(), p.back())) {
        return PolygonShape{{p.begin(), p.end() - 1}};
    }
    return std::nullopt;
}

// Our own measurements carry their value as text, for other viewers; it is measured anew here.
std::string without_value(const std::string& text, const Shape& shape, const std::string& layer) {
    if (layer != kMarkLayer || !is_measurement(shape)) {
        return text;
    }
    const auto at = text.rfind(kMeasuredAfter);
    return at == std::string::npos ? std::string() : text.substr(0, at);
}

class Maker {
 public:
    explicit Maker(const PresentationState& state) : state_(state) {
        marks_.warnings = state.warnings;
    }

    ImportedMarks make() {
        for (const StateAnnotation& annotation : state_.annotations) {
            if (annotation.layer == kLevelLayer && level_order(annotation.text, kWidest)) {
                add(SetLevelMark{kRecordedRun, annotation.text,
                                 annotation.text_at_px.value_or(Point{})});
            } else if (annotation.layer != kFindingLayer && annotation.layer != kVerdictLayer &&
                       annotation.layer != kComputedLevelLayer) {
                take(annotation);
            }
        }
        marks_.review = review_of(review_, kRecordedRun);
        return std::move(marks_);
    }

 private:
    static constexpr LevelNaming kWidest{.thoracic = 13, .lumbar = 6};

    void add(const Command& command) {
        if (const auto done = try_execute(review_, command); !done) {
            marks_.warnings.push_back(done.error().message() + " (left out)");
        }
    }

    void add_shape(Shape shape, const std::string& text, const StateAnnotation& from) {
        Annotation made;
        made.id = next_annotation_id(review_of(review_, kRecordedRun));
        made.shape = std::move(shape);
        made.text = text;
        if (from.frames) {
            made.frames = FrameRange{from.frames->first, from.frames->second};
        }
        made.stamp.author = state_.creator;
        add(AddAnnotation{kRecordedRun, std::move(made)});
    }

    void take(const StateAnnotation& annotation) {
        // The text goes with the first shape; a text alone is a mark of its own.
        std::string text = annotation.text;
        for (const StateGraphic& graphic : annotation.graphics) {
            if (auto shape = shape_of(graphic)) {
                text = without_value(text, *shape, annotation.layer);
                add_shape(std::move(*shape), text, annotation);
                text.clear();
            } else if (graphic.kind != StateGraphic::Kind::point || text.empty()) {
                marks_.warnings.emplace_back(
                    "a graphic that is neither arrow, line, angle, ellipse nor closed "
                    "region was left out");
            }
        }
        if (!text.empty()) {
            add_shape(TextShape{annotation.text_at_px.value_or(Point{})}, text, annotation);
        }
    }

    const PresentationState& state_;
    Review review_;
    ImportedMarks marks_;
};

}  // namespace

Result<ImportedMarks> marks_of(const PresentationState& state) {
    if (state.exact_record.empty()) {
        return Maker(state).make();
    }
    const auto command = command_from_json(state.exact_record);
    if (!command) {
        return tl::unexpected(command.error());
    }
    Review review;
    if (const auto done = try_execute(review, *command); !done) {
        return tl::unexpected(done.error());
    }
    ImportedMarks marks;
    marks.review = review_of(review, kRecordedRun);
    marks.exact = true;
    return marks;
}

namespace {

// Adds to a copy, so that each command is checked against those before it.
class Adder {
 public:
    Adder(const Review& there, const std::string& run, bool replace,
          std::vector<std::string>& left_out)
        : review_(there), run_(run), replace_(replace), left_out_(left_out) {}

    void annotation(Annotation mark) {
        const RunReview& there = review_of(review_, run_);
        const bool known =
            std::any_of(there.annotations.begin(), there.annotations.end(), [&](Annotation other) {
                other.id = mark.id;
                return other == mark;
            });
        if (known) {
            return;
        }
        if (find_annotation(there, mark.id) != nullptr) {
            mark.id = next_annotation_id(there);
        }
        add(AddAnnotation{run_, std::move(mark)});
    }

    void key_image(KeyImage image) {
        const RunReview& there = review_of(review_, run_);
        const bool known =
            std::any_of(there.key_images.begin(), there.key_images.end(), [&](KeyImage other) {
                other.id = image.id;
                return other == image;
            });
        if (known) {
            return;
        }
        if (find_key_image(there, image.id) != nullptr) {
            image.id = next_key_image_id(there);
        }
        add(AddKeyImage{run_, std::move(image)});
    }

    void level(const LevelMark& mark) {
        const LevelMark* there = find_level(review_of(review_, run_), mark.label);
        if (there == nullptr || (replace_ && there->center_px != mark.center_px)) {
            add(SetLevelMark{run_, mark.label, mark.center_px});
        } else if (there->center_px != mark.center_px) {
            left_out_.push_back("level " + mark.label + ": marked elsewhere already");
        }
    }

    void verdict(HighlightVerdict mark) {
        const RunReview& there = review_of(review_, run_);
        for (const HighlightVerdict& other : there.verdicts) {
            HighlightVerdict same = other;
            same.id = mark.id;
            if (same == mark) {
                return;
            }
            if (other.id == mark.id || distance(other.seed_px, mark.seed_px) <= kSameFindingPx) {
                if (!replace_) {
                    left_out_.push_back("verdict on highlight " +
                                        std::to_string(mark.highlight_id) + ": judged already");
                    return;
                }
                mark.id = other.id;
            }
        }
        add(SetVerdict{run_, std::move(mark)});
    }

    template <class T, class MakeCommand>
    void choice(const std::optional<T>& there, const std::optional<T>& wanted, const char* name,
                MakeCommand make) {
        if (!wanted || there == wanted) {
            return;
        }
        if (there && !replace_) {
            left_out_.push_back(std::string(name) + ": chosen already");
            return;
        }
        add(make(wanted));
    }

    [[nodiscard]] const RunReview& run_review() const { return review_of(review_, run_); }
    [[nodiscard]] CommandGroup take() { return std::move(group_); }

 private:
    void add(Command command) {
        const auto done = try_execute(review_, command);
        if (!done) {
            left_out_.push_back(done.error().message());
        } else if (*done) {
            group_.commands.push_back(std::move(command));
        }
    }

    Review review_;
    const std::string& run_;
    bool replace_;
    std::vector<std::string>& left_out_;
    CommandGroup group_;
};

}  // namespace

CommandGroup commands_to_add(const Review& there, const std::string& run, const RunReview& marks,
                             bool replace, std::vector<std::string>& left_out) {
    Adder adder(there, run, replace, left_out);
    for (const LevelMark& level : outermost_first(marks.levels)) {
        adder.level(level);
    }
    for (const Annotation& annotation : marks.annotations) {
        adder.annotation(annotation);
    }
    for (const KeyImage& image : marks.key_images) {
        adder.key_image(image);
    }
    for (const HighlightVerdict& verdict : marks.verdicts) {
        adder.verdict(verdict);
    }
    adder.choice(adder.run_review().mask_frames, marks.mask_frames, "mask frames",
                 [&](const auto& frames) {
                     return Command{SetMaskFrames{run, frames}};
                 });
    adder.choice(adder.run_review().manual_shift_px, marks.manual_shift_px, "pixel shift",
                 [&](const auto& shift) {
                     return Command{SetManualShift{run, shift}};
                 });
    return adder.take();
}

}  // namespace dsm
