#include "dsp/dicom/network/conformance.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <array>

#include "dsp/dicom/network/accepted_syntaxes.h"
#include "dsp/dicom/transfer_syntax.h"

namespace dsm {
namespace {

struct Row {
    const char* uid;
    const char* by;
};

constexpr std::array kWritten{
    Row{UID_GrayscaleSoftcopyPresentationStateStorage, "`dsm export --what gsps`"},
    Row{UID_XAXRFGrayscaleSoftcopyPresentationStateStorage, "`dsm export --what gsps`"},
    Row{UID_ComprehensiveSRStorage, "`dsm export --what sr` (TID 1500)"},
    Row{UID_KeyObjectSelectionDocumentStorage, "`dsm export --what key` (TID 2010)"},
    Row{UID_SecondaryCaptureImageStorage, "`dsm export --what key`"},
    Row{UID_XRayAngiographicImageStorage, "`dsm export --what subtracted`, `dsm phantom`"},
    Row{UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
        "`dsm export --what subtracted`, of runs that are not X-Ray Angiographic"},
    Row{UID_EncapsulatedPDFStorage, "`dsm export --report`"}};

constexpr std::array kServices{
    Row{UID_VerificationSOPClass, "user (`dsm send --echo`), provider (`dsm serve`)"},
    Row{UID_StorageCommitmentPushModelSOPClass, "user (`dsm send --commit`)"},
    Row{UID_FINDStudyRootQueryRetrieveInformationModel, "user (`dsm find`, `dsm fetch`)"},
    Row{UID_MOVEStudyRootQueryRetrieveInformationModel, "user (`dsm fetch`)"},
    Row{UID_GETStudyRootQueryRetrieveInformationModel, "user (`dsm fetch --method get`)"}};

struct WebRow {
    const char* service;
    const char* request;
    const char* by;
};

constexpr std::array kWebServices{
    WebRow{"QIDO-RS (PS3.18 10.6)", "GET studies, series, instances; application/dicom+json",
           "user (`dsm find`, `dsm fetch`)"},
    WebRow{"WADO-RS (PS3.18 10.4)",
           "GET instance; multipart/related; type=\"application/dicom\"; transfer-syntax=*",
           "user (`dsm fetch`)"},
    WebRow{"STOW-RS (PS3.18 10.5)", "POST studies; multipart/related; type=\"application/dicom\"",
           "user (`dsm send`)"}};

std::string web_services() {
    std::string text =
        "### Web services, with an https URL for the peer\n\n"
        "| service | request | role |\n|---|---|---|\n";
    for (const WebRow& row : kWebServices) {
        text += std::string("| ") + row.service + " | `" + row.request + "` | " + row.by + " |\n";
    }
    return text + "\n";
}

std::string name_of(const char* uid) {
    const char* name = dcmFindNameOfUID(uid, "");
    return name == nullptr ? "" : name;
}

template <class Rows>
std::string table(const std::string& heading, const std::string& last, const Rows& rows) {
    std::string text = "### " + heading + "\n\n| UID | name | " + last + " |\n|---|---|---|\n";
    for (const Row& row : rows) {
        text += "| " + std::string(row.uid) + " | " + name_of(row.uid) + " | " + row.by + " |\n";
    }
    return text + "\n";
}

template <class List>
std::string syntaxes(const std::string& heading, const List& list) {
    std::string text =
        "### " + heading + "\n\n| UID | name | read by this program |\n|---|---|---|\n";
    for (const char* uid : list) {
        const dicom::TransferSyntax syntax = dicom::transfer_syntax(uid);
        const bool readable = syntax.codec != dicom::Codec::unsupported;
        text += "| " + std::string(uid) + " | " + syntax.name + " | " +
                (readable ? (syntax.lossy ? "yes, lossy" : "yes") : "no") + " |\n";
    }
    return text + "\n";
}

}  // namespace

std::string conformance_tables() {
    return table("Objects written", "by", kWritten) + table("Services", "role", kServices) +
           web_services() +
           syntaxes("Transfer syntaxes of images received, in order of preference",
                    dicom::kImageSyntaxes) +
           syntaxes("Transfer syntaxes of other objects received", dicom::kPlainSyntaxes);
}

}  // namespace dsm
