// Checks of single commands, free of what the others do. Used by commands.cpp and the JSON reader.
#pragma once

#include "dsp/review/commands.h"

namespace dsm {

[[nodiscard]] Result<void> check(const RunReview&, const AddAnnotation&);
[[nodiscard]] Result<void> check(const RunReview&, const EditAnnotation&);
[[nodiscard]] Result<void> check(const RunReview&, const RemoveAnnotation&);
[[nodiscard]] Result<void> check(const RunReview&, const AddKeyImage&);
[[nodiscard]] Result<void> check(const RunReview&, const EditKeyImage&);
[[nodiscard]] Result<void> check(const RunReview&, const RemoveKeyImage&);
[[nodiscard]] Result<void> check(const RunReview&, const SetLevelMark&);
[[nodiscard]] Result<void> check(const RunReview&, const RemoveLevelMark&);
[[nodiscard]] Result<void> check(const RunReview&, const SetVerdict&);
[[nodiscard]] Result<void> check(const RunReview&, const RemoveVerdict&);
[[nodiscard]] Result<void> check(const RunReview&, const SetMaskFrames&);
[[nodiscard]] Result<void> check(const RunReview&, const SetManualShift&);

// A SOP Instance UID as a key: not empty, at most 256 bytes of UTF-8.
[[nodiscard]] Result<void> check_run_key(const std::string& run);

// The run's marks with `mark` in the place of any of the same label, head to foot.
[[nodiscard]] std::vector<LevelMark> with_level(std::vector<LevelMark> levels, LevelMark mark);
[[nodiscard]] std::vector<LevelMark> without_level(std::vector<LevelMark> levels,
                                                   const std::string& label);

}  // namespace dsm
