// The concepts a measurement report is made of, shared by its writer and its reader.
// DCM: PS3.16 Annex D; SCT and UCUM: as PS3.16 uses them. Private to dsp/dicom.
#pragma once

#include "dsp/dicom/objects/coded_concept.h"

namespace dsm::dicom::codes {

inline const Code kReport{"126000", "DCM", "Imaging Measurement Report"};
inline const Code kLanguage{"121049", "DCM", "Language of Content Item and Descendants"};
inline const Code kEnglish{"en-US", "RFC5646", "English-US"};
inline const Code kObserverType{"121005", "DCM", "Observer Type"};
inline const Code kDevice{"121007", "DCM", "Device"};
inline const Code kPerson{"121006", "DCM", "Person"};
inline const Code kDeviceUid{"121012", "DCM", "Device Observer UID"};
inline const Code kDeviceName{"121013", "DCM", "Device Observer Name"};
inline const Code kDeviceModel{"121015", "DCM", "Device Observer Model Name"};
inline const Code kPersonName{"121008", "DCM", "Person Observer Name"};
inline const Code kProcedure{"121058", "DCM", "Procedure reported"};
inline const Code kMyelography{"DSM", kPrivateScheme, "Digital subtraction myelography"};
inline const Code kLibrary{"111028", "DCM", "Image Library"};
inline const Code kLibraryGroup{"126200", "DCM", "Image Library Group"};
inline const Code kMeasurements{"126010", "DCM", "Imaging Measurements"};
inline const Code kGroup{"125007", "DCM", "Measurement Group"};
inline const Code kTracking{"112039", "DCM", "Tracking Identifier"};
inline const Code kTrackingUid{"112040", "DCM", "Tracking Unique Identifier"};
inline const Code kFinding{"121071", "DCM", "Finding"};
inline const Code kSite{"363698007", "SCT", "Finding Site"};
inline const Code kLaterality{"272741003", "SCT", "Laterality"};
inline const Code kRegion{"111030", "DCM", "Image Region"};
inline const Code kComment{"121106", "DCM", "Comment"};
inline const Code kQualitative{"C0034375", "UMLS", "Qualitative Evaluations"};
inline const Code kConclusion{"121077", "DCM", "Conclusion"};
inline const Code kArrival{"126371", "DCM", "Bolus Arrival Time"};
inline const Code kCurve{"113066", "DCM", "Time Course of Signal"};
inline const Code kProbability{"122157", "DCM", "Probability"};
inline const Code kTime{"110858", "DCM", "Time"};
inline const Code kDeviation{"113061", "DCM", "Standard Deviation"};

inline const Code kOpacity{"OPACITY", kPrivateScheme, "Opacity"};
inline const Code kPeakOpacity{"PEAK_OPACITY", kPrivateScheme, "Peak opacity"};
inline const Code kWidth{"WIDTH", kPrivateScheme, "Width"};
inline const Code kDelay{"DELAY_AFTER_SAC", kPrivateScheme, "Delay after thecal sac"};
inline const Code kAlarmFrame{"ALARM_FRAME", kPrivateScheme, "Frame of the alarm, from 1"};
inline const Code kOnsetFrame{"ONSET_FRAME", kPrivateScheme, "First opacified frame, from 1"};
inline const Code kGrade{"GRADE", kPrivateScheme, "Certainty"};
inline const Code kDrainage{"DRAINAGE", kPrivateScheme, "Drainage"};
inline const Code kDrainsAt{"DRAINS_AT", kPrivateScheme, "Drains at"};
inline const Code kVerdict{"VERDICT", kPrivateScheme, "Verdict of the reader"};
inline const Code kVerdictBy{"VERDICT_BY", kPrivateScheme, "Verdict given by"};
inline const Code kVerdictNote{"VERDICT_NOTE", kPrivateScheme, "Note of the reader"};
inline const Code kSeed{"SEED", kPrivateScheme, "Point of origin"};
inline const Code kLevelMark{"LEVEL_MARK", kPrivateScheme, "Vertebral level marked"};
inline const Code kLevelSource{"LEVEL_SOURCE", kPrivateScheme, "Level marked by"};
inline const Code kSac{"THECAL_SAC", kPrivateScheme, "Thecal sac opacified"};
inline const Code kCoverage{"COVERAGE", kPrivateScheme, "Level watched for leaks"};
inline const Code kInView{"IN_VIEW", kPrivateScheme, "In view"};
inline const Code kAdequate{"ADEQUATE", kPrivateScheme, "Adequately watched"};
inline const Code kWatched{"WATCHED", kPrivateScheme, "Time watched"};
inline const Code kDetectable{"DETECTABLE", kPrivateScheme, "Faintest detectable opacity"};
inline const Code kCategory{"CATEGORY", kPrivateScheme, "Category of the conclusion"};
inline const Code kYes{"YES", kPrivateScheme, "Yes"};
inline const Code kNo{"NO", kPrivateScheme, "No"};

inline const Code kSecond{"s", "UCUM", "second"};
inline const Code kMillimetre{"mm", "UCUM", "millimeter"};
inline const Code kNoUnits{"1", "UCUM", "no units"};
inline const Code kRelativeUnit{"{relative}", "UCUM", "relative, up to one factor"};
inline const Code kFrames{"{frame}", "UCUM", "frame"};

// A word of contract.md ("paravertebral", "definite") as a private code, and back.
[[nodiscard]] Code word(const std::string& of);
[[nodiscard]] std::string word_of(const Code& code);

}  // namespace dsm::dicom::codes
