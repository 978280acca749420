#include "dsp/dicom/network/finder.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/scu.h>

#include <algorithm>
#include <utility>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/charset.h"
#include "dsp/dicom/network/association.h"
#include "dsp/dicom/network/find_keys.h"
#include "dsp/dicom/network/secure_layer.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm {
namespace {

using namespace dicom;

const char* word_of(FindLevel level) {
    switch (level) {
        case FindLevel::study:
            return "STUDY";
        case FindLevel::series:
            return "SERIES";
        case FindLevel::image:
            break;
    }
    return "IMAGE";
}

void put_query(DcmDataset& data, const FindQuery& query) {
    AttributeWriter to(data);
    to.text({0x0008, 0x0005}, "ISO_IR 192");
    to.text({0x0008, 0x0052}, word_of(query.level));
    for (const FindKey& key : kFindKeys) {
        if (is_asked(key, query.level)) {
            to.empty(key.tag);
        }
    }
    const auto restrict_to = [&](Tag tag, const std::string& value) {
        if (!value.empty()) {
            to.text(tag, value);
        }
    };
    restrict_to({0x0010, 0x0010}, query.patient_name);
    restrict_to({0x0010, 0x0020}, query.patient_id);
    restrict_to({0x0008, 0x0020}, query.study_date);
    restrict_to({0x0008, 0x0050}, query.accession_number);
    restrict_to(query.level == FindLevel::study ? Tag{0x0008, 0x0061} : Tag{0x0008, 0x0060},
                query.modality);
    restrict_to({0x0020, 0x000D}, query.study_uid);
    restrict_to({0x0020, 0x000E}, query.series_uid);
    restrict_to({0x0008, 0x0018}, query.instance_uid);
}

// Keeps at most so many answers, and takes each as it comes.
class Finder : public DcmSCU {
 public:
    explicit Finder(std::size_t most) : most_(most) {}

    OFCondition handleFINDResponse(const T_ASC_PresentationContextID context, QRResponse* response,
                                   OFBool& wait_for_next) override {
        const OFCondition status = DcmSCU::handleFINDResponse(context, response, wait_for_next);
        if (response != nullptr) {
            status_ = response->m_status;
            if (response->m_dataset != nullptr && matches.size() < most_) {
                take(*response->m_dataset);
            }
            if (matches.size() >= most_ && wait_for_next) {
                sendCANCELRequest(context);
            }
        }
        return status;
    }

    [[nodiscard]] unsigned final_status() const { return status_; }
    std::vector<FindMatch> matches;

 private:
    void take(DcmDataset& data) {
        TextReader reader(data);
        FindMatch match;
        for (const FindKey& key : kFindKeys) {
            const std::string value = std::string(key.keyword) == "PatientName"
                                          ? reader.read_person(key.tag)
                                          : reader.read(key.tag);
            if (!value.empty()) {
                match[key.keyword] = value;
            }
        }
        matches.push_back(std::move(match));
    }

    std::size_t most_;
    unsigned status_{0};
};

}  // namespace

Result<std::vector<FindMatch>> find_in_archive(const Peer& peer, const NetworkOptions& options,
                                               const FindQuery& query) {
    const auto layer = secure_layer(peer, options.tls);
    if (!layer) {
        return tl::unexpected(layer.error());
    }
    Finder finder(query.most);
    const ProposedContext context{
        UID_FINDStudyRootQueryRetrieveInformationModel,
        {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax}};
    if (auto opened = open_association(finder, *layer, peer, options, {context}); !opened) {
        return tl::unexpected(opened.error());
    }
    DcmDataset data;
    put_query(data, query);
    const T_ASC_PresentationContextID id =
        finder.findAnyPresentationContextID(UID_FINDStudyRootQueryRetrieveInformationModel, "");
    const OFCondition found = finder.sendFINDRequest(id, &data, nullptr);
    finder.releaseAssociation();
    if (found.bad()) {
        return tl::unexpected(network_error(peer, found));
    }
    constexpr unsigned kCancelled = 0xFE00;
    if (!is_success(finder.final_status()) && finder.final_status() != kCancelled) {
        return fail(ErrorKind::unsupported, peer.name(),
                    "refused the query: " + status_words(finder.final_status()),
                    "ask its operator");
    }
    return std::move(finder.matches);
}

}  // namespace dsm
