#include "dsp/dicom/network/association.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dcmtrans.h>
#include <dcmtk/dcmnet/scu.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

#include "dsp/dicom/dicom_file.h"

namespace dsm::dicom {
namespace {

std::string one_line(std::string words) {
    std::replace(words.begin(), words.end(), '\n', ' ');
    return words.substr(0, 200);
}

// Rejected by the peer, as opposed to not reached.
bool is_refusal(const OFCondition& status) {
    return status == DUL_ASSOCIATIONREJECTED || status == NET_EC_NoAcceptablePresentationContexts;
}

// DcmSCU keeps this for its heirs.
struct Securing : DcmSCU {
    using DcmSCU::useSecureConnection;
};

// What DCMTK says when TLS cannot be agreed on.
bool is_of_tls(const OFCondition& status) {
    return status.module() == OFM_dcmtls ||
           (status.module() == OFM_dcmnet && status.code() == DULC_TLSERROR);
}

Error tls_error(const Peer& peer, const std::string& words) {
    const auto says = [&](const char* part) { return words.find(part) != std::string::npos; };
    if (says("certificate verify failed") || says("ertificate") || says("issuer")) {
        return {ErrorKind::unsupported, peer.name(), "its certificate is not trusted: " + words,
                "name its authority by --ca, and the host as the certificate does"};
    }
    return {ErrorKind::unsupported, peer.name(), "TLS was not agreed on: " + words,
            "check that this port speaks TLS (else leave --tls out), and whether it wants --cert "
            "and --key"};
}

}  // namespace

Error network_error(const Peer& peer, const OFCondition& status) {
    if (status == DUL_ASSOCIATIONREJECTED) {
        return {ErrorKind::unsupported, peer.name(),
                "refused the association: " + one_line(status.text()),
                "check both AE titles and that it knows us"};
    }
    if (status == NET_EC_NoAcceptablePresentationContexts) {
        return {ErrorKind::unsupported, peer.name(), "accepts nothing of what was proposed",
                "check what it supports"};
    }
    if (is_of_tls(status)) {
        return tls_error(peer, one_line(status.text()));
    }
    return {ErrorKind::not_found, peer.name(), one_line(status.text()),
            "check host, port and that it is running"};
}

std::string status_words(unsigned status) {
    std::array<char, 8> code{};
    std::snprintf(code.data(), code.size(), "%04x", status);
    const std::string number = std::string(" (") + code.data() + ")";
    if ((status & 0xFF00U) == 0xA700U) {
        return "out of resources" + number;
    }
    if ((status & 0xFF00U) == 0xA900U) {
        return "the object is not of the class announced" + number;
    }
    if ((status & 0xF000U) == 0xC000U) {
        return "not understood" + number;
    }
    if (status == 0x0122) {
        return "class not supported" + number;
    }
    if (status == 0x0124) {
        return "not authorised" + number;
    }
    return "failed" + number;
}

Result<void> open_association(DcmSCU& scu, const SecureLayer& layer, const Peer& peer,
                              const NetworkOptions& options,
                              const std::vector<ProposedContext>& contexts) {
    prepare_library();
    dcmSocketReceiveTimeout.set(options.reply_s);
    dcmSocketSendTimeout.set(options.reply_s);
    scu.setAETitle(options.aet.c_str());
    scu.setPeerAETitle(peer.aet.c_str());
    scu.setPeerHostName(peer.host.c_str());
    scu.setPeerPort(static_cast<Uint16>(peer.port));
    scu.setConnectionTimeout(options.connect_s);
    scu.setDIMSEBlockingMode(DIMSE_NONBLOCKING);
    scu.setDIMSETimeout(static_cast<Uint32>(options.reply_s));
    scu.setACSETimeout(static_cast<Uint32>(options.reply_s));
    scu.setMaxReceivePDULength(131072);
    for (const ProposedContext& context : contexts) {
        OFList<OFString> syntaxes;
        for (const std::string& syntax : context.transfer_syntaxes) {
            syntaxes.push_back(syntax.c_str());
        }
        scu.addPresentationContext(context.abstract_syntax.c_str(), syntaxes,
                                   context.we_receive ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
    }
    OFCondition status = scu.initNetwork();
    if (status.good() && layer) {
        status = (scu.*&Securing::useSecureConnection)(layer.get());
    }
    for (int attempt = 1; status.good(); ++attempt) {
        status = scu.negotiateAssociation();
        if (status.good() || is_refusal(status) || is_of_tls(status) ||
            attempt >= options.attempts) {
            break;
        }
        status = EC_Normal;
        std::this_thread::sleep_for(std::chrono::seconds(attempt));
    }
    if (status == DUL_PEERABORTEDASSOCIATION) {
        return fail(ErrorKind::not_found, peer.name(), "closed the connection without an answer",
                    layer ? "check the port, and whether it wants --cert and --key"
                          : "check the port, and whether it wants --tls");
    }
    if (status.bad()) {
        return tl::unexpected(network_error(peer, status));
    }
    return {};
}

}  // namespace dsm::dicom
