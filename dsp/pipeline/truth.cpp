#include "dsp/pipeline/truth.h"

#include <system_error>

#include "dsp/core/findings.h"
#include "dsp/pipeline/json_cursor.h"
#include "dsp/pipeline/json_file.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;

constexpr int kMostFrames = 1'000'000;

// A file named in truth.json, inside its folder only; the usual names where it names none.
fs::path beside(const fs::path& folder, const std::string& name,
                std::initializer_list<const char*> usual) {
    std::error_code unknown;
    const fs::path given = fs::path(name).filename();
    if (!given.empty() && fs::is_regular_file(folder / given, unknown)) {
        return folder / given;
    }
    for (const char* other : usual) {
        if (fs::is_regular_file(folder / other, unknown)) {
            return folder / other;
        }
    }
    return {};
}

TrueStructure read_structure(const JsonCursor& field) {
    TrueStructure structure;
    structure.kind = field.at("kind").text();
    structure.level = field.at("level").text();
    structure.side = field.at("side").text();
    structure.path_px = field.at("path_px").points();
    structure.width_mm = field.at("width_mm").number_or_null().value_or(0.0);
    structure.onset_frame = field.at("onset_frame").integer(0, kMostFrames);
    structure.peak_opacity = field.at("peak_opacity").number_or_null().value_or(0.0);
    if (structure.path_px.empty()) {
        field.at("path_px").complain("is empty");
    }
    return structure;
}

}  // namespace

bool is_leak_word(const std::string& kind) {
    const auto known = from_string<LeakKind>(kind);
    return known && is_leak(*known);
}

Result<Truth> read_truth(const fs::path& file) {
    const auto json = read_json_file(file);
    if (!json) {
        return tl::unexpected(json.error());
    }
    // Simulated runs before the field existed were made at this spacing (mm at the patient).
    constexpr double kUsualPixel_mm = 0.24;
    std::string problem;
    const JsonCursor root(*json, problem);
    Truth truth;
    truth.folder = file.parent_path();
    if (!root.at("schema").is_string() || root.at("schema").text() != "dsm-truth/1") {
        return fail(ErrorKind::unsupported, file.string(), "is not a truth of schema dsm-truth/1",
                    "give the folder that dsm phantom wrote");
    }
    truth.held_out = root.at("split").text() == "held_out";
    truth.noise_opacity = root.at("noise_opacity").number_or_null().value_or(0.0);
    truth.frame_time_s = root.at("frame_time_s").numbers();
    truth.first_contrast_frame = root.at("first_contrast_frame").integer(0, kMostFrames);
    truth.pixel_mm = root.at("pixel_mm").number_or_null().value_or(kUsualPixel_mm);
    if (truth.pixel_mm <= 0.0) {
        root.at("pixel_mm").complain("is not positive");
    }
    for (const JsonCursor& entry : root.at("structures").items()) {
        truth.structures.push_back(read_structure(entry));
    }
    truth.sac_mask = beside(truth.folder, root.at("sac_mask").text(), {"sac.png"});
    truth.contrast_free_mask =
        beside(truth.folder, root.at("contrast_free_mask").text(), {"free.png"});
    truth.opacity =
        beside(truth.folder, root.at("opacity").text(), {"opacity_true.npy", "opacity_true.npz"});
    if (truth.frame_time_s.empty()) {
        root.at("frame_time_s").complain("is empty");
    }
    if (!problem.empty()) {
        return fail(ErrorKind::invalid_input, file.string(), problem, "make the run again");
    }
    return truth;
}

}  // namespace dsm
