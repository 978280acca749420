#include "dsp/dicom/fragment_index.h"

namespace dsm::dicom {

namespace {

constexpr std::uint64_t kItemHeaderBytes = 8;  // tag and length before each fragment

// Frames from an offset table; empty when an entry points between fragments, twice or backwards.
// Entries behind the last fragment are frames that the file was cut before.
std::vector<FragmentRange> by_table(std::span<const std::uint32_t> lengths,
                                    std::span<const std::uint64_t> offsets) {
    std::vector<FragmentRange> frames;
    std::uint64_t position = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        if (frames.size() < offsets.size()) {
            const std::uint64_t next = offsets[frames.size()];
            if (next < position) {
                return {};
            }
            if (next == position) {
                frames.push_back({i, 0});
            }
        }
        if (frames.empty()) {
            return {};
        }
        ++frames.back().count;
        position += kItemHeaderBytes + lengths[i];
    }
    const bool between = frames.size() < offsets.size() && offsets[frames.size()] < position;
    return between ? std::vector<FragmentRange>{} : frames;
}

std::vector<FragmentRange> one_each(std::size_t count) {
    std::vector<FragmentRange> frames;
    for (std::size_t i = 0; i < count; ++i) {
        frames.push_back({i, 1});
    }
    return frames;
}

std::vector<FragmentRange> by_starts(std::size_t count,
                                     const std::function<bool(std::size_t)>& starts_image) {
    std::vector<FragmentRange> frames;
    for (std::size_t i = 0; i < count; ++i) {
        if (starts_image(i)) {
            frames.push_back({i, 1});
        } else if (!frames.empty()) {
            ++frames.back().count;
        }
    }
    return frames;
}

}  // namespace

FragmentIndex index_fragments(std::span<const std::uint32_t> lengths,
                              std::span<const std::uint64_t> offsets, std::optional<int> declared,
                              const std::function<bool(std::size_t)>& starts_image) {
    FragmentIndex index;
    if (lengths.empty()) {
        return index;
    }
    if (declared == 1) {
        index.frames.push_back({0, lengths.size()});
        return index;
    }
    const std::size_t wanted = declared ? static_cast<std::size_t>(*declared) : offsets.size();
    if (!offsets.empty() && offsets.size() == wanted) {
        index.frames = by_table(lengths, offsets);
        // Entries behind the end are those of a file cut short, unless more images begin in what is
        // there than the table says.
        const bool fits = index.frames.size() == wanted ||
                          by_starts(lengths.size(), starts_image).size() <= index.frames.size();
        if (!index.frames.empty() && fits) {
            return index;
        }
    }
    if (!offsets.empty()) {
        index.warning = "offset table of (7fe0,0010) does not fit its fragments: not used";
    }
    if (declared && lengths.size() == wanted) {
        index.frames = one_each(lengths.size());
        return index;
    }
    index.frames = by_starts(lengths.size(), starts_image);
    if (index.frames.empty()) {
        // Nothing marks where an image starts: one frame, or what is left of one fragment each.
        index.frames =
            declared ? one_each(lengths.size()) : std::vector<FragmentRange>{{0, lengths.size()}};
    }
    return index;
}

}  // namespace dsm::dicom
