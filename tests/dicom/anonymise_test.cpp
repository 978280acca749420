#include "dsp/dicom/privacy/anonymise.h"

#include <catch2/catch.hpp>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/pixel_digest.h"
#include "dsp/dicom/run_reader.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::test;
using dicom::text;

namespace {

constexpr const char* kIdentity = "IDENTITY";

// A run in which everything that tells of a person or place holds the word IDENTITY.
MadeRun telling() {
    MadeRun run;
    run.set({0x0008, 0x0018}, "1.2.3.1").set({0x0020, 0x000D}, "1.2.3.2");
    run.set({0x0020, 0x000E}, "1.2.3.3").set({0x0010, 0x0010}, "IDENTITY^NAME");
    for (const dicom::Tag tag :
         {dicom::Tag{0x0010, 0x0020}, dicom::Tag{0x0008, 0x0050}, dicom::Tag{0x0008, 0x0080},
          dicom::Tag{0x0008, 0x0081}, dicom::Tag{0x0008, 0x0090}, dicom::Tag{0x0008, 0x1010},
          dicom::Tag{0x0008, 0x1030}, dicom::Tag{0x0008, 0x103E}, dicom::Tag{0x0008, 0x1040},
          dicom::Tag{0x0008, 0x1050}, dicom::Tag{0x0008, 0x1070}, dicom::Tag{0x0010, 0x1000},
          dicom::Tag{0x0010, 0x1040}, dicom::Tag{0x0010, 0x2154}, dicom::Tag{0x0010, 0x21B0},
          dicom::Tag{0x0010, 0x4000}, dicom::Tag{0x0018, 0x1000}, dicom::Tag{0x0018, 0x1030},
          dicom::Tag{0x0020, 0x0010}, dicom::Tag{0x0020, 0x4000}, dicom::Tag{0x0032, 0x1060},
          dicom::Tag{0x0032, 0x4000}, dicom::Tag{0x0040, 0x0254}, dicom::Tag{0x0040, 0xA730},
          dicom::Tag{0x0028, 0x4000}, dicom::Tag{0x4008, 0x0300}, dicom::Tag{0x0008, 0x2111}}) {
        if (tag != dicom::Tag{0x0040, 0xA730}) {
            run.set(tag, kIdentity);
        }
    }
    run.set({0x0010, 0x0030}, "19700101").set({0x0008, 0x0020}, "20260301");
    run.set({0x0008, 0x0022}, "20260302")
        .set({0x0008, 0x0070}, "Maker")
        .set({0x0028, 0x0301}, "NO");
    // In sequences that stay, and in private ones.
    set(run.item(run.data(), {0x0008, 0x2112}), {0x0008, 0x1155}, "1.2.3.9");
    set(run.item(run.data(), {0x0008, 0x2112}), {0x0010, 0x0010}, "IDENTITY^DEEP");
    set(run.item(run.data(), {0x0040, 0x0275}), {0x0040, 0x0007}, kIdentity);
    run.data().putAndInsertString(DcmTag(0x0019, 0x0010, EVR_LO), "IDENTITY CREATOR");
    run.data().putAndInsertString(DcmTag(0x0019, 0x1001, EVR_LO), kIdentity);
    run.data().putAndInsertString(DcmTag(0x6000, 0x4000, EVR_LT), kIdentity);
    return run;
}

struct Copied {
    explicit Copied(AnonymiseOptions options = {}) : Copied(telling(), std::move(options)) {}
    Copied(MadeRun made, AnonymiseOptions options) {
        made.save(run());
        auto done = Anonymiser(std::move(options), "secret").copy(run(), copy());
        REQUIRE(done);
        report = std::move(*done);
        auto loaded = dicom::DicomFile::load(copy());
        REQUIRE(loaded);
        file = std::move(*loaded);
    }
    [[nodiscard]] std::filesystem::path run() const { return folder.path() / "run.dcm"; }
    [[nodiscard]] std::filesystem::path copy() const { return folder.path() / "copy.dcm"; }
    [[nodiscard]] DcmItem& data() const { return file->dataset(); }

    TemporaryFolder folder;
    AnonymiseReport report;
    std::unique_ptr<dicom::DicomFile> file;
};

}  // namespace

TEST_CASE("no identifying value is anywhere in the bytes of the copy") {
    const Copied copied;
    const std::string bytes = read_file(copied.copy());
    for (const char* trace :
         {kIdentity, "19700101", "2026030", "1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.9", "Maker"}) {
        CAPTURE(trace);
        CHECK(bytes.find(trace) == std::string::npos);
    }
    CHECK(text(copied.data(), {0x0012, 0x0062}) == "YES");
    CHECK(text(copied.data(), {0x0028, 0x0303}) == "REMOVED");
    CHECK(dicom::has(copied.data(), {0x0010, 0x0030}));  // type 2: there, and empty
    CHECK(text(copied.data(), {0x0010, 0x0020}) == copied.report.subject);
    CHECK(copied.report.changes.contains("removed private attributes"));
    CHECK(copied.report.warnings.empty());
}

TEST_CASE("pixels, times and geometry stay as they are") {
    const Copied copied;
    const auto before = RunReader::open(copied.run());
    const auto after = RunReader::open(copied.copy());
    REQUIRE(before);
    REQUIRE(after);
    CHECK(digest_pixels(**before, [](double) {})->sha256 ==
          digest_pixels(**after, [](double) {})->sha256);
    CHECK((*before)->info().frame_time_s == (*after)->info().frame_time_s);
    CHECK((*before)->info().intensity == (*after)->info().intensity);
}

TEST_CASE("UIDs are replaced alike, so that references between files hold") {
    const Copied copied;
    const Anonymiser same({}, "secret");
    const Anonymiser other({}, "another");
    CHECK(text(copied.data(), {0x0008, 0x0018}) == same.new_uid_for("1.2.3.1"));
    CHECK(text(*dicom::item(copied.data(), {0x0008, 0x2112}), {0x0008, 0x1155}) ==
          same.new_uid_for("1.2.3.9"));
    CHECK(same.new_uid_for("1.2.3.1") != other.new_uid_for("1.2.3.1"));
    CHECK(same.new_uid_for("1.2.3.1") != same.new_uid_for("1.2.3.2"));
    CHECK(same.new_uid_for("1.2.840.10008.1.2.1") == "1.2.840.10008.1.2.1");
    CHECK(same.new_uid_for("1.2.3.1").size() <= 64);
}

TEST_CASE("shifted dates keep their distance, and the device is kept only when asked for") {
    AnonymiseOptions options;
    options.shift_dates = true;
    options.keep_device = true;
    const Copied copied(options);
    const std::string study = text(copied.data(), {0x0008, 0x0020});
    const std::string acquired = text(copied.data(), {0x0008, 0x0022});
    REQUIRE(study.size() == 8);
    CHECK(study != "20260301");
    CHECK(study < "20260301");
    CHECK(acquired > study);
    CHECK(text(copied.data(), {0x0010, 0x0030}).empty());
    CHECK(text(copied.data(), {0x0028, 0x0303}) == "MODIFIED");
    CHECK(text(copied.data(), {0x0008, 0x0070}) == "Maker");
}

TEST_CASE("blanked regions are zero in every frame, the rest is as it was") {
    AnonymiseOptions options;
    options.blank_px = {{2, 1, 4, 3}};
    const Copied copied(options);
    const auto after = RunReader::open(copied.copy());
    REQUIRE(after);
    Image<std::uint16_t> words((*after)->info().extent);
    for (FrameIndex frame = 0; frame < MadeRun::kFrames; ++frame) {
        REQUIRE((*after)->read(frame, words.view()));
        for (int y = 0; y < MadeRun::kRows; ++y) {
            for (int x = 0; x < MadeRun::kColumns; ++x) {
                const bool inside = x >= 2 && x < 6 && y >= 1 && y < 4;
                REQUIRE(words.view()(x, y) == (inside ? 0 : MadeRun::value(frame, x, y)));
            }
        }
    }
    TemporaryFolder folder;
    options.blank_px = {{10, 0, 7, 1}};
    CHECK_FALSE(Anonymiser(options).copy(copied.run(), folder.path() / "x.dcm"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "x.dcm"));
}

TEST_CASE("a file that does not exclude burnt-in text is warned of") {
    MadeRun made = telling();
    made.set({0x0028, 0x0301}, "YES");
    CHECK(Copied(std::move(made), {}).report.warnings.size() == 1);
    MadeRun silent = telling();
    silent.remove({0x0028, 0x0301});
    CHECK(Copied(std::move(silent), {}).report.warnings.size() == 1);
}
