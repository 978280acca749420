// Which fragments of encapsulated Pixel Data make which frame, PS3.5 A.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace dsm::dicom {

struct FragmentRange {
    std::size_t first{};  // index of the first fragment; the offset table is not counted
    std::size_t count{};
    friend bool operator==(const FragmentRange&, const FragmentRange&) = default;
};

struct FragmentIndex {
    std::vector<FragmentRange> frames;
    std::string warning;  // how frames were told apart when the file does not say; else empty
};

// `lengths`: bytes in each fragment. `offsets`: the Basic (or Extended) Offset Table, empty when
// the file has none. `starts_image(i)`: fragment i begins with a start-of-image marker; only asked
// when neither table nor count decides. At most `declared_frames` frames are returned.
[[nodiscard]] FragmentIndex index_fragments(std::span<const std::uint32_t> lengths,
                                            std::span<const std::uint64_t> offsets,
                                            std::int64_t declared_frames,
                                            const std::function<bool(std::size_t)>& starts_image);

}  // namespace dsm::dicom
