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
#include <utility>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/network/association.h"
#include "dsp/dicom/network/fetch_plan.h"
#include "dsp/dicom/network/finder.h"
#include "dsp/dicom/network/receiver.h"
#include "dsp/dicom/network/receiver_worker.h"
#include "dsp/dicom/network/secure_layer.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm {
namespace {

namespace fs = std::filesystem;
using namespace dicom;

void put_identifier(DcmDataset& data, const FetchRequest& request, const FetchPlan& plan) {
    AttributeWriter to(data);
    const bool images = plan.already_there() > 0 || !request.instance_uid.empty();
    to.text({0x0008, 0x0052}, images ? "IMAGE" : request.series_uid.empty() ? "STUDY" : "SERIES");
    to.text({0x0020, 0x000D}, request.study_uid);
    if (!request.series_uid.empty()) {
        to.text({0x0020, 0x000E}, request.series_uid);
    }
    if (images) {
        std::string list;
        for (const ListedObject& object : plan.missing()) {
            list += (list.empty() ? "" : "\\") + object.instance;
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
    Getter(const FetchRequest& request, const FetchPlan& plan)
        : request_(request), plan_(plan), parts_(request.folder) {}

    OFCondition handleSTORERequest(const T_ASC_PresentationContextID, DcmDataset* object,
                                   OFBool& go_on, Uint16& status) override {
        const std::unique_ptr<DcmDataset> received(object);  // DcmSCU leaves it to us
        go_on = request_.stop.stop_requested() ? OFFalse : OFTrue;
        const bool kept = object != nullptr && keep(*object);
        status = kept ? STATUS_Success : STATUS_STORE_Refused_OutOfResources;
        if (kept && request_.on_progress) {
            request_.on_progress(plan_.already_there() + ++kept_, plan_.listed());
        }
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
        const fs::path part = parts_.next();
        DcmFileFormat format(&object, OFFalse);
        const OFCondition saved = format.saveFile(part.c_str(), object.getOriginalXfer());
        format.getAndRemoveDataset();
        const auto kept = saved.good()
                              ? keep_received(part, request_.folder, instance)
                              : Result<fs::path>(fail(ErrorKind::io, request_.folder.string(),
                                                      saved.text(), "check the disk"));
        std::error_code ignored;
        fs::remove(part, ignored);
        if (!kept) {
            problems.push_back(kept.error().message());
        }
        return kept.has_value();
    }

    const FetchRequest& request_;
    const FetchPlan& plan_;
    PartsFolder parts_;
    std::size_t kept_{0};
};

Result<unsigned> get(const Peer& archive, const NetworkOptions& options,
                     const FetchRequest& request, const FetchPlan& plan, DcmDataset& identifier,
                     std::vector<std::string>& problems) {
    std::set<std::string> classes;
    for (const ListedObject& object : plan.missing()) {
        if (!object.sop_class.empty()) {
            classes.insert(object.sop_class);
        }
    }
    const auto layer = secure_layer(archive, options.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    Getter getter(request, plan);
    auto contexts = storage_contexts(classes);
    contexts.push_back(
        {UID_GETStudyRootQueryRetrieveInformationModel,
         {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}});
    if (auto opened = open_association(getter, *layer, archive, options, contexts); !opened) {
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
    if (request.stop.stop_requested()) {
        getter.abortAssociation();
        return fail(ErrorKind::cancelled, archive.name(), "cancelled", "fetch again to go on");
    }
    getter.releaseAssociation();
    problems.insert(problems.end(), getter.problems.begin(), getter.problems.end());
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
    const auto layer = secure_layer(archive, options.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    DcmSCU scu;
    if (auto opened = open_association(
            scu, *layer, archive, options,
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
    const auto listed = find_in_archive(archive, options, query_for(request));
    if (!listed) {
        return tl::unexpected(listed.error());
    }
    const auto plan = FetchPlan::make(archive.name(), *listed, request);
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    std::vector<std::string> problems;
    if (!plan->missing().empty()) {
        DcmDataset identifier;
        put_identifier(identifier, request, *plan);
        const auto status = request.method == FetchMethod::get
                                ? get(archive, options, request, *plan, identifier, problems)
                                : move(archive, options, request, identifier);
        if (!status) {
            return tl::unexpected(status.error());
        }
        if (!is_success(*status)) {
            problems.push_back(archive.name() + " " + move_words(*status));
        }
    }
    std::error_code ignored;
    fs::remove(request.folder / kPartsFolder, ignored);
    FetchSummary summary = plan->summary();
    summary.problems = std::move(problems);
    return summary;
}

}  // namespace dsm
