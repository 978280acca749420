#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>

#include "dsp/dicom/charset.h"
#include "dsp/dicom/network/find_keys.h"
#include "dsp/dicom/network/web/http.h"
#include "dsp/dicom/network/web/web_client.h"

namespace dsm::dicom {
namespace {

using nlohmann::json;

constexpr std::size_t kPage = 500;
constexpr std::size_t kMostBytes = std::size_t{64} << 20U;  // of a page

std::string hex_of(Tag tag) {
    char text[9];
    std::snprintf(text, sizeof text, "%04X%04X", unsigned{tag.group}, unsigned{tag.element});
    return text;
}

Result<std::string> resource(const FindQuery& query) {
    for (const std::string& uid : {query.study_uid, query.series_uid, query.instance_uid}) {
        if (!uid.empty() && !is_uid(uid)) {
            return fail(ErrorKind::invalid_input, "'" + printable_utf8(uid) + "'", "is no UID",
                        "write it in digits and dots");
        }
    }
    std::string path;
    if (query.level != FindLevel::study && !query.study_uid.empty()) {
        path += "/studies/" + query.study_uid;
        if (query.level == FindLevel::image && !query.series_uid.empty()) {
            path += "/series/" + query.series_uid;
        }
    }
    switch (query.level) {
        case FindLevel::study:
            return path + "/studies";
        case FindLevel::series:
            return path + "/series";
        case FindLevel::image:
            break;
    }
    return path + "/instances";
}

std::string question(const FindQuery& query, std::size_t limit, std::size_t offset) {
    std::string text = "?limit=" + std::to_string(limit) + "&offset=" + std::to_string(offset);
    for (const FindKey& key : kFindKeys) {
        if (is_asked(key, query.level)) {
            text += "&includefield=" + hex_of(key.tag);
        }
    }
    const auto restrict_to = [&](const char* keyword, const std::string& value) {
        if (!value.empty()) {
            text += std::string("&") + keyword + "=" + percent_encoded(value);
        }
    };
    restrict_to("PatientName", query.patient_name);
    restrict_to("PatientID", query.patient_id);
    restrict_to("StudyDate", query.study_date);
    restrict_to("AccessionNumber", query.accession_number);
    restrict_to(query.level == FindLevel::study ? "ModalitiesInStudy" : "Modality", query.modality);
    const bool study_in_path = query.level != FindLevel::study && !query.study_uid.empty();
    const bool series_in_path = study_in_path && query.level == FindLevel::image;
    restrict_to("StudyInstanceUID", study_in_path ? "" : query.study_uid);
    restrict_to("SeriesInstanceUID", series_in_path ? "" : query.series_uid);
    restrict_to("SOPInstanceUID", query.instance_uid);
    return text;
}

// A value of the DICOM JSON model (PS3.18 F.2.2): text, a number, or a person's name in parts.
std::string value_text(const json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    if (value.is_number()) {
        return value.dump();
    }
    std::string name;
    if (value.is_object()) {
        for (const char* part : {"Alphabetic", "Ideographic", "Phonetic"}) {
            const auto found = value.find(part);
            name += found != value.end() && found->is_string() ? found->get<std::string>() : "";
            name += '=';
        }
        name.erase(name.find_last_not_of('=') + 1);
    }
    return name;
}

FindMatch match_of(const json& item) {
    FindMatch match;
    for (const FindKey& key : kFindKeys) {
        const auto attribute = item.find(hex_of(key.tag));
        if (attribute == item.end() || !attribute->is_object()) {
            continue;
        }
        const auto values = attribute->find("Value");
        if (values == attribute->end() || !values->is_array()) {
            continue;
        }
        std::string text;
        for (const json& value : *values) {
            text += (text.empty() ? "" : "\\") + value_text(value);
        }
        if (!text.empty()) {
            match[key.keyword] = printable_utf8(text);
        }
    }
    return match;
}

std::string key_of(const FindMatch& match) {
    std::string key;
    for (const char* keyword : {"StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"}) {
        const auto found = match.find(keyword);
        key += found == match.end() ? "/" : "/" + found->second;
    }
    return key;
}

}  // namespace

bool is_uid(const std::string& text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("0123456789.") == std::string::npos;
}

Result<std::vector<FindMatch>> find_on_web(const WebArchive& archive, const NetworkOptions& options,
                                           const FindQuery& query) {
    const auto where = resource(query);
    if (!where) {
        return tl::unexpected(where.error());
    }
    auto client = HttpClient::open(archive, options);
    if (!client) {
        return tl::unexpected(client.error());
    }
    std::vector<FindMatch> matches;
    std::set<std::string> seen;
    for (std::size_t offset = 0; matches.size() < query.most;) {
        const std::size_t limit = std::min(kPage, query.most - matches.size());
        std::string text;
        HttpRequest request;
        request.path = *where + question(query, limit, offset);
        request.accept = "application/dicom+json";
        const auto answer = (*client)->send(request, into_text(text, kMostBytes), {200, 204, 206});
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        const json page = text.empty() ? json::array() : json::parse(text, nullptr, false);
        if (!page.is_array()) {
            return fail(ErrorKind::unreadable, archive.url, "its answer is not DICOM JSON",
                        "check that the URL is the base of a DICOMweb service");
        }
        const std::size_t before = matches.size();
        for (const json& item : page) {
            FindMatch match = item.is_object() ? match_of(item) : FindMatch();
            // A service that knows no offset sends the same again.
            if (!match.empty() && matches.size() < query.most &&
                seen.insert(key_of(match)).second) {
                matches.push_back(std::move(match));
            }
        }
        offset += page.size();
        if (page.size() < limit || matches.size() == before) {
            break;
        }
    }
    return matches;
}

}  // namespace dsm::dicom
