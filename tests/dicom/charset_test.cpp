#include "dsp/dicom/charset.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/run_header.h"
#include "tests/dicom/made_run.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::dicom;
using test::MadeRun;
using test::warned;

namespace {

RunInfo identity_of(MadeRun& run) {
    RunInfo info = MadeRun::empty_info();
    read_identity(run.data(), info);
    return info;
}

}  // namespace

TEST_CASE("names come out as UTF-8 from the declared character set") {
    MadeRun run;
    run.set({0x0008, 0x0005}, "ISO_IR 100").set({0x0010, 0x0010}, "M\xfcller^J\xf6rg");
    CHECK(identity_of(run).patient_name == "M\u00fcller^J\u00f6rg");
    run.set({0x0008, 0x0005}, "ISO_IR 144").set({0x0010, 0x0010}, "\xbb\xde");
    CHECK(identity_of(run).patient_name == "\u041b\u043e");
    run.set({0x0008, 0x0005}, "ISO_IR 192").set({0x0010, 0x0010}, "M\u00fcller");
    CHECK(identity_of(run).patient_name == "M\u00fcller");
}

TEST_CASE("undeclared bytes are read as Latin 1, unknown sets are named") {
    MadeRun run;
    run.set({0x0010, 0x0010}, "M\xfcller");
    CHECK(identity_of(run).patient_name == "M\u00fcller");
    CHECK(warned(identity_of(run), "(0008,0005) absent"));
    run.set({0x0008, 0x0005}, "KLINGON");
    CHECK(warned(identity_of(run), "'KLINGON' unknown"));
}

TEST_CASE("the published Japanese name is readable") {
    const auto file = test::shared_data("xa/charset_japanese.dcm");
    if (!file) {
        WARN("shared data absent");
        return;
    }
    auto loaded = DicomFile::load(*file);
    REQUIRE(loaded);
    RunInfo info = MadeRun::empty_info();
    read_identity((*loaded)->dataset(), info);
    CAPTURE(info.patient_name, info.warnings);
    CHECK(info.patient_name.find("\u3084\u307e\u3060") != std::string::npos);
    CHECK(is_utf8(info.patient_name));
}

TEST_CASE("any bytes become printable UTF-8") {
    rc::check([](const std::string& bytes) {
        const std::string shown = printable_utf8(bytes);
        RC_ASSERT(is_utf8(shown));
        RC_ASSERT(std::none_of(shown.begin(), shown.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    });
}
