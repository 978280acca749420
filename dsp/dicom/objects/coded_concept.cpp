#include "dsp/dicom/objects/coded_concept.h"

#include <array>
#include <utility>

namespace dsm {
namespace {

struct Named {
    const char* name;
    const char* code;
};

// SNOMED CT, as PS3.16 CID 1003 and CID 4031 list them.
constexpr std::array kLevels{
    Named{"C1", "14806007"},      Named{"C2", "39976000"},       Named{"C3", "113205007"},
    Named{"C4", "5329002"},       Named{"C5", "36978003"},       Named{"C6", "36054005"},
    Named{"C7", "87391001"},      Named{"T1", "64864005"},       Named{"T2", "53733008"},
    Named{"T3", "1626008"},       Named{"T4", "73071006"},       Named{"T5", "56401006"},
    Named{"T6", "45296009"},      Named{"T7", "62487009"},       Named{"T8", "11068009"},
    Named{"T9", "82687006"},      Named{"T10", "7610001"},       Named{"T11", "12989004"},
    Named{"T12", "23215003"},     Named{"L1", "66794005"},       Named{"L2", "14293000"},
    Named{"L3", "36470004"},      Named{"L4", "11994002"},       Named{"L5", "49668003"},
    Named{"S1", "65985001"},      Named{"C2-C3", "243902007"},   Named{"C3-C4", "243903002"},
    Named{"C4-C5", "243904008"},  Named{"C5-C6", "243905009"},   Named{"C6-C7", "243906005"},
    Named{"C7-T1", "243925008"},  Named{"T1-T2", "243908006"},   Named{"T2-T3", "243909003"},
    Named{"T3-T4", "243910008"},  Named{"T4-T5", "243911007"},   Named{"T5-T6", "243912000"},
    Named{"T6-T7", "243913005"},  Named{"T7-T8", "243914004"},   Named{"T8-T9", "243915003"},
    Named{"T9-T10", "243916002"}, Named{"T10-T11", "243917006"}, Named{"T11-T12", "243918001"},
    Named{"T12-L1", "243926009"}, Named{"L1-L2", "243920003"},   Named{"L2-L3", "243921004"},
    Named{"L3-L4", "243922006"},  Named{"L4-L5", "243923001"},   Named{"L5-S1", "243927000"},
};

constexpr std::array<std::pair<Side, Named>, 2> kSides{
    {{Side::right, {"Right", "24028007"}}, {Side::left, {"Left", "7771000"}}}};

constexpr const char* kLevelPrefix = "LEVEL_";

std::string meaning_of_level(const std::string& level) {
    return level.find('-') == std::string::npos ? level + " vertebra"
                                                : level + " intervertebral level";
}

}  // namespace

Code code_of_level(const std::string& level) {
    for (const Named& known : kLevels) {
        if (level == known.name) {
            return {known.code, "SCT", meaning_of_level(level)};
        }
    }
    return {kLevelPrefix + level, kPrivateScheme, meaning_of_level(level)};
}

std::optional<std::string> level_of_code(const Code& code) {
    if (code.scheme == "SCT") {
        for (const Named& known : kLevels) {
            if (code.value == known.code) {
                return known.name;
            }
        }
    }
    if (code.scheme == kPrivateScheme && code.value.starts_with(kLevelPrefix)) {
        return code.value.substr(std::string(kLevelPrefix).size());
    }
    return std::nullopt;
}

std::optional<Code> code_of_side(Side side) {
    for (const auto& [known, name] : kSides) {
        if (side == known) {
            return Code{name.code, "SCT", name.name};
        }
    }
    return std::nullopt;
}

std::optional<Side> side_of_code(const Code& code) {
    for (const auto& [known, name] : kSides) {
        if (code.scheme == "SCT" && code.value == name.code) {
            return known;
        }
    }
    return std::nullopt;
}

Code code_of_kind(LeakKind kind) {
    // ICD-10-CM has the leak as such; how it leaks is in no public scheme.
    switch (kind) {
        case LeakKind::csf_venous_fistula:
            return {"CVF", kPrivateScheme, "CSF-venous fistula"};
        case LeakKind::extravasation:
            return {"G96.02", "I10C", "Spinal cerebrospinal fluid leak, spontaneous"};
        case LeakKind::diverticulum:
            return {"DIVERTICULUM", kPrivateScheme, "Meningeal diverticulum"};
        case LeakKind::nerve_root_sleeve:
            return {"ROOT_SLEEVE", kPrivateScheme, "Nerve root sleeve"};
        case LeakKind::renal_excretion:
            return {"RENAL_EXCRETION", kPrivateScheme, "Renal excretion of contrast"};
        case LeakKind::unclassified:
            break;
    }
    return {"UNCLASSIFIED", kPrivateScheme, "Opacification, unclassified"};
}

}  // namespace dsm
