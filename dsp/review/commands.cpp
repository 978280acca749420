#include "dsp/review/commands.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "dsp/review/validate.h"

namespace dsm {
namespace {

using Inverse = std::optional<Command>;

// Each change() follows a check(), so what it looks for is there.
Inverse change(RunReview& run, const AddAnnotation& command) {
    const auto place =
        std::find_if(run.annotations.begin(), run.annotations.end(),
                     [&](const Annotation& entry) { return entry.id > command.annotation.id; });
    run.annotations.insert(place, command.annotation);
    return RemoveAnnotation{command.run, command.annotation.id};
}

Inverse change(RunReview& run, const EditAnnotation& command) {
    const auto found =
        std::find_if(run.annotations.begin(), run.annotations.end(),
                     [&](const Annotation& entry) { return entry.id == command.annotation.id; });
    if (*found == command.annotation) {
        return std::nullopt;
    }
    return EditAnnotation{command.run, std::exchange(*found, command.annotation)};
}

Inverse change(RunReview& run, const RemoveAnnotation& command) {
    const auto found =
        std::find_if(run.annotations.begin(), run.annotations.end(),
                     [&](const Annotation& entry) { return entry.id == command.id; });
    AddAnnotation inverse{command.run, std::move(*found)};
    run.annotations.erase(found);
    return inverse;
}

Inverse change(RunReview& run, const AddKeyImage& command) {
    const auto place =
        std::find_if(run.key_images.begin(), run.key_images.end(),
                     [&](const KeyImage& entry) { return entry.id > command.image.id; });
    run.key_images.insert(place, command.image);
    return RemoveKeyImage{command.run, command.image.id};
}

Inverse change(RunReview& run, const EditKeyImage& command) {
    const auto found =
        std::find_if(run.key_images.begin(), run.key_images.end(),
                     [&](const KeyImage& entry) { return entry.id == command.image.id; });
    if (*found == command.image) {
        return std::nullopt;
    }
    return EditKeyImage{command.run, std::exchange(*found, command.image)};
}

Inverse change(RunReview& run, const RemoveKeyImage& command) {
    const auto found = std::find_if(run.key_images.begin(), run.key_images.end(),
                                    [&](const KeyImage& entry) { return entry.id == command.id; });
    AddKeyImage inverse{command.run, std::move(*found)};
    run.key_images.erase(found);
    return inverse;
}

Inverse change(RunReview& run, const SetLevelMark& command) {
    Inverse inverse = RemoveLevelMark{command.run, command.label};
    if (const LevelMark* before = find_level(run, command.label)) {
        if (before->center_px == command.center_px) {
            return std::nullopt;
        }
        inverse = SetLevelMark{command.run, command.label, before->center_px};
    }
    run.levels = with_level(std::move(run.levels),
                            {command.label, command.center_px, LevelSource::operator_marked});
    return inverse;
}

Inverse change(RunReview& run, const RemoveLevelMark& command) {
    SetLevelMark inverse{command.run, command.label, find_level(run, command.label)->center_px};
    run.levels = without_level(std::move(run.levels), command.label);
    return inverse;
}

Inverse change(RunReview& run, const SetVerdict& command) {
    const auto place =
        std::find_if(run.verdicts.begin(), run.verdicts.end(),
                     [&](const HighlightVerdict& entry) { return entry.id >= command.verdict.id; });
    if (place == run.verdicts.end() || place->id != command.verdict.id) {
        run.verdicts.insert(place, command.verdict);
        return RemoveVerdict{command.run, command.verdict.id};
    }
    if (*place == command.verdict) {
        return std::nullopt;
    }
    return SetVerdict{command.run, std::exchange(*place, command.verdict)};
}

Inverse change(RunReview& run, const RemoveVerdict& command) {
    const auto found =
        std::find_if(run.verdicts.begin(), run.verdicts.end(),
                     [&](const HighlightVerdict& entry) { return entry.id == command.id; });
    SetVerdict inverse{command.run, std::move(*found)};
    run.verdicts.erase(found);
    return inverse;
}

Inverse change(RunReview& run, const SetMaskFrames& command) {
    if (run.mask_frames == command.frames) {
        return std::nullopt;
    }
    return SetMaskFrames{command.run, std::exchange(run.mask_frames, command.frames)};
}

Inverse change(RunReview& run, const SetManualShift& command) {
    if (run.manual_shift_px == command.shift_px) {
        return std::nullopt;
    }
    return SetManualShift{command.run, std::exchange(run.manual_shift_px, command.shift_px)};
}

Result<Inverse> perform(Review& review, const Command& command, int depth);

Result<Inverse> perform_group(Review& review, const CommandGroup& group, int depth) {
    if (depth >= kMaxGroupDepth || group.commands.size() > kMaxGroupSize) {
        return fail(ErrorKind::invalid_input, "group", "holds too many commands",
                    "do it in smaller steps");
    }
    CommandGroup inverse;
    for (const Command& member : group.commands) {
        auto done = perform(review, member, depth + 1);
        if (!done) {
            return done;
        }
        if (*done) {
            inverse.commands.push_back(std::move(**done));
        }
    }
    std::reverse(inverse.commands.begin(), inverse.commands.end());
    return inverse.commands.empty() ? Inverse{} : Inverse{std::move(inverse)};
}

Result<Inverse> perform(Review& review, const Command& command, int depth) {
    return std::visit(
        [&](const auto& one) -> Result<Inverse> {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, CommandGroup>) {
                return perform_group(review, one, depth);
            } else {
                if (auto key = check_run_key(one.run); !key) {
                    return tl::unexpected(key.error());
                }
                if (auto valid = check(review_of(review, one.run), one); !valid) {
                    return tl::unexpected(valid.error());
                }
                const auto entry = review.runs.try_emplace(one.run).first;
                Inverse inverse = change(entry->second, one);
                if (entry->second == RunReview{}) {
                    review.runs.erase(entry);
                }
                return inverse;
            }
        },
        command);
}

}  // namespace

Result<std::optional<Command>> try_execute(Review& review, const Command& command) {
    if (!std::holds_alternative<CommandGroup>(command)) {
        return perform(review, command, 0);
    }
    // A group may be refused half-way, or undo itself (add, then remove).
    Review before = review;
    auto done = perform(review, command, 0);
    if (!done) {
        review = std::move(before);
    } else if (*done && review == before) {
        done->reset();
    }
    return done;
}

std::optional<Command> execute(Review& review, const Command& command) {
    return try_execute(review, command).value_or(std::nullopt);
}

Result<void> validate(const Review& review, const Command& command) {
    Review trial = review;
    if (const auto done = try_execute(trial, command); !done) {
        return tl::unexpected(done.error());
    }
    return {};
}

Command verdict_command(const Review& review, const std::string& run, const Highlight& highlight,
                        Verdict verdict, std::string note, Stamp stamp) {
    const RunReview& marks = review_of(review, run);
    const HighlightVerdict* before = verdict_on(marks, highlight);
    if (verdict == Verdict::none && note.empty()) {
        return before != nullptr ? Command{RemoveVerdict{run, before->id}} : CommandGroup{};
    }
    const MarkId id = before != nullptr ? before->id : next_verdict_id(marks);
    return SetVerdict{run,
                      {id, highlight.id, highlight.seed_px, highlight.onset_frame, verdict,
                       std::move(note), std::move(stamp)}};
}

}  // namespace dsm
