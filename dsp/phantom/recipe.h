// What a synthetic run is made of. A recipe is a JSON file (sample_runs/*.json); every key has a
// default, every number a range, and a key that is not known is refused by name.
// Lengths are mm at the patient, times s from the first frame. The view is frontal with the head up
// and the patient's left at the image's right; the same holds for x and y here (x right, y down).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/findings.h"
#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

namespace dsm::phantom {

enum class Intensity { linear, logarithmic, logarithmic_without_table };
enum class Codec { explicit_little_endian, jpeg_lossless, jpeg_ls, rle };

struct ImageRecipe {
    int columns{512};
    int rows{640};
    double pixel_mm{0.3};
    int bits{12};
    Intensity intensity{Intensity::linear};
    Codec codec{Codec::explicit_little_endian};
    // Stored value of the brightest part of the first frame, as a share of the largest one.
    double white_level{0.9};
};

struct TimingRecipe {
    int frames{60};
    double rate_hz{2.0};
    double later_from_s{0.0};  // the rate changes here; 0: it does not
    double later_rate_hz{1.0};
    double jitter_s{0.0};  // each interval differs by up to this
};

struct AnatomyRecipe {
    std::string center_level{"T9"};  // the vertebra in the middle of the picture
    double offset_mm{0.0};           // moves the spine to the image's right
    double scoliosis_mm{4.0};
    double size{1.0};  // scales every length of the skeleton
    double bone{1.0};  // mineral, 1 is a healthy adult
    double texture{1.0};
    double lung_depth_cm{10.0};  // 0: no lungs, heart and diaphragm
    int bowel_gas{0};            // number of bubbles below the diaphragm
};

struct BreathingRecipe {
    double amplitude_mm{8.0};  // peak to peak at the diaphragm
    double period_s{4.5};
    double irregularity{0.15};  // 0 is a metronome; 0.5 is a restless patient
    // Breath is held in [hold_from_s, hold_until_s]; equal values: never.
    double hold_from_s{0.0};
    double hold_until_s{0.0};
    double hold_drift_mm_s{0.15};  // the diaphragm's slow rise while the breath is held
};

struct MotionRecipe {
    BreathingRecipe breathing;
    double heart_mm{3.0};
    double heart_hz{1.15};
    double wander_mm{0.3};  // slow irregular movement of the whole patient
    double drift_mm_s[2]{0.0, 0.0};
    double rotation_deg{0.1};
    // A sudden lasting movement of the whole patient; jerk_at_s 0: none.
    double jerk_at_s{0.0};
    double jerk_mm[2]{2.0, 1.0};
    double jerk_deg{0.2};
};

struct ContrastRecipe {
    double start_s{3.0};  // the front enters the picture from below
    double front_mm_s{14.0};
    double iodine_mg_ml{60.0};
    double layering{0.7};  // 0: mixed evenly; 1: all of it on the dependent side
    bool root_sleeves{true};
};

struct ExposureStep {
    double at_s{0.0};
    double gain{1.0};
};

struct DetectorRecipe {
    double dose_ugy{2.5};  // at the detector, mean of the first frame
    double scatter_fraction{0.45};
    double read_noise_quanta{12.0};
    double blur_px{0.7};      // one standard deviation, focal spot and detector together
    double drift_per_s{0.0};  // relative change of exposure
    double flutter{0.004};    // pulse-to-pulse, one relative standard deviation
    std::vector<ExposureStep> steps;
};

struct StructureRecipe {
    std::string kind{"csf_venous_fistula"};  // see kStructureKinds
    std::string level{"T9-T10"};
    Side side{Side::right};
    Drainage route{Drainage::paravertebral};
    double iodine_mg_ml{20.0};
    double width_mm{2.0};  // vein width, diverticulum diameter, lateral reach of a leak
    double length_mm{55.0};
    double delay_s{9.0};  // after contrast has reached the level
    double rise_s{4.0};
    double speed_mm_s{10.0};  // how fast it grows along its path
    double washout_s{0.0};    // time constant of fading; 0: it stays
    double plateau_s{8.0};    // before it fades
};

inline constexpr const char* kStructureKinds[] = {"csf_venous_fistula", "extravasation",
                                                  "diverticulum", "renal_excretion"};

// Which part of a cohort a run belongs to: judgements are fitted on one and tried on the other.
enum class Split { none, train, held_out };

struct Recipe {
    std::string name{"run"};
    std::string note;  // what the run is for, in words
    std::uint64_t seed{1};
    Split split{Split::none};
    PatientPosition position{PatientPosition::left_decubitus};
    ImageRecipe image;
    TimingRecipe timing;
    AnatomyRecipe anatomy;
    MotionRecipe motion;
    ContrastRecipe contrast;
    DetectorRecipe detector;
    std::vector<StructureRecipe> structures;
};

[[nodiscard]] const char* to_string(Split split);

// Errors (invalid_input, unreadable, not_found) name the file and the key.
[[nodiscard]] Result<Recipe> read_recipe(const std::filesystem::path& file);
[[nodiscard]] Result<Recipe> parse_recipe(const std::string& text, const std::string& subject);
// Every key, so that a run made by hand or by a cohort can be made again.
[[nodiscard]] std::string recipe_text(const Recipe& recipe);

}  // namespace dsm::phantom
