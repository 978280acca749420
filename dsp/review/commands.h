// Every change of a Review is one of these values. execute() returns its inverse, so undo is a
// command too, and a list of commands is the journal.
// `run` is a SOP Instance UID. Free functions without state; errors are ErrorKind::invalid_input.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/review/review.h"

namespace dsm {

struct AddAnnotation {
    std::string run;
    Annotation annotation;  // with an id that is free: next_annotation_id()
    friend bool operator==(const AddAnnotation&, const AddAnnotation&) = default;
};
// Replaces the annotation of the same id: move, reshape, rename, other frames.
struct EditAnnotation {
    std::string run;
    Annotation annotation;
    friend bool operator==(const EditAnnotation&, const EditAnnotation&) = default;
};
struct RemoveAnnotation {
    std::string run;
    MarkId id{0};
    friend bool operator==(const RemoveAnnotation&, const RemoveAnnotation&) = default;
};
struct AddKeyImage {
    std::string run;
    KeyImage image;  // with an id that is free: next_key_image_id()
    friend bool operator==(const AddKeyImage&, const AddKeyImage&) = default;
};
// Replaces the key image of the same id: another note.
struct EditKeyImage {
    std::string run;
    KeyImage image;
    friend bool operator==(const EditKeyImage&, const EditKeyImage&) = default;
};
struct RemoveKeyImage {
    std::string run;
    MarkId id{0};
    friend bool operator==(const RemoveKeyImage&, const RemoveKeyImage&) = default;
};
// Sets a level, or moves it where it is marked already.
struct SetLevelMark {
    std::string run;
    std::string label;  // "T7"
    Point center_px{};
    friend bool operator==(const SetLevelMark&, const SetLevelMark&) = default;
};
struct RemoveLevelMark {
    std::string run;
    std::string label;
    friend bool operator==(const RemoveLevelMark&, const RemoveLevelMark&) = default;
};
// Adds a verdict, or replaces that of the same id. verdict_command() makes the right one.
struct SetVerdict {
    std::string run;
    HighlightVerdict verdict;
    friend bool operator==(const SetVerdict&, const SetVerdict&) = default;
};
struct RemoveVerdict {
    std::string run;
    MarkId id{0};
    friend bool operator==(const RemoveVerdict&, const RemoveVerdict&) = default;
};
struct SetMaskFrames {
    std::string run;
    std::optional<std::vector<FrameIndex>> frames;  // rising, not empty; nothing: automatic
    friend bool operator==(const SetMaskFrames&, const SetMaskFrames&) = default;
};
struct SetManualShift {
    std::string run;
    std::optional<Point> shift_px;  // nothing: untouched
    friend bool operator==(const SetManualShift&, const SetManualShift&) = default;
};
struct CommandGroup;
using Command =
    std::variant<AddAnnotation, EditAnnotation, RemoveAnnotation, SetLevelMark, RemoveLevelMark,
                 SetVerdict, RemoveVerdict, SetMaskFrames, SetManualShift, AddKeyImage,
                 EditKeyImage, RemoveKeyImage, CommandGroup>;
// All or nothing, in order; undone in reverse.
struct CommandGroup {
    std::vector<Command> commands;
};
[[nodiscard]] inline bool operator==(const CommandGroup& a, const CommandGroup& b) {
    return a.commands == b.commands;
}

// Bounds on what a command may hold, so that a damaged or hostile journal stays cheap.
inline constexpr std::size_t kMaxTextBytes = 16'384;
inline constexpr std::size_t kMaxVertices = 10'000;
inline constexpr std::size_t kMaxMaskFrames = 10'000;
inline constexpr std::size_t kMaxGroupSize = 10'000;
inline constexpr int kMaxGroupDepth = 8;
inline constexpr MarkId kMaxMarkId = 1'000'000'000'000;
inline constexpr FrameIndex kMaxFrame = 10'000'000;
inline constexpr double kMaxCoordinatePx = 1e6;

// Carries the command out and returns its inverse. Returns nothing if it changed nothing, be it
// that all was so already or that it is refused; validate() tells which.
[[nodiscard]] std::optional<Command> execute(Review&, const Command&);

// Why the command would be refused: an id that is taken or missing, level marks that contradict
// each other (interpolate_levels), a shape that is none, a number or text out of bounds. A command
// that would change nothing is valid.
[[nodiscard]] Result<void> validate(const Review&, const Command&);

// execute() and validate() in one step: the inverse, nothing if all was so already, or the reason.
[[nodiscard]] Result<std::optional<Command>> try_execute(Review&, const Command&);

// Short, for a history panel: "Add arrow", "Mark T7", "Reject highlight 3".
[[nodiscard]] std::string describe(const Command&);

// The command that records a verdict on this highlight, in place of an earlier one on it.
// Verdict::none with an empty note takes an earlier one back.
[[nodiscard]] Command verdict_command(const Review&, const std::string& run,
                                      const Highlight& highlight, Verdict verdict, std::string note,
                                      Stamp stamp);

}  // namespace dsm
