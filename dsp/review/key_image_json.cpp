#include "dsp/review/key_image_json.h"

#include <iterator>

#include "dsp/review/commands.h"

namespace dsm {
namespace {

using nlohmann::json;

json write(Point p) {
    return json::array({p.x, p.y});
}

json write(const DisplayWindow& window) {
    return {{"center", window.center}, {"width", window.width}};
}

json write(const ShownPicture& shown) {
    json out = {{"picture", kPictureWords[static_cast<std::size_t>(shown.kind)]},
                {"window", write(shown.window)},
                {"inverted", shown.inverted},
                {"filtered", shown.filtered},
                {"sharpened", shown.sharpened},
                {"peak_in_grey", shown.peak_in_grey},
                {"shutter", shown.shutter_shown},
                {"highlights", shown.highlights_shown},
                {"anatomy_part", shown.anatomy_part},
                {"anatomy_window", write(shown.anatomy_window)},
                {"anatomy_inverted", shown.anatomy_inverted},
                {"part", nullptr},
                {"quarter_turns", shown.orientation.quarter_turns},
                {"mirrored", shown.orientation.mirrored}};
    if (shown.part) {
        out["part"] = {{"low_px", write(shown.part->low_px)},
                       {"high_px", write(shown.part->high_px)}};
    }
    return out;
}

DisplayWindow read_window(const json& from, const char* name, const JsonFields& fields) {
    const json* window = fields.field(from, name);
    return window == nullptr
               ? DisplayWindow{0.0, 1.0}
               : DisplayWindow{fields.number(*window, "center"), fields.number(*window, "width")};
}

PictureKind read_kind(const json& from, const JsonFields& fields) {
    const std::string word = fields.text(from, "picture");
    for (std::size_t i = 0; i < std::size(kPictureWords); ++i) {
        if (word == kPictureWords[i]) {
            return static_cast<PictureKind>(i);
        }
    }
    fields.blame("its picture '" + word.substr(0, 40) + "' is unknown");
    return PictureKind::original;
}

// Of journals written before there was such a choice.
bool flag_or(const json& from, const char* name, bool otherwise, const JsonFields& fields) {
    return JsonFields::optional_field(from, name) == nullptr ? otherwise : fields.flag(from, name);
}

ShownPicture read_shown(const json& from, const JsonFields& fields) {
    ShownPicture shown;
    shown.kind = read_kind(from, fields);
    shown.window = read_window(from, "window", fields);
    shown.inverted = fields.flag(from, "inverted");
    shown.filtered = fields.flag(from, "filtered");
    shown.sharpened = flag_or(from, "sharpened", false, fields);
    shown.peak_in_grey = flag_or(from, "peak_in_grey", false, fields);
    shown.shutter_shown = flag_or(from, "shutter", false, fields);
    shown.highlights_shown = fields.flag(from, "highlights");
    shown.anatomy_part = fields.number(from, "anatomy_part");
    shown.anatomy_window = read_window(from, "anatomy_window", fields);
    shown.anatomy_inverted = fields.flag(from, "anatomy_inverted");
    if (const json* part = JsonFields::optional_field(from, "part")) {
        shown.part = ShownPart{fields.point(*part, "low_px"), fields.point(*part, "high_px")};
    }
    shown.orientation.quarter_turns = static_cast<int>(fields.integer(from, "quarter_turns", 0, 3));
    shown.orientation.mirrored = fields.flag(from, "mirrored");
    return shown;
}

}  // namespace

json key_image_to_json(const KeyImage& image) {
    return {{"id", image.id},
            {"frame", image.frame},
            {"shown", write(image.shown)},
            {"note", image.note}};
}

KeyImage key_image_from_json(const json& from, const JsonFields& fields) {
    KeyImage image;
    image.id = fields.integer(from, "id", 0, kMaxMarkId);
    image.frame = static_cast<FrameIndex>(fields.integer(from, "frame", 0, kMaxFrame));
    if (const json* shown = fields.field(from, "shown")) {
        image.shown = read_shown(*shown, fields);
    }
    image.note = fields.optional_text(from, "note");
    return image;
}

}  // namespace dsm
