#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "dsp/dicom/jpeg_header.h"
#include "dsp/dicom/pixel_format.h"
#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using test::MadeRun;
using test::warned;

namespace {

std::vector<int> frame_of(RunReader& run, FrameIndex frame) {
    Image<std::uint16_t> words(run.info().extent);
    REQUIRE(run.read(frame, words.view()));
    std::vector<int> values;
    for (const std::uint16_t word : words.pixels()) {
        values.push_back(word + run.info().stored_offset);
    }
    return values;
}

std::vector<int> ramp(int frame) {
    std::vector<int> values;
    for (int y = 0; y < MadeRun::kRows; ++y) {
        for (int x = 0; x < MadeRun::kColumns; ++x) {
            values.push_back(MadeRun::value(frame, x, y));
        }
    }
    return values;
}

int unpacked(int word, const dicom::PixelFormat& format) {
    const std::uint8_t bytes[2] = {static_cast<std::uint8_t>(word),
                                   static_cast<std::uint8_t>(word >> 8)};
    Image<std::uint16_t> out(Extent{1, 1});
    dicom::PixelFormat one = format;
    one.extent = {1, 1};
    dicom::unpack(bytes, one, out.view());
    return out(0, 0) + one.stored_offset();
}

}  // namespace

TEST_CASE("every lossless encoding gives the same values, in any order") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax =
        GENERATE(EXS_LittleEndianImplicit, EXS_LittleEndianExplicit, EXS_BigEndianExplicit,
                 EXS_DeflatedLittleEndianExplicit, EXS_RLELossless, EXS_JPEGProcess14,
                 EXS_JPEGProcess14SV1, EXS_JPEGLSLossless);
    CAPTURE(DcmXfer(syntax).getXferName());
    auto run = RunReader::open(MadeRun().save(folder.path() / "run.dcm", syntax));
    REQUIRE(run);
    REQUIRE((*run)->info().frames == 3);
    CHECK((*run)->info().transfer_syntax_uid == DcmXfer(syntax).getXferID());
    CHECK_FALSE((*run)->info().lossy);
    for (const FrameIndex frame : {2, 0, 1, 1}) {
        CHECK(frame_of(**run, frame) == ramp(frame));
    }
}

TEST_CASE("signed pixels keep their sign through every lossless encoding") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax =
        GENERATE(EXS_LittleEndianExplicit, EXS_BigEndianExplicit, EXS_RLELossless);
    CAPTURE(DcmXfer(syntax).getXferName());
    MadeRun made;
    std::vector<std::uint16_t> values(16 * 12 * 3);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::uint16_t>(static_cast<int>(7 * i) - 2048);
    }
    made.set({0x0028, 0x0103}, "1").words(values);
    auto run = RunReader::open(made.save(folder.path() / "run.dcm", syntax));
    REQUIRE(run);
    CHECK((*run)->info().stored_offset == -2048);
    const auto first = frame_of(**run, 0);
    for (int i = 0; i < 16 * 12; ++i) {
        CHECK(first[static_cast<std::size_t>(i)] == 7 * i - 2048);
    }
}

TEST_CASE("8-bit pixels read from bytes") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax =
        GENERATE(EXS_LittleEndianImplicit, EXS_LittleEndianExplicit, EXS_BigEndianExplicit,
                 EXS_RLELossless, EXS_JPEGProcess14SV1, EXS_JPEGLSLossless);
    CAPTURE(DcmXfer(syntax).getXferName());
    MadeRun made;
    std::vector<std::uint8_t> values(16 * 12 * 3);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::uint8_t>(i % 251);
    }
    auto run = RunReader::open(made.bytes(values).save(folder.path() / "run.dcm", syntax));
    REQUIRE(run);
    const auto last = frame_of(**run, 2);
    for (std::size_t i = 0; i < last.size(); ++i) {
        CHECK(last[i] == values[2 * 16 * 12 + i]);
    }
}

TEST_CASE("a codestream of 8 bits under a header of 16 is widened, not misread") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax = GENERATE(EXS_JPEGProcess14SV1, EXS_JPEGLSLossless);
    CAPTURE(DcmXfer(syntax).getXferName());
    MadeRun made;
    std::vector<std::uint8_t> values(16 * 12 * 3);
    for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = static_cast<std::uint8_t>(i % 251);
    }
    const auto file = made.bytes(values).save(folder.path() / "run.dcm", syntax);
    DcmFileFormat lying;
    REQUIRE(lying.loadFile(file.c_str()).good());
    test::set(*lying.getDataset(), {0x0028, 0x0100}, "16");
    REQUIRE(lying.saveFile((folder.path() / "lying.dcm").c_str(), syntax).good());
    auto run = RunReader::open(folder.path() / "lying.dcm");
    REQUIRE(run);
    const auto first = frame_of(**run, 0);
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(first[i] == values[i]);
    }
}

TEST_CASE("a codestream of another size than the header's is refused, never garbled") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax = GENERATE(EXS_JPEGProcess14SV1, EXS_JPEGLSLossless);
    const auto file = MadeRun().save(folder.path() / "run.dcm", syntax);
    DcmFileFormat lying;
    REQUIRE(lying.loadFile(file.c_str()).good());
    test::set(*lying.getDataset(), {0x0028, 0x0011}, "12");
    test::set(*lying.getDataset(), {0x0028, 0x0010}, "16");
    REQUIRE(lying.saveFile((folder.path() / "lying.dcm").c_str(), syntax).good());
    auto run = RunReader::open(folder.path() / "lying.dcm");
    REQUIRE(run);
    Image<std::uint16_t> words((*run)->info().extent);
    const auto done = (*run)->read(0, words.view());
    REQUIRE(!done);
    CHECK(done.error().what.find("its codestream has 16 columns, 12 rows") != std::string::npos);
}

TEST_CASE("junk above the stored bits is masked, high bits above them are shifted down") {
    dicom::PixelFormat format;
    format.bits_stored = 12;
    format.high_bit = 11;
    CHECK(unpacked(0xF123, format) == 0x123);
    format.high_bit = 15;
    CHECK(unpacked(0xF123, format) == 0xF12);
    format.is_signed = true;
    CHECK(unpacked(0xF120, format) == 0xF12 - 0x1000);
    format.high_bit = 11;
    CHECK(unpacked(0x0FFF, format) == -1);
    CHECK(unpacked(0xF7FF, format) == 2047);
}

TEST_CASE("overshoot of a lossy codec is clamped to the brightest value, not wrapped to black") {
    dicom::PixelFormat format;
    format.bits_stored = 10;
    format.high_bit = 9;
    format.lossy = true;
    CHECK(unpacked(1024, format) == 1023);
    CHECK(unpacked(1023, format) == 1023);
    format.lossy = false;
    CHECK(unpacked(1024, format) == 0);
}

TEST_CASE("every stored value survives unpacking, signed or not, at every depth") {
    rc::check([] {
        dicom::PixelFormat format;
        format.bits_allocated = 16;
        format.bits_stored = *rc::gen::inRange(1, 17);
        format.high_bit = *rc::gen::inRange(format.bits_stored - 1, 16);
        format.is_signed = *rc::gen::arbitrary<bool>();
        const int half = format.is_signed ? 1 << (format.bits_stored - 1) : 0;
        const int value = *rc::gen::inRange(-half, (1 << format.bits_stored) - half);
        const int shift = format.high_bit + 1 - format.bits_stored;
        const auto junk = *rc::gen::arbitrary<std::uint16_t>();
        const int kept = ((1 << format.bits_stored) - 1) << shift;
        const int word = ((value << shift) & kept) | (junk & ~kept & 0xFFFF);
        RC_ASSERT(unpacked(word, format) == value);
    });
}

TEST_CASE("a JPEG header is found behind other segments and fill bytes") {
    const std::vector<std::uint8_t> stream{0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x04, 1,    2,
                                           0xFF, 0xFF, 0xC3, 0x00, 0x0B, 12,   0x01, 0x00,
                                           2,    0,    1,    1,    0x11, 0};
    const auto header = dicom::read_jpeg_header(stream);
    REQUIRE(header);
    CHECK(header->precision == 12);
    CHECK(header->rows == 256);
    CHECK(header->columns == 512);
    CHECK(header->components == 1);
    rc::check([&](const std::vector<std::uint8_t>& bytes) {
        static_cast<void>(dicom::read_jpeg_header(bytes));  // must not read past its end
    });
}
