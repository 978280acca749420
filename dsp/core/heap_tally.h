// What a program has taken from the heap since it began: how often, how much, in pieces how large.
//
// Only programs that link dsm_heap_tally count (the command line and a test): it puts itself in
// front of the C library's malloc, so that operator new, OpenCV and every other library are counted
// with it. oneTBB's pools of tasks are not, where it has an allocator of its own.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace dsm {

struct HeapTally {
    // Entry i: pieces of 2^i bytes or more that are smaller than 2^(i + 1).
    std::array<std::uint64_t, 48> pieces{};
    std::uint64_t bytes{0};

    // Pieces of `smallest` bytes or more, that taken down to a power of two.
    [[nodiscard]] std::uint64_t pieces_from(std::size_t smallest) const {
        const auto first =
            static_cast<std::size_t>(std::bit_width(std::max<std::size_t>(1, smallest))) - 1;
        std::uint64_t sum = 0;
        for (std::size_t i = first; i < pieces.size(); ++i) {
            sum += pieces[i];
        }
        return sum;
    }
    [[nodiscard]] HeapTally since(const HeapTally& before) const {
        HeapTally part;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            part.pieces[i] = pieces[i] - before.pieces[i];
        }
        part.bytes = bytes - before.bytes;
        return part;
    }
};

// Of all threads. Nothing where a sanitizer has taken the allocator's place, or the C library is
// not glibc. Thread-safe; takes nothing from the heap itself.
[[nodiscard]] std::optional<HeapTally> heap_tally();

}  // namespace dsm
