#include "dsp/dicom/network/sender.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/scu.h>

#include <algorithm>
#include <optional>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/network/association.h"
#include "dsp/dicom/network/commitment.h"
#include "dsp/dicom/network/file_to_send.h"
#include "dsp/dicom/network/secure_layer.h"

namespace dsm {
namespace {

using namespace dicom;

struct Outgoing {
    std::filesystem::path file;
    std::string sop_class, instance, syntax;
    bool stored{false};
    bool given_up{false};
};

bool is_plain(const std::string& syntax) {
    return syntax == UID_LittleEndianExplicitTransferSyntax ||
           syntax == UID_LittleEndianImplicitTransferSyntax ||
           syntax == UID_BigEndianExplicitTransferSyntax;
}

Result<Outgoing> outgoing(const std::filesystem::path& file) {
    const auto loaded = load_to_send(file);
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    DcmItem& data = (*loaded)->dataset();
    return Outgoing{file, text(data, {0x0008, 0x0016}), text(data, {0x0008, 0x0018}),
                    (*loaded)->transfer_syntax_uid()};
}

// One context for each class and syntax, so that the peer cannot ask for a conversion.
std::vector<ProposedContext> contexts_for(const std::vector<Outgoing>& files, bool commit) {
    std::vector<ProposedContext> contexts;
    const auto add = [&](ProposedContext context) {
        constexpr std::size_t kMostContexts = 127;  // PS3.8 7.1.1.13, one left for commitment
        if (contexts.size() < kMostContexts &&
            std::find(contexts.begin(), contexts.end(), context) == contexts.end()) {
            contexts.push_back(std::move(context));
        }
    };
    for (const Outgoing& file : files) {
        if (!file.stored && !file.given_up) {
            const std::vector<std::string> plain{UID_LittleEndianExplicitTransferSyntax,
                                                 UID_LittleEndianImplicitTransferSyntax};
            add({file.sop_class, is_plain(file.syntax) ? plain : std::vector{file.syntax}});
        }
    }
    if (commit) {
        contexts.push_back(
            {UID_StorageCommitmentPushModelSOPClass,
             {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}});
    }
    return contexts;
}

class Association : public DcmSCU {
 public:
    using DcmSCU::findPresentationContext;
};

class Session {
 public:
    Session(const Peer& peer, const SendOptions& options, const SecureLayer& layer)
        : peer_(peer), options_(options), layer_(layer) {}

    // Stores what it can on one association. True: it broke before all were tried.
    Result<bool> store(std::vector<Outgoing>& files, SendSummary& summary) {
        scu_.emplace();
        auto opened = open_association(*scu_, layer_, peer_, options_.network,
                                       contexts_for(files, options_.commit));
        if (!opened) {
            return tl::unexpected(opened.error());
        }
        for (Outgoing& file : files) {
            if (options_.stop.stop_requested()) {
                scu_->abortAssociation();
                return fail(ErrorKind::cancelled, peer_.name(),
                            "cancelled after " + std::to_string(summary.stored) + " of " +
                                std::to_string(files.size()) + " files",
                            "");
            }
            if (file.stored || file.given_up) {
                continue;
            }
            const OFCondition status = store_one(file, summary);
            if (status.bad()) {
                broken_by_ = status.text();
                scu_->closeAssociation(DCMSCU_ABORT_ASSOCIATION);
                return true;
            }
            if (options_.on_progress) {
                options_.on_progress(static_cast<double>(summary.stored + summary.failures.size()) /
                                     static_cast<double>(files.size()));
            }
        }
        return false;
    }

    void commit(const std::vector<Outgoing>& files, SendSummary& summary) {
        std::vector<ObjectUids> stored;
        for (const Outgoing& file : files) {
            if (file.stored) {
                stored.push_back({file.sop_class, file.instance});
            }
        }
        ask_for_commitment(*scu_, stored, options_, summary);
    }

    void close() { scu_->releaseAssociation(); }
    [[nodiscard]] const std::string& broken_by() const { return broken_by_; }

 private:
    static void give_up(Outgoing& file, SendSummary& summary, std::string what,
                        std::string remedy) {
        file.given_up = true;
        summary.failures.push_back(
            {ErrorKind::unsupported, file.file.string(), std::move(what), std::move(remedy)});
    }

    // Bad only where the association can not go on.
    OFCondition store_one(Outgoing& file, SendSummary& summary) {
        T_ASC_PresentationContextID context = 0;
        for (const char* plain :
             {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}) {
            if (context == 0 && is_plain(file.syntax)) {
                context = scu_->findPresentationContextID(file.sop_class.c_str(), plain);
            }
        }
        if (!is_plain(file.syntax)) {
            context = scu_->findPresentationContextID(file.sop_class.c_str(), file.syntax.c_str());
        }
        if (context == 0) {
            give_up(file, summary, "not accepted by " + peer_.name() + " in its transfer syntax",
                    "see what it accepts");
            return EC_Normal;
        }
        OFString abstract_syntax;
        OFString accepted;
        scu_->findPresentationContext(context, abstract_syntax, accepted);
        DcmFileFormat format;
        OFCondition loaded = format.loadFile(file.file.c_str());
        if (loaded.good() && is_plain(file.syntax)) {
            loaded = format.getDataset()->chooseRepresentation(DcmXfer(accepted.c_str()).getXfer(),
                                                               nullptr);
        }
        if (loaded.bad()) {
            give_up(file, summary, std::string("cannot be read: ") + loaded.text(),
                    "check the file");
            return EC_Normal;
        }
        Uint16 answer = 0;
        const OFCondition sent = scu_->sendSTORERequest(context, "", format.getDataset(), answer);
        if (sent.bad()) {
            return sent;
        }
        if (is_success(answer)) {
            file.stored = true;
            ++summary.stored;
        } else {
            give_up(file, summary, peer_.name() + " did not store it: " + status_words(answer),
                    "ask its operator");
        }
        return EC_Normal;
    }

    const Peer& peer_;
    const SendOptions& options_;
    const SecureLayer& layer_;
    std::optional<Association> scu_;
    std::string broken_by_;
};

}  // namespace

Result<SendSummary> send_files(std::span<const std::filesystem::path> files, const Peer& peer,
                               const SendOptions& options) {
    SendSummary summary;
    std::vector<Outgoing> all;
    for (const auto& file : files) {
        auto made = outgoing(file);
        if (made) {
            all.push_back(std::move(*made));
        } else {
            summary.failures.push_back(made.error());
        }
    }
    if (all.empty()) {
        return summary;
    }
    const auto layer = secure_layer(peer, options.network.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    Session session(peer, options, *layer);
    bool broke = true;
    for (int attempt = 1; broke && attempt <= options.network.attempts; ++attempt) {
        const auto done = session.store(all, summary);
        if (!done) {
            return tl::unexpected(done.error());
        }
        broke = *done;
    }
    for (Outgoing& file : all) {
        if (!file.stored && !file.given_up) {
            summary.failures.push_back({ErrorKind::io, file.file.string(),
                                        "not stored: the association with " + peer.name() +
                                            " broke (" + session.broken_by() + ")",
                                        "send it again"});
        }
    }
    if (!broke) {
        if (options.commit) {
            session.commit(all, summary);
        }
        session.close();
    }
    return summary;
}

Result<void> verify_peer(const Peer& peer, const NetworkOptions& options) {
    const auto layer = secure_layer(peer, options.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    DcmSCU scu;
    auto opened =
        open_association(scu, *layer, peer, options,
                         {{UID_VerificationSOPClass, {UID_LittleEndianImplicitTransferSyntax}}});
    if (!opened) {
        return opened;
    }
    const OFCondition echoed = scu.sendECHORequest(0);
    scu.releaseAssociation();
    if (echoed.bad()) {
        return tl::unexpected(network_error(peer, echoed));
    }
    return {};
}

}  // namespace dsm
