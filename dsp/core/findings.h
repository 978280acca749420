// The values a result is made of, as contract.md (dsm-result/1) names them. Plain data, no
// behaviour. Positions are px (x right, y down, centres at integers); opacity is ln(mask/live),
// dimensionless.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dsp/core/units.h"

namespace dsm {

enum class Side { left, right, undetermined };  // the patient's, from the header, never guessed
enum class LeakKind {
    csf_venous_fistula,
    extravasation,
    diverticulum,
    nerve_root_sleeve,
    renal_excretion,
    unclassified,
};
enum class Grade { definite, high, low };
enum class Drainage { paravertebral, lateral, central_epidural, unknown };
enum class RegistrationMethod { none, shift, affine, mesh };
enum class Quality { good, fair, poor, failed, no_mask };
enum class MaskSource { automatic, operator_chosen, file };
enum class Category { positive, negative, indeterminate, inadequate };

enum class LevelSource { operator_marked, interpolated, proposed };
struct LevelMark {
    std::string label;  // "T7"
    Point center_px{};
    LevelSource source{LevelSource::operator_marked};
    friend bool operator==(const LevelMark&, const LevelMark&) = default;
};

// Opacity against time; one entry per frame. `noise` is one standard deviation of `opacity`.
struct OpacityCurve {
    std::vector<double> time_s;
    std::vector<double> opacity;
    std::vector<double> noise;
    friend bool operator==(const OpacityCurve&, const OpacityCurve&) = default;
};

struct Highlight {
    int id{0};
    LeakKind kind{LeakKind::unclassified};
    double confidence{0.0};
    Grade grade{Grade::low};
    FrameIndex onset_frame{0};
    FrameIndex alarm_frame{0};
    Point seed_px{};
    std::vector<Point> path_px;
    PixelRect bbox_px{};
    Side side{Side::undetermined};
    std::string level;  // "T7-T8"; empty when unknown
    Drainage drainage{Drainage::unknown};
    std::string drains_at;
    std::optional<double> width_mm;
    double peak_opacity{0.0};
    std::optional<double> delay_after_sac_s;
    OpacityCurve curve;
    std::string why;
    friend bool operator==(const Highlight&, const Highlight&) = default;
};

struct LevelCoverage {
    std::string level;
    Side side{Side::undetermined};
    bool in_view{false};
    std::optional<double> sac_arrival_s;
    std::optional<double> watched_s;
    std::optional<double> detectable_opacity;
    bool adequate{false};
    std::string why;
    friend bool operator==(const LevelCoverage&, const LevelCoverage&) = default;
};

struct Conclusion {
    Category category{Category::indeterminate};
    std::string text;
    friend bool operator==(const Conclusion&, const Conclusion&) = default;
};

struct FrameMotion {
    FrameIndex frame{0};
    std::vector<FrameIndex> masks;
    Point mean_px{};  // frame to mask: mask_registered(x, y) = mask(x + dx, y + dy)
    double max_px{0.0};
    std::optional<double> artefact_ratio;  // 1.0 is perfect; nothing before the first mask
    // The same of the worst patch of 64 pixels squared: a streak that the whole picture hides.
    std::optional<double> worst_artefact_ratio;
    Quality quality{Quality::no_mask};
    RegistrationMethod used{RegistrationMethod::none};  // the rung of the ladder that was kept
    std::string reason;                                 // why a lower rung was taken; empty if not
    // Beside the spine alone, see dsp/opacification/corridor.h; nothing where it is not known.
    std::optional<double> corridor_artefact_ratio;
    std::optional<double> corridor_residual_mm;
    friend bool operator==(const FrameMotion&, const FrameMotion&) = default;
};

// The words of the contract, both ways; from_string gives nothing for an unknown word.
[[nodiscard]] const char* to_string(Side);
[[nodiscard]] const char* to_string(LeakKind);
[[nodiscard]] const char* to_string(Grade);
[[nodiscard]] const char* to_string(Drainage);
[[nodiscard]] const char* to_string(RegistrationMethod);
[[nodiscard]] const char* to_string(Quality);
[[nodiscard]] const char* to_string(Category);
[[nodiscard]] const char* to_string(LevelSource);  // "operator", "interpolated", "proposed"
template <class E>
[[nodiscard]] std::optional<E> from_string(const std::string& word);
template <>
std::optional<Side> from_string<Side>(const std::string& word);
template <>
std::optional<LeakKind> from_string<LeakKind>(const std::string& word);
template <>
std::optional<Grade> from_string<Grade>(const std::string& word);
template <>
std::optional<Drainage> from_string<Drainage>(const std::string& word);
template <>
std::optional<RegistrationMethod> from_string<RegistrationMethod>(const std::string& word);
template <>
std::optional<Quality> from_string<Quality>(const std::string& word);
template <>
std::optional<Category> from_string<Category>(const std::string& word);
template <>
std::optional<LevelSource> from_string<LevelSource>(const std::string& word);

// A kind that counts as a leak (the rest are normal or mimics).
[[nodiscard]] bool is_leak(LeakKind);

}  // namespace dsm
