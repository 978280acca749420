// Which fragments of encapsulated Pixel Data make which frame, PS3.5 A.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
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
    std::vector<FragmentRange> frames;  // of a file cut short: fewer than declared
    std::string warning;                // when the file's own table could not be used; else empty
};

// `lengths`: bytes in each fragment. `offsets`: the Basic or Extended Offset Table, empty when the
// file has none. `starts_image(i)`: fragment i begins an image; only asked when neither a whole
// table nor the count of fragments decides. `declared`: Number of Frames, when the file tells it.
[[nodiscard]] FragmentIndex index_fragments(std::span<const std::uint32_t> lengths,
                                            std::span<const std::uint64_t> offsets,
                                            std::optional<int> declared,
                                            const std::function<bool(std::size_t)>& starts_image);

}  // namespace dsm::dicom
