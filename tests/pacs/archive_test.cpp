// Every object we write, stored in a real Orthanc over the network and returned unchanged.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <catch2/catch.hpp>

#include <map>
#include <sstream>

#include "dsp/review/dicom_state.h"
#include "tests/pacs/all_objects.h"
#include "tests/pacs/other_programs.h"

using namespace dsm;
using namespace dsm::test;

namespace {

std::string uid_of(const std::filesystem::path& file) {
    DcmFileFormat format;
    OFString uid;
    REQUIRE(format.loadFile(file.c_str()).good());
    REQUIRE(format.getDataset()->findAndGetOFString(DCM_SOPInstanceUID, uid).good());
    return uid.c_str();
}

// The data set as it is on disk: explicit little endian, element by element.
std::string data_set(const std::filesystem::path& file) {
    DcmFileFormat format;
    REQUIRE(format.loadFile(file.c_str()).good());
    DcmDataset& data = *format.getDataset();
    std::ostringstream all;
    data.print(all);
    return all.str();
}

}  // namespace

TEST_CASE("Orthanc stores every object and returns it unchanged") {
    enter_private_network();
    if (is_missing("Orthanc") || is_missing("storescu") || is_missing("curl")) {
        return;
    }
    const AllObjects all;
    const Orthanc archive;
    std::vector<std::string> command{"storescu",
                                     "-aec",
                                     Orthanc::aet(),
                                     "-xe",
                                     "--required",
                                     "127.0.0.1",
                                     std::to_string(archive.dicom_port())};
    std::map<std::string, std::filesystem::path> sent;
    for (const MadeObject& object : all.objects()) {
        command.push_back(object.file.string());
        sent[uid_of(object.file)] = object.file;
    }
    const Finished stored = run_program(command);
    INFO(stored.err << read_file(archive.log()));
    REQUIRE(stored.exit_code == 0);
    const auto instances = archive.instances();
    REQUIRE(instances.size() == sent.size());
    const TemporaryFolder folder;
    for (const std::string& id : instances) {
        const auto back = folder.path() / "back.dcm";
        archive.save_instance(id, back);
        const auto original = sent.find(uid_of(back));
        REQUIRE(original != sent.end());
        INFO(original->second.filename());
        CHECK(data_set(back) == data_set(original->second));
        const auto state = read_presentation_state(back);
        if (state) {
            const auto marks = marks_of(*state);
            REQUIRE(marks);
            CHECK(marks->review == all.review());
        }
    }
}
