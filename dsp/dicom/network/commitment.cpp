#include "dsp/dicom/network/commitment.h"

#include <arpa/inet.h>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmnet/dul.h>
#include <dcmtk/dcmnet/scu.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm::dicom {
namespace {

// PS3.4 J.3.2.2.1: the one well-known instance of the class.
constexpr const char* kWellKnownInstance = "1.2.840.10008.1.20.1.1";
constexpr Uint16 kRequest = 1;

class Listener {
 public:
    Listener(const std::string& bind, int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int yes = 1;
        ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        open_ = ::inet_pton(AF_INET, bind.c_str(), &address.sin_addr) == 1 &&
                ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                ::listen(socket_, 4) == 0;
    }
    ~Listener() { ::close(socket_); }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    Listener(Listener&&) = delete;
    Listener& operator=(Listener&&) = delete;

    [[nodiscard]] bool is_open() const { return open_; }
    // A connection within `wait_ms`, or -1.
    [[nodiscard]] int next(int wait_ms) const {
        pollfd ready{socket_, POLLIN, 0};
        return ::poll(&ready, 1, wait_ms) == 1 ? ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)
                                               : -1;
    }

 private:
    int socket_{-1};
    bool open_{false};
};

// The report of our transaction into `summary`; false where it is another one.
bool take_report(DcmDataset& report, const std::string& transaction, std::size_t asked,
                 SendSummary& summary) {
    if (text(report, {0x0008, 0x1195}) != transaction) {
        return false;
    }
    const std::size_t failed = items(report, {0x0008, 0x1198}).size();
    summary.committed = items(report, {0x0008, 0x1199}).size();
    summary.commitment =
        failed == 0 && summary.committed >= asked ? Commitment::confirmed : Commitment::refused;
    return true;
}

// One N-EVENT-REPORT on a connection the peer opened.
std::unique_ptr<DcmDataset> receive_report(int connection, int wait_s) {
    dcmExternalSocketHandle.set(connection);
    T_ASC_Network* network = nullptr;
    T_ASC_Association* association = nullptr;
    std::unique_ptr<DcmDataset> report;
    OFCondition status = ASC_initializeNetwork(NET_ACCEPTOR, 0, wait_s, &network);
    if (status.good()) {
        status = ASC_receiveAssociation(network, &association, 131072, nullptr, nullptr, OFFalse,
                                        DUL_NOBLOCK, wait_s);
    }
    const char* offered[] = {UID_StorageCommitmentPushModelSOPClass};
    const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax,
                              UID_LittleEndianImplicitTransferSyntax};
    if (status.good()) {
        // The peer reports as the provider it is (PS3.4 J.3.3).
        ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, offered, 1, syntaxes,
                                                        2, ASC_SC_ROLE_SCP);
        status = ASC_acknowledgeAssociation(association);
    }
    while (status.good()) {
        T_ASC_PresentationContextID context = 0;
        T_DIMSE_Message message{};
        DcmDataset* detail = nullptr;
        status = DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, wait_s, &context, &message,
                                      &detail);
        delete detail;
        if (status == DUL_PEERREQUESTEDRELEASE) {
            ASC_acknowledgeRelease(association);
        } else if (status.good() && message.CommandField != DIMSE_N_EVENT_REPORT_RQ) {
            break;
        } else if (status.good()) {
            DcmDataset* data = nullptr;
            status = DIMSE_receiveDataSetInMemory(association, DIMSE_NONBLOCKING, wait_s, &context,
                                                  &data, nullptr, nullptr);
            report.reset(data);
            T_DIMSE_Message answer{};
            answer.CommandField = DIMSE_N_EVENT_REPORT_RSP;
            answer.msg.NEventReportRSP.MessageIDBeingRespondedTo =
                message.msg.NEventReportRQ.MessageID;
            answer.msg.NEventReportRSP.DataSetType = DIMSE_DATASET_NULL;
            DIMSE_sendMessageUsingMemoryData(association, context, &answer, nullptr, nullptr,
                                             nullptr, nullptr);
        }
    }
    ASC_dropSCPAssociation(association);
    ASC_destroyAssociation(&association);
    ASC_dropNetwork(&network);
    dcmExternalSocketHandle.set(-1);
    return report;
}

void wait_on_port(const Listener& listener, const std::string& transaction, std::size_t asked,
                  int wait_s, SendSummary& summary) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(wait_s);
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - now);
        const int connection = listener.next(static_cast<int>(left.count()));
        if (connection < 0) {
            return;
        }
        const auto report = receive_report(connection, wait_s);
        if (report && take_report(*report, transaction, asked, summary)) {
            return;
        }
    }
}

}  // namespace

void ask_for_commitment(DcmSCU& scu, const std::vector<ObjectUids>& stored,
                        const SendOptions& options, SendSummary& summary) {
    T_ASC_PresentationContextID context = 0;
    for (const char* syntax :
         {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}) {
        if (context == 0) {
            context = scu.findPresentationContextID(UID_StorageCommitmentPushModelSOPClass, syntax);
        }
    }
    if (context == 0 || stored.empty()) {
        summary.commitment = Commitment::not_offered;
        return;
    }
    summary.commitment = Commitment::unanswered;
    DcmDataset request;
    AttributeWriter to(request);
    const std::string transaction = new_uid();
    to.text({0x0008, 0x1195}, transaction);
    for (const ObjectUids& object : stored) {
        AttributeWriter reference = to.item({0x0008, 0x1199});
        reference.text({0x0008, 0x1150}, object.sop_class);
        reference.text({0x0008, 0x1155}, object.instance);
    }
    // Listening before asking: the answer may be faster than we are.
    const Listener listener(options.commit_bind, options.commit_port);
    Uint16 answer = 0;
    if (scu.sendACTIONRequest(context, kWellKnownInstance, kRequest, &request, answer).bad() ||
        answer != 0) {
        summary.commitment = Commitment::refused;
        return;
    }
    if (options.commit_port > 0 && listener.is_open()) {
        wait_on_port(listener, transaction, stored.size(), options.commit_wait_s, summary);
        return;
    }
    DcmDataset* report = nullptr;
    Uint16 event = 0;
    const OFCondition got = scu.handleEVENTREPORTRequest(report, event, options.commit_wait_s);
    const std::unique_ptr<DcmDataset> owned(report);
    if (got.good() && owned) {
        take_report(*owned, transaction, stored.size(), summary);
    }
}

}  // namespace dsm::dicom
