// TLS under DICOM (PS3.15 B.12, the BCP 195 profile without downgrading: TLS 1.2 and up).
// Private to dsp/dicom.
#pragma once

#include <memory>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

class DcmTransportLayer;

namespace dsm::dicom {

// Null for plain connections. Declare it before the association that uses it.
using SecureLayer = std::shared_ptr<DcmTransportLayer>;

// For an association we open: the peer's certificate has to be vouched for and name its host.
[[nodiscard]] Result<SecureLayer> secure_layer(const Peer& peer, const TlsOptions& tls);
// For those we accept: our certificate is needed; with `tls.authorities` a sender has to show one
// that these vouch for, without them none is asked for.
[[nodiscard]] Result<SecureLayer> accepting_layer(const TlsOptions& tls);

}  // namespace dsm::dicom
