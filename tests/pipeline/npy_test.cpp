#include "dsp/pipeline/npy.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "tests/support/support.h"

using namespace dsm;

namespace {

float value_of(int frame, int x, int y) {
    return 0.001F * static_cast<float>(frame * 10'000 + y * 100 + x) - 3.0F;
}

Result<void> write_ramp(const std::filesystem::path& file, int frames, Extent extent) {
    auto writer = NpyWriter::create(file, frames, extent);
    if (!writer) {
        return tl::unexpected(writer.error());
    }
    Image<float> image(extent);
    for (int frame = 0; frame < frames; ++frame) {
        for (int y = 0; y < extent.height; ++y) {
            for (int x = 0; x < extent.width; ++x) {
                image(x, y) = value_of(frame, x, y);
            }
        }
        if (auto done = writer->append(image.cview()); !done) {
            return done;
        }
    }
    return writer->finish();
}

int entries(const std::filesystem::path& folder) {
    int count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) {
        ++count;
    }
    return count;
}

void write_bytes(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string with_header(const std::string& dictionary, const std::string& data) {
    std::string text("\x93NUMPY\x01\x00", 8);
    text += static_cast<char>(dictionary.size() & 0xFFU);
    text += static_cast<char>(dictionary.size() >> 8U);
    return text + dictionary + data;
}

}  // namespace

TEST_CASE("frames come back from any array in any order") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "opacity.npy";
    CHECK(rc::check([&] {
        const int frames = *rc::gen::inRange(1, 6);
        const Extent extent{*rc::gen::inRange(1, 40), *rc::gen::inRange(1, 40)};
        RC_ASSERT(write_ramp(file, frames, extent).has_value());
        auto reader = NpyReader::open(file);
        RC_ASSERT(reader.has_value());
        RC_ASSERT(reader->frames() == frames);
        RC_ASSERT(reader->extent() == extent);
        Image<float> image(extent);
        for (const int frame : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, frames))) {
            RC_ASSERT(reader->read(frame, image.view()).has_value());
            const int x = extent.width - 1;
            const int y = extent.height / 2;
            RC_ASSERT(image(x, y) == value_of(frame, x, y));
        }
    }));
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("the header is what NumPy's format says, and the data starts at a multiple of 64") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "opacity.npy";
    REQUIRE(write_ramp(file, 2, {5, 3}));
    const std::string bytes = test::read_file(file);
    CHECK(bytes.substr(0, 8) == std::string("\x93NUMPY\x01\x00", 8));
    CHECK(bytes.find("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, 5), }") == 10);
    const std::size_t start = bytes.find('\n') + 1;
    CHECK(start % 64 == 0);
    CHECK(bytes.size() == start + 2 * 3 * 5 * sizeof(float));
}

TEST_CASE("an array of a run that grows is the one written when its frames were known") {
    const test::TemporaryFolder folder;
    const auto known = folder.path() / "known.npy";
    const auto grown = folder.path() / "grown.npy";
    REQUIRE(write_ramp(known, 12, {7, 5}));
    auto writer = NpyWriter::create(grown, std::nullopt, {7, 5});
    REQUIRE(writer);
    auto reader = NpyReader::open(known);
    REQUIRE(reader);
    Image<float> frame({7, 5});
    for (int k = 0; k < 12; ++k) {
        REQUIRE(reader->read(k, frame.view()));
        REQUIRE(writer->append(frame.cview()));
    }
    REQUIRE(writer->finish());
    CHECK(test::read_file(grown) == test::read_file(known));
}

TEST_CASE("an array that was not finished leaves nothing behind") {
    const test::TemporaryFolder folder;
    {
        auto writer = NpyWriter::create(folder.path() / "opacity.npy", 3, {4, 4});
        REQUIRE(writer);
        const Image<float> image({4, 4});
        REQUIRE(writer->append(image.cview()));
        CHECK_FALSE(writer->finish());
    }
    CHECK(entries(folder.path()) == 0);
}

TEST_CASE("an array that the disk cannot hold is refused before it is begun") {
    const test::TemporaryFolder folder;
    const auto writer =
        NpyWriter::create(folder.path() / "opacity.npy", 1'000'000, {60'000, 60'000});
    REQUIRE_FALSE(writer);
    CHECK(writer.error().message().find("opacity.npy") != std::string::npos);
    CHECK(entries(folder.path()) == 0);
}

TEST_CASE("half floats and ten-thousandths are read as opacity") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "a.npy";
    Image<float> image({4, 1});
    // 1.0, -2.0, smallest subnormal, 0.5 as binary16.
    write_bytes(file,
                with_header("{'descr': '<f2', 'fortran_order': False, 'shape': (1, 1, 4), }\n",
                            std::string("\x00\x3c\x00\xc0\x01\x00\x00\x38", 8)));
    auto halves = NpyReader::open(file);
    REQUIRE(halves);
    REQUIRE(halves->read(0, image.view()));
    CHECK(image(0, 0) == 1.0F);
    CHECK(image(1, 0) == -2.0F);
    CHECK(image(2, 0) == Approx(5.960464e-8));
    CHECK(image(3, 0) == 0.5F);
    write_bytes(file,
                with_header("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 4), }\n",
                            std::string("\xe8\x03\x18\xfc\x00\x00\x01\x00", 8)));
    auto words = NpyReader::open(file);
    REQUIRE(words);
    REQUIRE(words->read(0, image.view()));
    CHECK(image(0, 0) == Approx(0.1));
    CHECK(image(1, 0) == Approx(-0.1));
    CHECK(image(3, 0) == Approx(1e-4));
}

TEST_CASE("arrays that lie about their size or kind are refused") {
    const test::TemporaryFolder folder;
    const auto file = folder.path() / "a.npy";
    for (const char* dictionary :
         {"{'descr': '<f4', 'fortran_order': False, 'shape': (900000, 60000, 60000), }",
          "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1, 1), }",
          "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 1, 1), }",
          "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1, 1), }",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999, 1, 1), }", "{}",
          ""}) {
        write_bytes(file, with_header(dictionary, "1234"));
        const auto reader = NpyReader::open(file);
        REQUIRE_FALSE(reader);
        CHECK(reader.error().message().find("a.npy") != std::string::npos);
    }
    write_bytes(file, "not an array");
    CHECK_FALSE(NpyReader::open(file));
    CHECK_FALSE(NpyReader::open(folder.path() / "absent.npy"));
    write_bytes(folder.path() / "a.npz", "not a zip");
    CHECK_FALSE(NpyReader::open(folder.path() / "a.npz"));
}

TEST_CASE("the compressed truth of a simulated run is read") {
    const auto file = test::shared_data("simulated/lumbar1/opacity_true.npz");
    if (!file) {
        WARN("no shared data here");
        return;
    }
    auto reader = NpyReader::open(*file);
    REQUIRE(reader);
    REQUIRE(reader->frames() == 48);
    Image<float> image(reader->extent());
    float peak = 0.0F;
    for (const int frame : {40, 2}) {
        REQUIRE(reader->read(frame, image.view()));
        peak = *std::max_element(image.pixels().begin(), image.pixels().end());
        CHECK((peak > 0.1F) == (frame == 40));
    }
}
