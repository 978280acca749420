#include "dsp/dicom/network/receiver_worker.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/dimse.h>
#include <dcmtk/dcmnet/dul.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): signal masks are POSIX
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <system_error>

#include "dsp/core/sanitizers.h"
#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/network/accepted_syntaxes.h"

namespace dsm {

std::string file_name_of_instance(const std::string& sop_instance_uid) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(sop_instance_uid.data(), sop_instance_uid.size(), digest.data(), &size, EVP_sha256(),
               nullptr);
    std::string name;
    constexpr std::size_t kBytes = 16;
    for (std::size_t i = 0; i < kBytes; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", unsigned{digest[i]});
        name += two;
    }
    return name + ".dcm";
}

namespace dicom {
namespace {

namespace fs = std::filesystem;

// Storage statuses of PS3.4 B.2.3.
constexpr DIC_US kStored = 0x0000;
constexpr DIC_US kOutOfResources = 0xA700;
constexpr DIC_US kMismatch = 0xA900;
constexpr DIC_US kNotUnderstood = 0xC000;

bool sync_path(const fs::path& path, int flags) {
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    return synced;
}

bool same_content(const fs::path& a, const fs::path& b) {
    std::error_code problem;
    if (fs::file_size(a, problem) != fs::file_size(b, problem) || problem) {
        return false;
    }
    std::ifstream one(a, std::ios::binary);
    std::ifstream two(b, std::ios::binary);
    return std::equal(std::istreambuf_iterator<char>(one), std::istreambuf_iterator<char>(),
                      std::istreambuf_iterator<char>(two));
}

void limit(int what, std::uint64_t most) {
    const rlimit bound{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(what), &bound);
}

bool holds_pixels(const std::string& sop_class) {
    const char* name = dcmFindNameOfUID(sop_class.c_str(), "");
    return name != nullptr && std::string(name).find("Image") != std::string::npos;
}

class Worker {
 public:
    Worker(const std::string& address, const ReceiverOptions& options, const SecureLayer& layer,
           int events)
        : address_(address),
          options_(options),
          layer_(layer),
          events_(events),
          parts_(options.folder / kPartsFolder / std::to_string(::getpid())) {}
    ~Worker() {
        std::error_code ignored;
        fs::remove_all(parts_, ignored);
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;
    Worker(Worker&&) = delete;
    Worker& operator=(Worker&&) = delete;

    void serve(int connection) {
        dcmExternalSocketHandle.set(connection);
        dcmDisableGethostbyaddr.set(OFTrue);
        dcmSocketReceiveTimeout.set(options_.idle_s);
        dcmSocketSendTimeout.set(options_.idle_s);
        std::error_code problem;
        fs::create_directories(parts_, problem);
        T_ASC_Network* network = nullptr;
        OFCondition status = ASC_initializeNetwork(NET_ACCEPTOR, 0, options_.idle_s, &network);
        if (status.good()) {
            if (layer_) {
                status = ASC_setTransportLayer(network, layer_.get(), 0);
            }
        }
        if (status.good()) {
            status =
                ASC_receiveAssociation(network, &association_, kLargestPdu, nullptr, nullptr,
                                       layer_ ? OFTrue : OFFalse, DUL_NOBLOCK, options_.idle_s);
        }
        if (status.bad()) {
            tell("refused", std::string("did not open an association: ") + status.text());
        } else if (admit()) {
            converse();
        }
        ASC_dropSCPAssociation(association_);
        ASC_destroyAssociation(&association_);
        ASC_dropNetwork(&network);
    }

 private:
    static constexpr long kLargestPdu = 131072;

    static std::string one_line(std::string words) {
        std::replace_if(
            words.begin(), words.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
        return words.substr(0, 300);
    }

    // At most PIPE_BUF bytes, so that lines of several workers do not mix.
    void tell(const char* kind, const std::string& what, const fs::path& file = {}) const {
        const std::string line = std::string(kind) + "\t" + peer_ + (peer_.empty() ? "" : "@") +
                                 address_ + "\t" + file.string() + "\t" + one_line(what) + "\n";
        (void)!::write(events_, line.data(), line.size());
    }

    [[nodiscard]] bool may_send(const std::string& title) const {
        return options_.peers.empty() ||
               std::any_of(options_.peers.begin(), options_.peers.end(),
                           [&](const Peer& peer) { return peer.aet == title; });
    }

    void reject(T_ASC_RejectParametersReason reason, const std::string& words) {
        const T_ASC_RejectParameters rejection{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER,
                                               reason};
        ASC_rejectAssociation(association_, &rejection);
        tell("refused", words);
    }

    // Title of both sides, then what is proposed.
    bool admit() {
        const DUL_ASSOCIATESERVICEPARAMETERS& said = association_->params->DULparams;
        const std::string title(said.callingAPTitle,
                                ::strnlen(said.callingAPTitle, sizeof said.callingAPTitle));
        const std::string called(said.calledAPTitle,
                                 ::strnlen(said.calledAPTitle, sizeof said.calledAPTitle));
        peer_ = is_ae_title(title) ? title : "?";
        if (called != options_.aet) {
            reject(ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED, "calls another title than ours");
            return false;
        }
        if (!may_send(title)) {
            reject(ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED, "not a title that may send");
            return false;
        }
        accept_contexts();
        if (ASC_countAcceptedPresentationContexts(association_->params) == 0) {
            reject(ASC_REASON_SU_NOREASON, "proposes nothing that is accepted");
            return false;
        }
        return ASC_acknowledgeAssociation(association_).good();
    }

    void accept_contexts() {
        T_ASC_Parameters* params = association_->params;
        const int count = ASC_countPresentationContexts(params);
        for (int i = 0; i < count; ++i) {
            T_ASC_PresentationContext context;
            if (ASC_getPresentationContext(params, i, &context).bad()) {
                continue;
            }
            const char* chosen = choose(context);
            if (chosen != nullptr) {
                ASC_acceptPresentationContext(params, context.presentationContextID, chosen);
            } else {
                ASC_refusePresentationContext(params, context.presentationContextID,
                                              ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
            }
        }
    }

    // The first of ours that is proposed; null where the class is not taken.
    static const char* choose(const T_ASC_PresentationContext& context) {
        const std::string sop_class = context.abstractSyntax;
        const bool storage = dcmIsaStorageSOPClassUID(context.abstractSyntax);
        if (!storage && sop_class != UID_VerificationSOPClass) {
            return nullptr;
        }
        const auto proposed = [&](const char* ours) {
            for (int k = 0; k < context.transferSyntaxCount; ++k) {
                if (std::string(context.proposedTransferSyntaxes[k]) == ours) {
                    return true;
                }
            }
            return false;
        };
        const auto first = [&](const auto& ours) -> const char* {
            const auto found = std::find_if(ours.begin(), ours.end(), proposed);
            return found == ours.end() ? nullptr : *found;
        };
        return storage && holds_pixels(sop_class) ? first(kImageSyntaxes) : first(kPlainSyntaxes);
    }

    void converse() {
        for (;;) {
            T_DIMSE_Message message{};
            T_ASC_PresentationContextID context = 0;
            DcmDataset* detail = nullptr;
            OFCondition status = DIMSE_receiveCommand(association_, DIMSE_NONBLOCKING,
                                                      options_.idle_s, &context, &message, &detail);
            delete detail;
            if (status.good() && message.CommandField == DIMSE_C_ECHO_RQ) {
                status = DIMSE_sendEchoResponse(association_, context, &message.msg.CEchoRQ,
                                                STATUS_Success, nullptr);
                tell("echo", "verified the connection");
            } else if (status.good() && message.CommandField == DIMSE_C_STORE_RQ) {
                status = store(context, message.msg.CStoreRQ);
            } else if (status.good()) {
                tell("failed", "asked for a service that is not offered");
                ASC_abortAssociation(association_);
                return;
            }
            if (status == DUL_PEERREQUESTEDRELEASE) {
                ASC_acknowledgeRelease(association_);
                return;
            }
            if (status.bad()) {
                if (status != DUL_PEERABORTEDASSOCIATION) {
                    ASC_abortAssociation(association_);
                }
                tell("failed", std::string("association ended early: ") + status.text());
                return;
            }
        }
    }

    [[nodiscard]] bool room_left() const {
        struct statvfs disk {};
        return ::statvfs(options_.folder.c_str(), &disk) == 0 &&
               std::uint64_t{disk.f_bavail} * disk.f_frsize > options_.free_disk_bytes;
    }

    struct Incoming {
        Worker* worker;
        fs::path part;
    };

    // Called between the last byte and the answer.
    static void on_progress(void* context, T_DIMSE_StoreProgress* progress,
                            T_DIMSE_C_StoreRQ* request, char*, DcmDataset**,
                            T_DIMSE_C_StoreRSP* response, DcmDataset** detail) {
        *detail = nullptr;
        if (progress->state == DIMSE_StoreEnd && response->DimseStatus == STATUS_Success) {
            const auto* incoming = static_cast<const Incoming*>(context);
            response->DimseStatus = incoming->worker->take(incoming->part, *request);
        }
    }

    OFCondition store(T_ASC_PresentationContextID context, T_DIMSE_C_StoreRQ& request) {
        Incoming incoming{this, parts_ / (std::to_string(++count_) + ".part")};
        if (!room_left()) {
            tell("failed", "refused an object: the disk is nearly full");
            // Read and dropped, so that the association stays in step.
            return refuse(context, request, kOutOfResources);
        }
        const OFCondition status =
            DIMSE_storeProvider(association_, context, &request, incoming.part.c_str(), 1, nullptr,
                                on_progress, &incoming, DIMSE_NONBLOCKING, options_.idle_s);
        std::error_code ignored;
        fs::remove(incoming.part, ignored);
        return status;
    }

    OFCondition refuse(T_ASC_PresentationContextID context, T_DIMSE_C_StoreRQ& request,
                       DIC_US why) {
        T_DIMSE_C_StoreRSP response{};
        response.MessageIDBeingRespondedTo = request.MessageID;
        response.DimseStatus = why;
        response.DataSetType = DIMSE_DATASET_NULL;
        OFStandard::strlcpy(response.AffectedSOPClassUID, request.AffectedSOPClassUID,
                            sizeof response.AffectedSOPClassUID);
        OFStandard::strlcpy(response.AffectedSOPInstanceUID, request.AffectedSOPInstanceUID,
                            sizeof response.AffectedSOPInstanceUID);
        response.opts = O_STORE_AFFECTEDSOPCLASSUID | O_STORE_AFFECTEDSOPINSTANCEUID;
        DIC_UL bytes = 0;
        DIC_UL parts = 0;
        const OFCondition ignored =
            DIMSE_ignoreDataSet(association_, DIMSE_NONBLOCKING, options_.idle_s, &bytes, &parts);
        return ignored.bad()
                   ? ignored
                   : DIMSE_sendStoreResponse(association_, context, &request, &response, nullptr);
    }

    // Checks, syncs and names the file; only then is it acknowledged.
    DIC_US take(const fs::path& part, const T_DIMSE_C_StoreRQ& request) const {
        const auto loaded = DicomFile::load(part);
        if (!loaded || !(*loaded)->damage().empty()) {
            tell("failed", "refused a malformed object: " +
                               (loaded ? (*loaded)->damage() : loaded.error().what));
            return kNotUnderstood;
        }
        DcmItem& data = (*loaded)->dataset();
        const std::string instance = text(data, {0x0008, 0x0018});
        if (instance.empty() || instance != request.AffectedSOPInstanceUID ||
            text(data, {0x0008, 0x0016}) != request.AffectedSOPClassUID) {
            tell("failed", "refused an object that is not the one announced");
            return kMismatch;
        }
        const auto kept = keep_received(part, options_.folder, instance);
        if (!kept) {
            tell("failed", kept.error().what);
            return kOutOfResources;
        }
        const char* name = dcmFindNameOfUID(request.AffectedSOPClassUID, "object");
        tell("stored", name, *kept);
        return kStored;
    }

    std::string address_;
    std::string peer_;
    const ReceiverOptions& options_;
    const SecureLayer& layer_;
    int events_;
    fs::path parts_;
    int count_{0};
    T_ASC_Association* association_{nullptr};
};

}  // namespace

Result<fs::path> keep_received(const fs::path& part, const fs::path& folder,
                               const std::string& sop_instance_uid) {
    const auto cannot = [&](const std::string& why) {
        return fail(ErrorKind::io, folder.string(), "an object could not be kept: " + why,
                    "check the disk");
    };
    if (!sync_path(part, O_RDONLY)) {
        return cannot("it could not be synced");
    }
    const fs::path name = file_name_of_instance(sop_instance_uid);
    constexpr int kMostVersions = 100;
    for (int version = 1; version <= kMostVersions; ++version) {
        const fs::path file =
            folder / (version == 1 ? name.string()
                                   : name.stem().string() + "-" + std::to_string(version) + ".dcm");
        std::error_code problem;
        // A link, unlike a rename, never takes the place of what another association just kept.
        fs::create_hard_link(part, file, problem);
        const bool no_links = problem == std::errc::operation_not_permitted ||
                              problem == std::errc::operation_not_supported;
        if (no_links && !fs::exists(file, problem)) {
            fs::rename(part, file, problem);  // network shares and FAT know no links
        }
        if (problem == std::errc::file_exists || (no_links && !problem && fs::exists(part))) {
            if (same_content(part, file)) {
                return file;
            }
            continue;
        }
        if (problem) {
            return cannot(problem.message());
        }
        if (!sync_path(folder, O_RDONLY | O_DIRECTORY)) {
            return cannot("its folder could not be synced");
        }
        return file;
    }
    return cannot("too many different objects with its UID");
}

void serve_association(int connection, const std::string& address, const ReceiverOptions& options,
                       const SecureLayer& layer, int events) {
    // The parent's signal thread is not here: a request to stop ends the worker as it stands.
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    // A write beyond the limit is an error, not a death: the sender gets an answer.
    ::signal(SIGXFSZ, SIG_IGN);
    limit(RLIMIT_FSIZE, options.largest_object_bytes);
#if !defined(DSM_ADDRESS_SANITIZER) && !defined(DSM_THREAD_SANITIZER)
    // The sanitizers reserve more address space than any limit leaves.
    limit(RLIMIT_AS, options.most_memory_bytes);
#endif
    limit(RLIMIT_CORE, 0);
    Worker(address, options, layer, events).serve(connection);
}

}  // namespace dicom
}  // namespace dsm
