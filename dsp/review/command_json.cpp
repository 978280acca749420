#include "dsp/review/command_json.h"

#include <limits>
#include <type_traits>

#include "dsp/review/json_fields.h"
#include "dsp/review/key_image_json.h"

namespace dsm {
namespace {

using nlohmann::json;

constexpr const char* kCommandSchema = "dsm-command/1";
constexpr const char* kStepSchema = "dsm-step/1";
// A point in a polygon in an annotation in a command in a group in a step.
constexpr int kMaxJsonDepth = 2 * kMaxGroupDepth + 12;

json write(Point p) {
    return json::array({p.x, p.y});
}

json write(const Stamp& stamp) {
    return {{"author", stamp.author}, {"time_utc", stamp.time_utc}};
}

json write(const Shape& shape) {
    struct {
        json operator()(const ArrowShape& s) const {
            return {
                {"kind", "arrow"}, {"tail_px", write(s.tail_px)}, {"head_px", write(s.head_px)}};
        }
        json operator()(const TextShape& s) const {
            return {{"kind", "text"}, {"at_px", write(s.at_px)}};
        }
        json operator()(const EllipseShape& s) const {
            return {{"kind", "ellipse"},
                    {"center_px", write(s.center_px)},
                    {"radii_px", json::array({s.radius_x_px, s.radius_y_px})}};
        }
        json operator()(const PolygonShape& s) const {
            json vertices = json::array();
            for (const Point p : s.vertices_px) {
                vertices.push_back(write(p));
            }
            return {{"kind", "polygon"}, {"vertices_px", std::move(vertices)}};
        }
        json operator()(const LineShape& s) const {
            return {{"kind", "line"}, {"from_px", write(s.from_px)}, {"to_px", write(s.to_px)}};
        }
        json operator()(const AngleShape& s) const {
            return {{"kind", "angle"},
                    {"first_px", write(s.first_px)},
                    {"vertex_px", write(s.vertex_px)},
                    {"second_px", write(s.second_px)}};
        }
    } writer;
    return std::visit(writer, shape);
}

json write(const Annotation& annotation) {
    json out = {{"id", annotation.id},
                {"shape", write(annotation.shape)},
                {"text", annotation.text},
                {"frames", nullptr},
                {"shows_curve", annotation.shows_curve},
                {"stamp", write(annotation.stamp)}};
    if (annotation.frames) {
        out["frames"] = json::array({annotation.frames->first, annotation.frames->last});
    }
    return out;
}

json write(const HighlightVerdict& verdict) {
    return {{"id", verdict.id},
            {"highlight_id", verdict.highlight_id},
            {"seed_px", write(verdict.seed_px)},
            {"onset_frame", verdict.onset_frame},
            {"verdict", to_string(verdict.verdict)},
            {"note", verdict.note},
            {"stamp", write(verdict.stamp)}};
}

json write(const KeyImage& image) {
    json out = key_image_to_json(image);
    out["stamp"] = write(image.stamp);
    return out;
}

json write(const Command& command);

struct WriteCommand {
    json operator()(const AddAnnotation& c) const {
        return {{"type", "add_annotation"}, {"run", c.run}, {"annotation", write(c.annotation)}};
    }
    json operator()(const EditAnnotation& c) const {
        return {{"type", "edit_annotation"}, {"run", c.run}, {"annotation", write(c.annotation)}};
    }
    json operator()(const RemoveAnnotation& c) const {
        return {{"type", "remove_annotation"}, {"run", c.run}, {"id", c.id}};
    }
    json operator()(const AddKeyImage& c) const {
        return {{"type", "add_key_image"}, {"run", c.run}, {"image", write(c.image)}};
    }
    json operator()(const EditKeyImage& c) const {
        return {{"type", "edit_key_image"}, {"run", c.run}, {"image", write(c.image)}};
    }
    json operator()(const RemoveKeyImage& c) const {
        return {{"type", "remove_key_image"}, {"run", c.run}, {"id", c.id}};
    }
    json operator()(const SetLevelMark& c) const {
        return {{"type", "set_level_mark"},
                {"run", c.run},
                {"label", c.label},
                {"center_px", write(c.center_px)}};
    }
    json operator()(const RemoveLevelMark& c) const {
        return {{"type", "remove_level_mark"}, {"run", c.run}, {"label", c.label}};
    }
    json operator()(const SetVerdict& c) const {
        return {{"type", "set_verdict"}, {"run", c.run}, {"verdict", write(c.verdict)}};
    }
    json operator()(const RemoveVerdict& c) const {
        return {{"type", "remove_verdict"}, {"run", c.run}, {"id", c.id}};
    }
    json operator()(const SetMaskFrames& c) const {
        json out = {{"type", "set_mask_frames"}, {"run", c.run}, {"frames", nullptr}};
        if (c.frames) {
            out["frames"] = *c.frames;
        }
        return out;
    }
    json operator()(const SetManualShift& c) const {
        json out = {{"type", "set_manual_shift"}, {"run", c.run}, {"shift_px", nullptr}};
        if (c.shift_px) {
            out["shift_px"] = write(*c.shift_px);
        }
        return out;
    }
    json operator()(const CommandGroup& c) const {
        json members = json::array();
        for (const Command& member : c.commands) {
            members.push_back(write(member));
        }
        return {{"type", "group"}, {"commands", std::move(members)}};
    }
};

json write(const Command& command) {
    return std::visit(WriteCommand{}, command);
}

class CommandReader {
 public:
    explicit CommandReader(std::string& problem) : fields_(problem) {}

    Command read(const json& from, int depth = 0) const {
        const std::string type = fields_.text(from, "type");
        if (type == "group") {
            return read_group(from, depth);
        }
        const std::string run = fields_.text(from, "run");
        if (type == "add_annotation") {
            return AddAnnotation{run, read_annotation(from)};
        }
        if (type == "edit_annotation") {
            return EditAnnotation{run, read_annotation(from)};
        }
        if (type == "remove_annotation") {
            return RemoveAnnotation{run, read_id(from)};
        }
        if (type == "add_key_image") {
            return AddKeyImage{run, read_key_image(from)};
        }
        if (type == "edit_key_image") {
            return EditKeyImage{run, read_key_image(from)};
        }
        if (type == "remove_key_image") {
            return RemoveKeyImage{run, read_id(from)};
        }
        if (type == "set_level_mark") {
            return SetLevelMark{run, fields_.text(from, "label"), fields_.point(from, "center_px")};
        }
        if (type == "remove_level_mark") {
            return RemoveLevelMark{run, fields_.text(from, "label")};
        }
        if (type == "set_verdict") {
            return SetVerdict{run, read_verdict(from)};
        }
        if (type == "remove_verdict") {
            return RemoveVerdict{run, read_id(from)};
        }
        if (type == "set_mask_frames") {
            return SetMaskFrames{run, read_mask_frames(from)};
        }
        if (type == "set_manual_shift") {
            const bool given = JsonFields::optional_field(from, "shift_px") != nullptr;
            return SetManualShift{
                run, given ? std::optional{fields_.point(from, "shift_px")} : std::nullopt};
        }
        fields_.blame("its type '" + type.substr(0, 40) + "' is unknown");
        return CommandGroup{};
    }

 private:
    Command read_group(const json& from, int depth) const {
        CommandGroup group;
        const json* members = fields_.array(from, "commands", kMaxGroupSize);
        if (depth >= kMaxGroupDepth) {
            fields_.blame("groups are nested too deeply");
        } else if (members != nullptr) {
            group.commands.reserve(members->size());
            for (const json& member : *members) {
                group.commands.push_back(read(member, depth + 1));
            }
        }
        return group;
    }

    MarkId read_id(const json& from) const { return fields_.integer(from, "id", 0, kMaxMarkId); }

    FrameIndex read_frame(const json& value) const {
        return static_cast<FrameIndex>(fields_.integer(value, 0, kMaxFrame));
    }

    Stamp read_stamp(const json& from) const {
        const json* stamp = JsonFields::optional_field(from, "stamp");
        if (stamp == nullptr) {
            return {};
        }
        return {fields_.optional_text(*stamp, "author"), fields_.optional_text(*stamp, "time_utc")};
    }

    Shape read_shape(const json& from) const {
        const std::string kind = fields_.text(from, "kind");
        if (kind == "arrow") {
            return ArrowShape{fields_.point(from, "tail_px"), fields_.point(from, "head_px")};
        }
        if (kind == "text") {
            return TextShape{fields_.point(from, "at_px")};
        }
        if (kind == "ellipse") {
            const Point radii = fields_.point(from, "radii_px");
            return EllipseShape{fields_.point(from, "center_px"), radii.x, radii.y};
        }
        if (kind == "polygon") {
            PolygonShape polygon;
            if (const json* vertices = fields_.array(from, "vertices_px", kMaxVertices)) {
                for (const json& vertex : *vertices) {
                    polygon.vertices_px.push_back(fields_.point(vertex));
                }
            }
            return polygon;
        }
        if (kind == "line") {
            return LineShape{fields_.point(from, "from_px"), fields_.point(from, "to_px")};
        }
        if (kind == "angle") {
            return AngleShape{fields_.point(from, "first_px"), fields_.point(from, "vertex_px"),
                              fields_.point(from, "second_px")};
        }
        fields_.blame("its shape '" + kind.substr(0, 40) + "' is unknown");
        return TextShape{};
    }

    Annotation read_annotation(const json& command) const {
        Annotation annotation;
        const json* from = fields_.field(command, "annotation");
        if (from == nullptr) {
            return annotation;
        }
        annotation.id = read_id(*from);
        if (const json* shape = fields_.field(*from, "shape")) {
            annotation.shape = read_shape(*shape);
        }
        annotation.text = fields_.optional_text(*from, "text");
        if (const json* frames = JsonFields::optional_field(*from, "frames")) {
            if (frames->is_array() && frames->size() == 2) {
                annotation.frames = FrameRange{read_frame((*frames)[0]), read_frame((*frames)[1])};
            } else {
                fields_.blame("frames is not [first, last]");
            }
        }
        annotation.shows_curve = fields_.flag(*from, "shows_curve");
        annotation.stamp = read_stamp(*from);
        return annotation;
    }

    KeyImage read_key_image(const json& command) const {
        const json* from = fields_.field(command, "image");
        if (from == nullptr) {
            return {};
        }
        KeyImage image = key_image_from_json(*from, fields_);
        image.stamp = read_stamp(*from);
        return image;
    }

    HighlightVerdict read_verdict(const json& command) const {
        HighlightVerdict verdict;
        const json* from = fields_.field(command, "verdict");
        if (from == nullptr) {
            return verdict;
        }
        verdict.id = read_id(*from);
        verdict.highlight_id =
            static_cast<int>(fields_.integer(*from, "highlight_id", std::numeric_limits<int>::min(),
                                             std::numeric_limits<int>::max()));
        verdict.seed_px = fields_.point(*from, "seed_px");
        if (const json* onset = fields_.field(*from, "onset_frame")) {
            verdict.onset_frame = read_frame(*onset);
        }
        const auto word = from_string<Verdict>(fields_.text(*from, "verdict"));
        if (!word) {
            fields_.blame("the verdict is unknown");
        }
        verdict.verdict = word.value_or(Verdict::none);
        verdict.note = fields_.optional_text(*from, "note");
        verdict.stamp = read_stamp(*from);
        return verdict;
    }

    std::optional<std::vector<FrameIndex>> read_mask_frames(const json& from) const {
        if (JsonFields::optional_field(from, "frames") == nullptr) {
            return std::nullopt;
        }
        std::vector<FrameIndex> frames;
        if (const json* list = fields_.array(from, "frames", kMaxMaskFrames)) {
            for (const json& frame : *list) {
                frames.push_back(read_frame(frame));
            }
        }
        return frames;
    }

    JsonFields fields_;
};

// "dsm-command/1" is read; "dsm-command/2" is told apart from damage.
Result<void> check_schema(const json& from, const std::string& expected) {
    const json* schema = JsonFields::optional_field(from, "schema");
    if (schema == nullptr || !schema->is_string()) {
        return fail(ErrorKind::unreadable, "JSON", "names no schema");
    }
    const auto found = schema->get<std::string>();
    if (found == expected) {
        return {};
    }
    const std::string family = expected.substr(0, expected.find('/') + 1);
    if (found.compare(0, family.size(), family) == 0) {
        return fail(ErrorKind::unsupported, "JSON",
                    "is of schema '" + found.substr(0, 40) + "', this program reads " + expected,
                    "use the newer version of dsm that wrote it");
    }
    return fail(ErrorKind::unreadable, "JSON", "is not of schema " + expected);
}

Result<std::string> text_of(const json& value) {
    std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    if (text.size() > kMaxCommandJsonBytes) {
        return fail(ErrorKind::invalid_input, "command", "is too large to be kept",
                    "do it in smaller steps");
    }
    return text;
}

const char* to_word(Step::Action action) {
    switch (action) {
        case Step::Action::undo:
            return "undo";
        case Step::Action::redo:
            return "redo";
        case Step::Action::execute:
            break;
    }
    return "execute";
}

}  // namespace

Result<std::string> to_json(const Command& command) {
    json out = write(command);
    out["schema"] = kCommandSchema;
    return text_of(out);
}

Result<Command> command_from_json(std::string_view text) {
    const auto from = JsonFields::parse(text, kMaxCommandJsonBytes, kMaxJsonDepth);
    if (!from) {
        return tl::unexpected(from.error());
    }
    if (auto schema = check_schema(*from, kCommandSchema); !schema) {
        return tl::unexpected(schema.error());
    }
    std::string problem;
    Command command = CommandReader(problem).read(*from);
    if (!problem.empty()) {
        return fail(ErrorKind::unreadable, "command", problem);
    }
    return command;
}

Result<std::string> to_json(const Step& step) {
    json out = {{"schema", kStepSchema}, {"action", to_word(step.action)}};
    if (step.action == Step::Action::execute) {
        out["label"] = step.label;
        out["merges"] = step.merges;
        out["command"] = write(step.command);
    }
    return text_of(out);
}

Result<Step> step_from_json(std::string_view text) {
    const auto from = JsonFields::parse(text, kMaxCommandJsonBytes, kMaxJsonDepth);
    if (!from) {
        return tl::unexpected(from.error());
    }
    if (auto schema = check_schema(*from, kStepSchema); !schema) {
        return tl::unexpected(schema.error());
    }
    std::string problem;
    const JsonFields fields(problem);
    Step step;
    const std::string action = fields.text(*from, "action");
    if (action == "execute") {
        step.label = fields.optional_text(*from, "label");
        step.merges = fields.flag(*from, "merges");
        if (const json* command = fields.field(*from, "command")) {
            step.command = CommandReader(problem).read(*command);
        }
    } else if (action == "undo" || action == "redo") {
        step.action = action == "undo" ? Step::Action::undo : Step::Action::redo;
    } else {
        fields.blame("its action is unknown");
    }
    if (!problem.empty()) {
        return fail(ErrorKind::unreadable, "step", problem);
    }
    return step;
}

}  // namespace dsm
