// Every object we write, as others see it: David Clunie's validator, pydicom, DCMTK's own tools.
#include <catch2/catch.hpp>

#include "dsp/dicom/privacy/anonymise.h"
#include "tests/pacs/all_objects.h"
#include "tests/pacs/other_programs.h"

using namespace dsm;
using namespace dsm::test;

namespace {

// Lines of dciodvfy that tell of errors.
std::string errors_in(const std::string& said) {
    std::string errors;
    std::size_t begin = 0;
    while (begin < said.size()) {
        const std::size_t end = std::min(said.find('\n', begin), said.size());
        const std::string line = said.substr(begin, end - begin);
        if (line.starts_with("Error")) {
            errors += line + "\n";
        }
        begin = end + 1;
    }
    return errors;
}

}  // namespace

TEST_CASE("dciodvfy finds no error in any object it knows") {
    if (is_missing("dciodvfy")) {
        return;
    }
    const AllObjects all;
    for (const MadeObject& object : all.objects()) {
        if (object.iod.empty()) {
            continue;  // the XA/XRF state is younger than the validator
        }
        const Finished checked = run_program({"dciodvfy", object.file.string()});
        INFO(object.file.filename());
        CHECK(errors_in(checked.err) == "");
        CHECK(checked.exit_code == 0);
        CHECK(checked.err.find(object.iod) != std::string::npos);
    }
}

TEST_CASE("dciodvfy finds no error in anonymised images either") {
    if (is_missing("dciodvfy")) {
        return;
    }
    const AllObjects all;
    const TemporaryFolder folder;
    const auto copy = folder.path() / "copy.dcm";
    for (const auto& file :
         {all.run(), all.object("subtracted.dcm").file, all.object("capture.dcm").file}) {
        REQUIRE(Anonymiser({}).copy(file, copy));
        const Finished checked = run_program({"dciodvfy", copy.string()});
        INFO(file.filename());
        CHECK(errors_in(checked.err) == "");
    }
}

TEST_CASE("pydicom reads every object whole and writes it again") {
    const std::string python = "/usr/bin/python3";
    if (run_program({python, "-c", "import pydicom"}).exit_code != 0) {
        WARN("python3-pydicom is not installed: not checked");
        return;
    }
    constexpr const char* kScript = R"(
import sys, pydicom
from pydicom.filebase import DicomBytesIO
run = pydicom.dcmread(sys.argv[1])
for name in sys.argv[2:]:
    data = pydicom.dcmread(name)
    for element in data.iterall():
        element.value
    data.save_as(DicomBytesIO())
    assert data.StudyInstanceUID == run.StudyInstanceUID, name
    assert run.SOPInstanceUID in str(data), name + " does not refer to its source"
    if "PixelData" in data:
        frames = int(data.get("NumberOfFrames", 1))
        size = data.Rows * data.Columns * frames * data.BitsAllocated // 8
        assert len(data.PixelData) in (size, size + 1), name
)";
    const AllObjects all;
    std::vector<std::string> command{python, "-W", "error", "-c", kScript, all.run().string()};
    for (const MadeObject& object : all.objects()) {
        command.push_back(object.file.string());
    }
    const Finished read = run_program(command);
    CHECK(read.err == "");
    CHECK(read.exit_code == 0);
}

TEST_CASE("DCMTK's tools read what we write") {
    const AllObjects all;
    if (is_missing("dcmdump")) {
        return;
    }
    for (const MadeObject& object : all.objects()) {
        const Finished dumped = run_program({"dcmdump", "-q", object.file.string()});
        INFO(object.file.filename());
        CHECK(dumped.exit_code == 0);
        CHECK(dumped.err == "");
    }
    for (const char* name : {"sr.dcm", "sr_empty.dcm", "ko.dcm"}) {
        const Finished shown = run_program({"dsrdump", "-Ec", all.object(name).file.string()});
        INFO(name << ": " << shown.err);
        CHECK(shown.exit_code == 0);
        // It warns of what it cannot check itself; errors begin with E or F.
        CHECK(shown.err.find("E: ") == std::string::npos);
        CHECK(shown.err.find("F: ") == std::string::npos);
    }
    const Finished report = run_program({"dsrdump", all.object("sr.dcm").file.string()});
    for (const char* part : {"T7-T8 intervertebral level", "Left", "CSF-venous fistula",
                             "Verdict of the reader", "\"0.02\""}) {
        CAPTURE(part);
        CHECK(report.out.find(part) != std::string::npos);
    }
    // DCMTK's presentation-state class refuses masks; what it can read, it draws.
    const TemporaryFolder folder;
    const std::string drawn = (folder.path() / "drawn.pgm").string();
    const Finished picture = run_program(
        {"dcmp2pgm", "-p", all.object("gsps_marks.dcm").file.string(), all.run().string(), drawn});
    CHECK(picture.exit_code == 0);
    CHECK(std::filesystem::file_size(drawn) > 64 * 48);
    const std::string pdf = (folder.path() / "out.pdf").string();
    CHECK(run_program({"dcm2pdf", all.object("pdf.dcm").file.string(), pdf}).exit_code == 0);
    CHECK(read_file(pdf).starts_with("%PDF-1.4"));
}
