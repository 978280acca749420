// Files that lie, end early or are no run: an answer of one line, or whole frames with a warning.
#include <catch2/catch.hpp>
#include <fstream>

#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using test::MadeRun;
using test::warned;

namespace {

std::string little_endian(std::uint32_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) {
        text += static_cast<char>(value >> (8 * i));
    }
    return text;
}

std::filesystem::path write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
}

// Refused with one line that names the file.
Error refusal(const std::filesystem::path& file) {
    const auto run = RunReader::open(file);
    REQUIRE(!run);
    const std::string line = run.error().message();
    CAPTURE(line);
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find(file.filename().string()) != std::string::npos);
    CHECK(!run.error().remedy.empty());
    return run.error();
}

std::string meta_of(const std::string& uid) {
    const std::string syntax = little_endian(0x00100002, 4) + "UI" +
                               little_endian(static_cast<std::uint32_t>(uid.size()), 2) + uid;
    return std::string(128, '\0') + "DICM" + little_endian(0x00000002, 4) + "UL" +
           little_endian(4, 2) + little_endian(static_cast<std::uint32_t>(syntax.size()), 4) +
           syntax;
}

}  // namespace

TEST_CASE("native pixels cut short give the whole frames and a loud warning") {
    const test::TemporaryFolder folder;
    const auto file = MadeRun().save(folder.path() / "run.dcm");
    const std::string whole = test::read_file(file);
    constexpr std::size_t kFrameBytes = 2 * 16 * 12;
    for (const auto& [missing, frames] : {std::pair{2, 2}, std::pair{384, 2}, std::pair{386, 1}}) {
        CAPTURE(missing);
        write(file, whole.substr(0, whole.size() - static_cast<std::size_t>(missing)));
        auto run = RunReader::open(file);
        REQUIRE(run);
        CHECK((*run)->info().frames == frames);
        CHECK(warned((*run)->info(), "INCOMPLETE RUN: Number of Frames (0028,0008) is 3, only " +
                                         std::to_string(frames)));
    }
    write(file, whole.substr(0, whole.size() - 2 * kFrameBytes - 10));
    CHECK(refusal(file).what.find("not one whole frame") != std::string::npos);
}

TEST_CASE("compressed pixels cut short give the whole frames and a loud warning") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax =
        GENERATE(EXS_RLELossless, EXS_JPEGProcess14SV1, EXS_JPEGLSLossless);
    CAPTURE(DcmXfer(syntax).getXferName());
    const auto file = MadeRun().save(folder.path() / "run.dcm", syntax);
    const std::string whole = test::read_file(file);
    write(file, whole.substr(0, whole.size() - 40));
    auto run = RunReader::open(file);
    REQUIRE(run);
    CHECK((*run)->info().frames == 2);
    CHECK(warned((*run)->info(), "INCOMPLETE RUN"));
    Image<std::uint16_t> words((*run)->info().extent);
    REQUIRE((*run)->read(1, words.view()));
    CHECK(words(5, 4) == MadeRun::value(1, 5, 4));
    CHECK_FALSE((*run)->read(2, words.view()));
}

TEST_CASE("a file cut anywhere opens with whole frames or is refused, never more") {
    const test::TemporaryFolder folder;
    const E_TransferSyntax syntax = GENERATE(EXS_LittleEndianExplicit, EXS_LittleEndianImplicit,
                                             EXS_DeflatedLittleEndianExplicit, EXS_JPEGLSLossless);
    const auto file = MadeRun().save(folder.path() / "run.dcm", syntax);
    const std::string whole = test::read_file(file);
    for (std::size_t length = 0; length < whole.size(); length += 13) {
        write(file, whole.substr(0, length));
        auto run = RunReader::open(file);
        if (!run) {
            CHECK(run.error().message().find('\n') == std::string::npos);
            continue;
        }
        CHECK((*run)->info().frames <= 3);
        if ((*run)->info().frames < 3) {
            CHECK(warned((*run)->info(), "INCOMPLETE RUN"));
        }
        Image<std::uint16_t> words((*run)->info().extent);
        CHECK((*run)->read((*run)->info().frames - 1, words.view()));
    }
}

TEST_CASE("a frame count that lies is corrected by what is there") {
    const test::TemporaryFolder folder;
    const auto open = [&](const char* count, E_TransferSyntax syntax) {
        MadeRun made;
        const auto file = made.save(folder.path() / "run.dcm", syntax);
        DcmFileFormat lying;
        REQUIRE(lying.loadFile(file.c_str()).good());
        if (count == nullptr) {
            lying.getDataset()->findAndDeleteElement(DCM_NumberOfFrames);
        } else {
            lying.getDataset()->putAndInsertString(DCM_NumberOfFrames, count);
        }
        REQUIRE(lying.saveFile((folder.path() / "lying.dcm").c_str(), syntax).good());
        return RunReader::open(folder.path() / "lying.dcm");
    };
    const E_TransferSyntax syntax = GENERATE(EXS_LittleEndianExplicit, EXS_JPEGLSLossless);
    for (const char* count : {"0", "-3", "many", "2000000000", "99999999999"}) {
        CAPTURE(count);
        auto run = open(count, syntax);
        REQUIRE(run);
        CHECK((*run)->info().frames == 3);
        CHECK(warned((*run)->info(), "Number of Frames (0028,0008)"));
    }
    auto fewer = open("2", syntax);
    REQUIRE(fewer);
    CHECK((*fewer)->info().frames == 2);
    auto missing = open(nullptr, syntax);
    REQUIRE(missing);
    CHECK((*missing)->info().frames == 3);
    CHECK(warned((*missing)->info(), "(0028,0008) missing"));
}

TEST_CASE("sizes beyond reason are refused before memory is taken") {
    const test::TemporaryFolder folder;
    MadeRun made;
    made.set({0x0028, 0x0010}, GENERATE("0", "65535")).set({0x0028, 0x0011}, "65535");
    CHECK(refusal(made.save(folder.path() / "run.dcm")).what.find("(0028,0010)") !=
          std::string::npos);
}

TEST_CASE("bit depths that cannot be are refused, contradictory ones are corrected and named") {
    const test::TemporaryFolder folder;
    MadeRun wide;
    wide.set({0x0028, 0x0100}, "32");
    CHECK(refusal(wide.save(folder.path() / "wide.dcm")).what.find("32 Bits Allocated") !=
          std::string::npos);
    MadeRun odd;
    odd.set({0x0028, 0x0102}, "3");
    auto run = RunReader::open(odd.save(folder.path() / "odd.dcm"));
    REQUIRE(run);
    CHECK((*run)->info().high_bit == 11);
    CHECK(warned((*run)->info(), "High Bit (0028,0102) is 3"));
}

TEST_CASE("colour, reports and unknown codecs are refused by name") {
    const test::TemporaryFolder folder;
    MadeRun colour;
    colour.set({0x0028, 0x0004}, "YBR_FULL").set({0x0028, 0x0002}, "3");
    CHECK(refusal(colour.save(folder.path() / "colour.dcm")).what.find("colour image (YBR_FULL") !=
          std::string::npos);
    MadeRun report;
    report.set({0x0008, 0x0016}, UID_BasicTextSRStorage);
    report.remove({0x7FE0, 0x0010}).remove({0x0028, 0x0010});
    CHECK(refusal(report.save(folder.path() / "report.dcm")).what.find("not an image") == 0);

    std::string bytes =
        test::read_file(MadeRun().save(folder.path() / "run.dcm", EXS_JPEGLSLossless));
    const std::string uid = "1.2.840.10008.1.2.4.80";
    bytes.replace(bytes.find(uid), uid.size(), "1.2.840.10008.1.2.4.92");
    CHECK(
        refusal(write(folder.path() / "part2.dcm", bytes)).what.find("JPEG 2000 Part 2 Lossless") ==
        0);
}

TEST_CASE("nesting without end is refused at once") {
    const test::TemporaryFolder folder;
    const std::string level = little_endian(0x02750040, 4) + std::string("SQ\0\0", 4) +
                              little_endian(0xFFFFFFFF, 4) + little_endian(0xE000FFFE, 4) +
                              little_endian(0xFFFFFFFF, 4);
    std::string bytes = meta_of("1.2.840.10008.1.2.1");
    for (int i = 0; i < 100000; ++i) {
        bytes += level;
    }
    CHECK(refusal(write(folder.path() / "deep.dcm", bytes)).what.find("nest deeper") !=
          std::string::npos);
    // Without a meta header nobody says how to follow it.
    CHECK(refusal(write(folder.path() / "bare.dcm", bytes.substr(bytes.find(level))))
              .what.find("cannot be followed") != std::string::npos);
}

TEST_CASE("an element longer than the file costs no memory") {
    const test::TemporaryFolder folder;
    std::string bytes = meta_of("1.2.840.10008.1.2.1");
    bytes += little_endian(0x00100010, 4) + std::string("UT\0\0", 4) +
             little_endian(0xFFFFFFF0, 4) + "text";
    CHECK(refusal(write(folder.path() / "long.dcm", bytes)).kind == ErrorKind::unreadable);
}

TEST_CASE("what is not there, empty, a folder or no DICOM is said in one line") {
    const test::TemporaryFolder folder;
    CHECK(refusal(folder.path() / "absent.dcm").kind == ErrorKind::not_found);
    CHECK(refusal(write(folder.path() / "empty.dcm", "")).kind == ErrorKind::unreadable);
    CHECK(refusal(folder.path()).kind == ErrorKind::invalid_input);
    CHECK(refusal(write(folder.path() / "text.dcm", std::string(4000, 'a')))
              .what.find("no DICM mark") != std::string::npos);
    refusal(write(folder.path() / "zeros.dcm", std::string(4000, '\0')));
}

TEST_CASE("RLE segments that lie outside their frame are refused, not followed") {
    const test::TemporaryFolder folder;
    std::string bytes = test::read_file(MadeRun().save(folder.path() / "run.dcm", EXS_RLELossless));
    const std::string header = little_endian(2, 4) + little_endian(64, 4);
    const std::size_t at = bytes.find(header);
    REQUIRE(at != std::string::npos);
    bytes.replace(at + 8, 4, little_endian(GENERATE(0xFFFFFF00U, 64U, 3U, 100000U), 4));
    auto run = RunReader::open(write(folder.path() / "lying.dcm", bytes));
    REQUIRE(run);
    Image<std::uint16_t> words((*run)->info().extent);
    const auto done = (*run)->read(0, words.view());
    REQUIRE(!done);
    CHECK(done.error().what.find("RLE segments") != std::string::npos);
    CHECK((*run)->read(1, words.view()));
}

TEST_CASE("a data set without preamble and meta header opens by its content") {
    const test::TemporaryFolder folder;
    MadeRun made;
    const auto file = folder.path() / "bare.dcm";
    REQUIRE(dynamic_cast<DcmDataset&>(made.data())
                .saveFile(file.c_str(), EXS_LittleEndianImplicit)
                .good());
    auto run = RunReader::open(file);
    REQUIRE(run);
    CHECK((*run)->info().frames == 3);
    Image<std::uint16_t> words((*run)->info().extent);
    REQUIRE((*run)->read(2, words.view()));
    CHECK(words(3, 7) == MadeRun::value(2, 3, 7));
}
