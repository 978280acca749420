#include "dsp/dicom/network/fetcher.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/scu.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <system_error>
#include <thread>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/network/association.h"
#include "dsp/dicom/network/finder.h"
#include "dsp/dicom/network/receiver.h"
#include "dsp/dicom/network/receiver_worker.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;
using namespace dicom;

struct Wanted {
    std::set<std::string> instances;  // not in the folder yet
    std::set<std::string> classes;
};

void put_identifier(DcmDataset& data, const FetchRequest& request, const Wanted& wanted,
                    bool some_are_there) {
    AttributeWriter to(data);
    const bool images = some_are_there || !request.instance_uid.empty();
    to.text({0x0008, 0x0052}, images ? "IMAGE" : request.series_uid.empty() ? "STUDY" : "SERIES");
    to.text({0x0020, 0x000D}, request.study_uid);
    if (!request.series_uid.empty()) {
        to.text({0x0020, 0x000E}, request.series_uid);
    }
    if (images) {
        std::string list;
        for (const std::string& instance : wanted.instances) {
            list += (list.empty() ? "" : "\\") + instance;
        }
        to.text({0x0008, 0x0018}, list);
    }
}

// Every syntax alone in its context: what is accepted is what is kept.
std::vector<ProposedContext> storage_contexts(const std::set<std::string>& classes) {
    constexpr std::array kSyntaxes{
        UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax,
        UID_JPEGProcess14SV1TransferSyntax,     UID_JPEGLSLosslessTransferSyntax,
        UID_JPEG2000LosslessOnlyTransferSyntax, UID_JPEG2000TransferSyntax,
        UID_RLELosslessTransferSyntax,          UID_JPEGProcess1TransferSyntax,
        UID_JPEGProcess2_4TransferSyntax};
    std::vector<ProposedContext> contexts;
    constexpr std::size_t kMostContexts = 126;
    for (const char* syntax : kSyntaxes) {
        for (const std::string& sop_class : classes) {
            if (contexts.size() < kMostContexts) {
                contexts.push_back({sop_class, {syntax}, true});
            }
        }
    }
    return contexts;
}

class Getter : public DcmSCU {
 public:
    explicit Getter(const fs::path& folder) : folder_(folder), parts_(folder / kPartsFolder) {}

    OFCondition handleSTORERequest(const T_ASC_PresentationContextID, DcmDataset* object,
                                   OFBool& go_on, Uint16& status) override {
        const std::unique_ptr<DcmDataset> received(object);  // DcmSCU leaves it to us
        go_on = OFTrue;
        status = object != nullptr && keep(*object) ? STATUS_Success
                                                    : STATUS_STORE_Refused_OutOfResources;
        return EC_Normal;
    }
    std::vector<std::string> problems;

 private:
    bool keep(DcmDataset& object) {
        const std::string instance = text(object, {0x0008, 0x0018});
        if (instance.empty()) {
            problems.emplace_back("an object without SOP Instance UID was refused");
            return false;
        }
        std::error_code problem;
        fs::create_directories(parts_, problem);
        const fs::path part = parts_ / "get.part";
        DcmFileFormat format(&object, OFFalse);
        const OFCondition saved = format.saveFile(part.c_str(), object.getOriginalXfer());
        format.getAndRemoveDataset();
        const auto kept = saved.good() ? keep_received(part, folder_, instance)
                                       : Result<fs::path>(fail(ErrorKind::io, folder_.string(),
                                                               saved.text(), "check the disk"));
        fs::remove(part, problem);
        if (!kept) {
            problems.push_back(kept.error().message());
        }
        return kept.has_value();
    }

    const fs::path& folder_;
    fs::path parts_;
};

Result<unsigned> get(const Peer& archive, const NetworkOptions& options,
                     const FetchRequest& request, const Wanted& wanted, DcmDataset& identifier,
                     FetchSummary& summary) {
    Getter getter(request.folder);
    auto contexts = storage_contexts(wanted.classes);
    contexts.push_back(
        {UID_GETStudyRootQueryRetrieveInformationModel,
         {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}});
    if (auto opened = open_association(getter, archive, options, contexts); !opened) {
        return tl::unexpected(opened.error());
    }
    const T_ASC_PresentationContextID context =
        getter.findAnyPresentationContextID(UID_GETStudyRootQueryRetrieveInformationModel, "");
    OFList<RetrieveResponse*> responses;
    const OFCondition done = getter.sendCGETRequest(context, &identifier, &responses);
    unsigned status = responses.empty() ? 0xC000U : responses.back()->m_status;
    for (RetrieveResponse* response : responses) {
        delete response;
    }
    getter.releaseAssociation();
    summary.problems.insert(summary.problems.end(), getter.problems.begin(), getter.problems.end());
    if (done.bad()) {
        return tl::unexpected(network_error(archive, done));
    }
    return status;
}

// A receiver in a process of its own, until it goes out of scope.
class ReceiverProcess {
 public:
    explicit ReceiverProcess(Receiver& receiver) {
        std::array<int, 2> control{};
        if (::pipe(control.data()) != 0) {
            return;
        }
        process_ = ::fork();
        if (process_ == 0) {
            ::close(control[1]);
            std::stop_source stop;
            std::jthread watch([&] {
                char byte = 0;
                while (::read(control[0], &byte, 1) > 0) {
                }
                stop.request_stop();
            });
            receiver.run(stop.get_token(), [](const ReceiverEvent&) {});
            watch.join();
            ::_exit(0);
        }
        ::close(control[0]);
        control_ = control[1];
    }
    ~ReceiverProcess() {
        if (control_ >= 0) {
            ::close(control_);
        }
        if (process_ > 0) {
            ::waitpid(process_, nullptr, 0);
        }
    }
    ReceiverProcess(const ReceiverProcess&) = delete;
    ReceiverProcess& operator=(const ReceiverProcess&) = delete;
    ReceiverProcess(ReceiverProcess&&) = delete;
    ReceiverProcess& operator=(ReceiverProcess&&) = delete;

 private:
    int process_{-1};
    int control_{-1};
};

Result<unsigned> move(const Peer& archive, const NetworkOptions& options,
                      const FetchRequest& request, DcmDataset& identifier) {
    ReceiverOptions receiving;
    receiving.aet = options.aet;
    receiving.bind = request.bind;
    receiving.port = request.port;
    receiving.folder = request.folder;
    receiving.peers = {{archive.aet, archive.host, 0}};
    auto receiver = Receiver::listen(receiving);
    if (!receiver) {
        return tl::unexpected(receiver.error());
    }
    const ReceiverProcess running(*receiver);
    DcmSCU scu;
    if (auto opened = open_association(
            scu, archive, options,
            {{UID_MOVEStudyRootQueryRetrieveInformationModel,
              {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}}});
        !opened) {
        return tl::unexpected(opened.error());
    }
    const T_ASC_PresentationContextID context =
        scu.findAnyPresentationContextID(UID_MOVEStudyRootQueryRetrieveInformationModel, "");
    OFList<RetrieveResponse*> responses;
    const OFCondition done =
        scu.sendMOVERequest(context, options.aet.c_str(), &identifier, &responses);
    unsigned status = responses.empty() ? 0xC000U : responses.back()->m_status;
    for (RetrieveResponse* response : responses) {
        delete response;
    }
    scu.releaseAssociation();
    if (done.bad()) {
        return tl::unexpected(network_error(archive, done));
    }
    return status;
}

std::string move_words(unsigned status) {
    return status == 0xA801 ? "does not know our title as a destination (a801)"
                            : "refused to send: " + status_words(status);
}

}  // namespace

Result<FetchSummary> fetch_from_archive(const Peer& archive, const NetworkOptions& options,
                                        const FetchRequest& request) {
    FindQuery query;
    query.level = FindLevel::image;
    query.study_uid = request.study_uid;
    query.series_uid = request.series_uid;
    query.instance_uid = request.instance_uid;
    query.most = 100'000;
    const auto listed = find_in_archive(archive, options, query);
    if (!listed) {
        return tl::unexpected(listed.error());
    }
    if (listed->empty()) {
        return fail(ErrorKind::not_found, archive.name(), "holds nothing of that UID",
                    "look with dsm find");
    }
    FetchSummary summary;
    Wanted wanted;
    std::set<std::string> all;
    std::error_code problem;
    fs::create_directories(request.folder, problem);
    const auto file_of = [&](const std::string& instance) {
        return request.folder / file_name_of_instance(instance);
    };
    for (const FindMatch& match : *listed) {
        const auto instance = match.find("SOPInstanceUID");
        if (instance == match.end() || !all.insert(instance->second).second) {
            continue;
        }
        if (fs::exists(file_of(instance->second), problem)) {
            ++summary.already_there;
            continue;
        }
        wanted.instances.insert(instance->second);
        if (const auto sop_class = match.find("SOPClassUID"); sop_class != match.end()) {
            wanted.classes.insert(sop_class->second);
        }
    }
    if (!wanted.instances.empty()) {
        DcmDataset identifier;
        put_identifier(identifier, request, wanted, summary.already_there > 0);
        const auto status = request.method == FetchMethod::get
                                ? get(archive, options, request, wanted, identifier, summary)
                                : move(archive, options, request, identifier);
        if (!status) {
            return tl::unexpected(status.error());
        }
        if (!is_success(*status)) {
            summary.problems.push_back(archive.name() + " " + move_words(*status));
        }
    }
    fs::remove(request.folder / kPartsFolder, problem);
    for (const std::string& instance : all) {
        if (fs::exists(file_of(instance), problem)) {
            summary.files.push_back(file_of(instance));
        } else {
            ++summary.missing;
        }
    }
    return summary;
}

}  // namespace dsm
