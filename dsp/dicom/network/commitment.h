// Storage Commitment Push Model (PS3.4 J.3): the peer answers for what it stored.
// Private to dsp/dicom.
#pragma once

#include <string>
#include <vector>

#include "dsp/dicom/network/sender.h"

class DcmSCU;

namespace dsm::dicom {

struct ObjectUids {
    std::string sop_class;
    std::string instance;
};

// Asks on the open association and waits for the answer, there or on options.commit_port. The
// outcome is in `summary`; a peer that does not answer is no error: the objects are stored.
void ask_for_commitment(DcmSCU& scu, const std::vector<ObjectUids>& stored,
                        const SendOptions& options, SendSummary& summary);

}  // namespace dsm::dicom
