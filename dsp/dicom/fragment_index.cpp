#include "dsp/dicom/fragment_index.h"

#include <algorithm>

namespace dsm::dicom {

namespace {

constexpr std::uint64_t kItemHeaderBytes = 8;  // tag and length before each fragment

// Frames from an offset table; empty when an entry points between fragments or back.
std::vector<FragmentRange> by_table(std::span<const std::uint32_t> lengths,
                                    std::span<const std::uint64_t> offsets) {
    std::vector<FragmentRange> frames;
    std::uint64_t position = 0;
    std::size_t next = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (next < offsets.size() && offsets[next] == position) {
            frames.push_back({i, 0});
            ++next;
        }
        if (frames.empty()) {
            return {};
        }
        ++frames.back().count;
        position += kItemHeaderBytes + lengths[i];
    }
    return frames;
}

}  // namespace

FragmentIndex index_fragments(std::span<const std::uint32_t> lengths,
                              std::span<const std::uint64_t> offsets, std::int64_t declared_frames,
                              const std::function<bool(std::size_t)>& starts_image) {
    FragmentIndex index;
    const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(declared_frames, 1));
    if (wanted == 1 && !lengths.empty()) {
        index.frames.push_back({0, lengths.size()});
        return index;
    }
    if (offsets.size() == wanted) {
        index.frames = by_table(lengths, offsets);
        if (index.frames.size() == wanted) {
            return index;
        }
        index.warning = "offset table of (7fe0,0010) does not fit its fragments: not used";
        index.frames.clear();
    }
    if (lengths.size() == wanted) {
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            index.frames.push_back({i, 1});
        }
        return index;
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (starts_image(i)) {
            index.frames.push_back({i, 1});
        } else if (!index.frames.empty()) {
            ++index.frames.back().count;
        }
    }
    if (index.frames.size() > wanted) {
        index.frames.resize(wanted);
    }
    return index;
}

}  // namespace dsm::dicom
