#include "dsp/review/commands.h"

namespace dsm {
namespace {

struct Describe {
    std::string operator()(const AddAnnotation& c) const {
        return std::string("Add ") + name_of(c.annotation.shape);
    }
    std::string operator()(const EditAnnotation& c) const {
        return std::string("Edit ") + name_of(c.annotation.shape);
    }
    std::string operator()(const RemoveAnnotation& c) const {
        return "Remove annotation " + std::to_string(c.id);
    }
    std::string operator()(const AddKeyImage& c) const {
        return "Key image " + std::to_string(c.image.id) + ", frame " +
               std::to_string(c.image.frame + 1);
    }
    std::string operator()(const EditKeyImage& c) const {
        return "Note on key image " + std::to_string(c.image.id);
    }
    std::string operator()(const RemoveKeyImage& c) const {
        return "Remove key image " + std::to_string(c.id);
    }
    std::string operator()(const SetLevelMark& c) const { return "Mark " + c.label; }
    std::string operator()(const RemoveLevelMark& c) const { return "Remove " + c.label; }
    std::string operator()(const SetVerdict& c) const {
        const std::string highlight = " highlight " + std::to_string(c.verdict.highlight_id);
        switch (c.verdict.verdict) {
            case Verdict::confirmed:
                return "Confirm" + highlight;
            case Verdict::rejected:
                return "Reject" + highlight;
            case Verdict::none:
                break;
        }
        return "Note on" + highlight;
    }
    std::string operator()(const RemoveVerdict&) const { return "Take back verdict"; }
    std::string operator()(const SetMaskFrames& c) const {
        if (!c.frames) {
            return "Automatic mask";
        }
        return "Mask of " + std::to_string(c.frames->size()) +
               (c.frames->size() == 1 ? " frame" : " frames");
    }
    std::string operator()(const SetManualShift& c) const {
        return c.shift_px ? "Shift mask" : "Reset mask shift";
    }
    std::string operator()(const CommandGroup& c) const {
        if (c.commands.empty()) {
            return "Nothing";
        }
        const std::string first = describe(c.commands.front());
        return c.commands.size() == 1
                   ? first
                   : first + " and " + std::to_string(c.commands.size() - 1) + " more";
    }
};

}  // namespace

std::string describe(const Command& command) {
    return std::visit(Describe{}, command);
}

}  // namespace dsm
