#include "dsp/motion/field_memory.h"

#include <algorithm>
#include <utility>

namespace dsm {
namespace {

constexpr std::size_t kMost = 32;

}  // namespace

const Displacement* FieldMemory::find(FrameIndex mask) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.mask == mask; });
    return found == entries_.end() ? nullptr : &found->field;
}

void FieldMemory::keep(FrameIndex mask, const Displacement& field) {
    auto entry = std::find_if(entries_.begin(), entries_.end(),
                              [&](const Entry& each) { return each.mask == mask; });
    if (entry == entries_.end()) {
        if (entries_.size() >= kMost) {
            entries_.pop_back();
        }
        entries_.push_front({mask, field.clone()});
        return;
    }
    entry->field.assign(field);
    std::rotate(entries_.begin(), entry, entry + 1);
}

}  // namespace dsm
