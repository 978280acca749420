#include "dsp/opacification/classify.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace dsm {

namespace {

constexpr double kSleeveMm = 16.0;       // a sleeve ends at the ganglion
constexpr double kLongestStemMm = 20.0;  // longer: no sleeve, though it fills with the sac
constexpr double kBandWidthMm = 3.3;     // wider than any draining vein at the foramen
constexpr double kBandLengthMm = 20.0;
constexpr double kImpossibleS = -2.0;
constexpr double kForamenMm = 16.0;  // from the sac's border to the first visible part
constexpr double kBesideMm = 18.0;   // from the sac's border: the epidural space and the sleeves
constexpr double kLevelMm = 40.0;    // from one foramen to the next
constexpr double kMarginMm = 8.0;    // from the sac's border: where its blur and its scatter end
constexpr double kCanalMm = 8.0;     // shorter ones over the sac are sleeves that leave it
constexpr double kBlobElongation = 2.4;
constexpr double kVeinOpacity =
    0.025;                             // clinical reference: 0.01 to 0.06, less where it is blurred
constexpr double kUsualSlip_mm = 0.3;  // what registration leaves here and there

std::string number(const char* format, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), format, value);
    return text.data();
}

}  // namespace

LeakFeatureValues features_of(const Candidate& c) {
    const bool over_sac = c.trace.zone == Zone::canal;
    return {
        std::clamp(std::log2(std::max(0.1, c.step.sigmas) / 5.0), -2.0, 4.0),          // strength
        std::clamp(std::log2(std::max(0.5, c.trace.weak_evidence) / 4.0), -2.0, 3.0),  // contrast
        std::clamp((c.length_mm - 12.0) / 8.0, -1.5, 1.5),                             // length
        std::clamp((c.step.explained - 0.5) / 0.2, -2.0, 2.5),                         // steadiness
        -std::clamp((c.border_mm - 10.0) / 4.0, 0.0, 3.0),                             // anchor
        std::clamp((c.delay_s - 2.0) / 1.0, -3.0, 0.5),                                // lateness
        std::clamp(2.0 * c.own_time, -2.0, 1.0),                                       // own_time
        std::clamp(c.growth, -1.0, 1.0),                                               // growth
        std::clamp((3.2 - c.width_mm) / 0.8, -2.0, 1.0),                               // thinness
        -std::clamp((c.side_lobe - 0.4) / 0.3, 0.0, 2.0),                              // two_signs
        -std::clamp((c.disturbance - 0.4) / 0.4, 0.0, 2.5),                            // calm
        -std::clamp((c.of_sac - 0.45) / 0.2, 0.0, 3.0),                                // plausible
        std::clamp(std::log2(c.slip_mm.value_or(kUsualSlip_mm) / kUsualSlip_mm), -2.5,
                   2.5),                                                               // slip
        -std::clamp(c.unrest, -0.5, 2.5),                                              // quiet
        -std::clamp((c.with_breathing - 0.1) / 0.2, 0.0, 2.5),                         // own_phase
        std::clamp(std::log2(std::max(0.5, c.delay_s) / 4.0), -2.0, 2.0),              // late
        std::clamp((c.reach_mm - 18.0) / 8.0, -1.5, 2.0),                              // reach
        std::clamp(std::log2(std::max(0.5, c.trace.mean_evidence) / 5.0), -1.0, 4.0),  // evidence
        std::clamp((c.continuity - 0.8) / 0.2, -2.0, 1.0),                             // whole
        c.relative ? 0.0
                   : -std::clamp(std::log2(std::max(1e-4, c.step.height) / kVeinOpacity), 0.0,
                                 2.5),  // faint
        over_sac ? -1.0 : 0.0,          // beside_sac
        over_sac ? std::clamp(std::log2(std::max(0.1, c.step.sigmas) / 15.0), -2.0, 3.0)
                 : 0.0,  // over_sac_strength
        over_sac ? std::clamp(std::log2(std::max(0.5, c.delay_s) / 8.0), -2.0, 2.0)
                 : 0.0,                                                            // over_sac_late
        std::clamp(c.persistence, -1.0, 1.0),                                      // lasting
        -std::clamp(std::log2(std::max(0.05, c.before) / 0.3), -2.0, 3.0),         // dark_before
        c.stem_mm > kLongestStemMm ? 0.0 : std::clamp(c.stem_mm / 4.0, 0.0, 2.0),  // stem
        -std::clamp(c.club, 0.0, 2.0),                                             // no_club
    };
}

LeakKind kind_of(const Candidate& c) {
    const bool together = c.delay_s < kTogetherS;
    const bool along = c.parallel > 0.5 && c.reach_mm < kBesideMm;
    // Over the sac only what came later than it can be told from it.
    if (c.trace.zone == Zone::canal) {
        return !together && c.extent_mm > kCanalMm ? LeakKind::csf_venous_fistula
                                                   : LeakKind::unclassified;
    }
    // Nothing leaves the sac before contrast is there, and a vein begins at a foramen.
    if (c.delay_s < kImpossibleS || c.border_mm > kForamenMm) {
        return LeakKind::unclassified;
    }
    // Whatever keeps to the sac's side and fills with it belongs to it, unless it is thin and leads
    // farther than a sleeve does.
    const bool leads_away = !c.trace.broad && c.extent_mm > kSleeveMm && c.reach_mm > kMarginMm;
    if (together && c.own_time < 0.0 && c.reach_mm < kBesideMm && !leads_away) {
        // Longer than a level: the sac's own border, no sleeve.
        return c.extent_mm > kLevelMm ? LeakKind::unclassified : LeakKind::nerve_root_sleeve;
    }
    if (c.trace.broad) {
        const bool band = along && c.extent_mm > kBandLengthMm && c.continuity > 0.8;
        return band ? LeakKind::extravasation : LeakKind::unclassified;
    }
    if (together && c.extent_mm < kSleeveMm && c.border_mm < 8.0) {
        return LeakKind::nerve_root_sleeve;
    }
    if (c.elongation < kBlobElongation || c.extent_mm < 8.0) {
        return c.border_mm < 10.0 && c.reach_mm < 20.0 ? LeakKind::diverticulum
                                                       : LeakKind::unclassified;
    }
    if (c.width_mm > kBandWidthMm && along && c.extent_mm > kBandLengthMm) {
        return LeakKind::extravasation;
    }
    return LeakKind::csf_venous_fistula;
}

// Along a rib the line goes outwards; beside the vertebral bodies it keeps near and runs along.
Drainage drainage_of(const Candidate& c) {
    if (c.trace.zone == Zone::canal) {
        return Drainage::central_epidural;
    }
    if (c.parallel > 0.5 || c.reach_mm < 15.0) {
        return Drainage::paravertebral;
    }
    return c.reach_mm > 25.0 ? Drainage::lateral : Drainage::unknown;
}

Grade grade_of(double confidence) {
    return confidence >= 0.9 ? Grade::definite : confidence >= 0.5 ? Grade::high : Grade::low;
}

std::string explain(const Candidate& c, LeakKind kind, int decoys, bool relative, bool seconds) {
    std::string text;
    switch (kind) {
        case LeakKind::csf_venous_fistula:
            text = "A line";
            break;
        case LeakKind::extravasation:
            text = "A band along the sac";
            break;
        case LeakKind::diverticulum:
            text = "A round pocket at the foramen";
            break;
        case LeakKind::nerve_root_sleeve:
            text = "A stub at the foramen that fills with the sac";
            break;
        case LeakKind::renal_excretion:
        case LeakKind::unclassified:
            text = "Opacity of no clear kind";
            break;
    }
    text += number(", %.0f mm long", c.length_mm) +
            (c.width_mm > 0.0 ? number(" and %.1f mm wide", c.width_mm) : "") +
            number(", beginning %.0f mm from the sac's border", std::max(0.0, c.border_mm));
    if (seconds) {
        text += c.delay_s <= 0.0
                    ? ", came no later than contrast in the sac there"
                    : number(", came %.1f s after contrast in the sac there", c.delay_s);
    }
    text += number(relative ? ", opacity %.3f (relative)" : ", opacity %.3f", c.step.height) +
            number(", a step of %.1f standard errors in its curve", c.step.sigmas) +
            number(", %.1f times the residue around it", c.trace.mean_evidence);
    if (c.growth > 0.3) {
        text += ", growing away from the spine";
    }
    if (decoys > 0) {
        text += "; " + std::to_string(decoys) +
                " dark line(s) as strong in this run speak for motion residue";
    }
    return text + ".";
}

}  // namespace dsm
