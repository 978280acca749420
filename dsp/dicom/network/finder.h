// Asks an archive what it holds: C-FIND by the Study Root model (PS3.4 C).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/peer.h"

namespace dsm {

enum class FindLevel { study, series, image };

// What to look for; empty: not restricted. Wildcards * and ? and ranges (20260101-20260131) are the
// archive's to interpret.
struct FindQuery {
    FindLevel level{FindLevel::study};
    std::string patient_name, patient_id, study_date, accession_number, modality;
    std::string study_uid, series_uid, instance_uid;
    std::size_t most{1000};  // answers; more are cancelled
};

// By keyword: "PatientName", "StudyInstanceUID" and so on, in UTF-8; absent where the archive is
// silent.
using FindMatch = std::map<std::string, std::string>;

[[nodiscard]] Result<std::vector<FindMatch>> find_in_archive(const Peer& peer,
                                                             const NetworkOptions& options,
                                                             const FindQuery& query);

}  // namespace dsm
