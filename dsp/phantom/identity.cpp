#include "dsp/phantom/identity.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

#include "dsp/phantom/random.h"

namespace dsm::phantom {
namespace {

std::uint64_t hash_text(const std::string& text, std::uint64_t start) {
    std::uint64_t hash = start;
    for (const char c : text) {
        hash = mix(hash ^ static_cast<unsigned char>(c));
    }
    return hash;
}

// A 128-bit number in decimal below the root for UUIDs.
std::string make_uid(const std::string& recipe, const std::string& purpose) {
    std::uint64_t words[2] = {hash_text(recipe + purpose, 1), hash_text(recipe + purpose, 2)};
    std::string digits;
    while (words[0] != 0 || words[1] != 0) {
        // Long division by ten, 32 bits at a time.
        std::uint64_t rest = 0;
        for (std::uint64_t& word : words) {
            const std::uint64_t high = (rest << 32U) | (word >> 32U);
            const std::uint64_t low = ((high % 10) << 32U) | (word & 0xffffffffU);
            word = ((high / 10) << 32U) | (low / 10);
            rest = low % 10;
        }
        digits.push_back(static_cast<char>('0' + rest));
    }
    std::reverse(digits.begin(), digits.end());
    return "2.25." + (digits.empty() ? "0" : digits);
}

std::string patient_name(const std::string& name) {
    std::string upper;
    for (const char c : name.substr(0, 40)) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
        upper += plain ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : ' ';
    }
    return "PHANTOM^" + upper;
}

}  // namespace

RunInfo describe_run(const Recipe& recipe, const std::vector<double>& time_s,
                     std::vector<float> table_to_linear) {
    const std::string text = recipe_text(recipe);
    RunInfo info;
    info.sop_instance_uid = make_uid(text, "instance");
    info.series_instance_uid = make_uid(text, "series");
    info.study_instance_uid = make_uid(text, "study");
    info.patient_name = patient_name(recipe.name);
    info.patient_id = "PHANTOM-" + std::to_string(recipe.seed);
    info.study_date = "20260101";
    info.study_time = "120000";
    info.study_description = "Synthetic myelogram";
    info.series_description = "Digital subtraction myelography";
    info.modality = "XA";
    info.manufacturer = "dsm phantom";
    info.series_number = 1;
    info.instance_number = 1;
    info.extent = {recipe.image.columns, recipe.image.rows};
    info.frames = static_cast<int>(time_s.size());
    info.bits_stored = recipe.image.bits;
    info.high_bit = recipe.image.bits - 1;
    const bool linear = recipe.image.intensity == Intensity::linear;
    info.intensity.relationship =
        linear ? PixelIntensityRelationship::linear : PixelIntensityRelationship::logarithmic;
    info.intensity.sign = 1;
    info.intensity.sign_source = "recipe";
    if (recipe.image.intensity == Intensity::logarithmic) {
        info.intensity.to_linear = std::move(table_to_linear);
    }
    const double half = 0.5 * (1 << recipe.image.bits);
    info.window = DisplayWindow{half, 2.0 * half};
    info.frame_time_s = time_s;
    info.timing_source = "recipe";
    info.timing_is_acquisition = true;
    info.spacing =
        PixelSpacing{recipe.image.pixel_mm, recipe.image.pixel_mm, SpacingBasis::at_isocentre};
    info.spacing_source = "recipe";
    info.position = recipe.position;
    info.position_source = "recipe";
    info.left_in_image = LeftInImage::towards_larger_x;
    info.head_in_image = HeadInImage::towards_smaller_y;
    info.orientation_source = "recipe";
    info.primary_angle_deg = 0.0;
    info.secondary_angle_deg = 0.0;
    return info;
}

}  // namespace dsm::phantom
