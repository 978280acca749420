#include "dsp/dicom/fragment_index.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <numeric>

using namespace dsm::dicom;

namespace {

const auto kNever = [](std::size_t) { return false; };

}  // namespace

TEST_CASE("an offset table splits fragments into frames") {
    const std::vector<std::uint32_t> lengths{100, 50, 30, 20};
    const std::vector<std::uint64_t> offsets{0, 108 + 58};
    const auto index = index_fragments(lengths, offsets, 2, kNever);
    CHECK(index.frames == std::vector<FragmentRange>{{0, 2}, {2, 2}});
    CHECK(index.warning.empty());
}

TEST_CASE("a file cut short keeps the frames whose fragments are there") {
    const std::vector<std::uint32_t> lengths{100, 50};
    const std::vector<std::uint64_t> offsets{0, 108, 166, 300};
    CHECK(index_fragments(lengths, offsets, 4, kNever).frames ==
          std::vector<FragmentRange>{{0, 1}, {1, 1}});
}

TEST_CASE("a lying offset table is not used and named") {
    const std::vector<std::uint32_t> lengths{100, 50};
    const std::vector<std::uint64_t> offsets =
        GENERATE(std::vector<std::uint64_t>{0, 4}, std::vector<std::uint64_t>{8, 108},
                 std::vector<std::uint64_t>{0, 0}, std::vector<std::uint64_t>{0, 108, 166});
    const auto index = index_fragments(lengths, offsets, 2, kNever);
    CHECK(index.frames == std::vector<FragmentRange>{{0, 1}, {1, 1}});
    CHECK(!index.warning.empty());
}

TEST_CASE("without a table images begin at their markers") {
    const std::vector<std::uint32_t> lengths{10, 10, 10, 10, 10};
    const auto starts = [](std::size_t i) { return i == 0 || i == 3; };
    CHECK(index_fragments(lengths, {}, 2, starts).frames ==
          std::vector<FragmentRange>{{0, 3}, {3, 2}});
    CHECK(index_fragments(lengths, {}, std::nullopt, starts).frames.size() == 2);
    CHECK(index_fragments(lengths, {}, 1, starts).frames == std::vector<FragmentRange>{{0, 5}});
    CHECK(index_fragments(lengths, {}, std::nullopt, kNever).frames ==
          std::vector<FragmentRange>{{0, 5}});
    CHECK(index_fragments({}, {}, 3, kNever).frames.empty());
}

TEST_CASE("any table that tells the truth is followed, fragment by fragment") {
    rc::check([] {
        const auto per_frame = *rc::gen::nonEmpty(
            rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 5)));
        std::vector<std::uint32_t> lengths;
        std::vector<std::uint64_t> offsets;
        std::vector<FragmentRange> expected;
        std::uint64_t position = 0;
        for (const std::size_t count : per_frame) {
            offsets.push_back(position);
            expected.push_back({lengths.size(), count});
            for (std::size_t i = 0; i < count; ++i) {
                lengths.push_back(2 * *rc::gen::inRange<std::uint32_t>(0, 1000));
                position += 8 + lengths.back();
            }
        }
        const auto index =
            index_fragments(lengths, offsets, static_cast<int>(per_frame.size()), kNever);
        RC_ASSERT(index.frames == expected);
    });
}
