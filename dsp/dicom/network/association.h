// An association that this program opens. Private to dsp/dicom.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"
#include "dsp/dicom/network/secure_layer.h"

class DcmSCU;
class OFCondition;

namespace dsm::dicom {

struct ProposedContext {
    std::string abstract_syntax;
    std::vector<std::string> transfer_syntaxes;
    bool we_receive{false};  // SCP role, for C-GET
    friend bool operator==(const ProposedContext&, const ProposedContext&) = default;
};

// Titles, time limits and contexts into `scu`, then connects, over `layer` where there is one, and
// negotiates, `attempts` times with growing pauses where the peer cannot be reached; a peer that
// refuses, or that TLS refuses, is not asked again.
// Errors name the peer: not_found (no connection), unsupported (rejected, nothing accepted).
[[nodiscard]] Result<void> open_association(DcmSCU& scu, const SecureLayer& layer, const Peer& peer,
                                            const NetworkOptions& options,
                                            const std::vector<ProposedContext>& contexts);

// What went wrong on the way, in one line.
[[nodiscard]] Error network_error(const Peer& peer, const OFCondition& status);
// "out of resources (a700)" and so on, of a DIMSE status that is neither success nor warning.
[[nodiscard]] std::string status_words(unsigned status);
[[nodiscard]] inline bool is_success(unsigned status) {
    return status == 0x0000 || (status & 0xF000U) == 0xB000U;
}

}  // namespace dsm::dicom
