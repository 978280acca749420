#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/network/association.h"
#include "dsp/dicom/network/file_to_send.h"
#include "dsp/dicom/network/web/http.h"
#include "dsp/dicom/network/web/web_client.h"
#include "dsp/dicom/objects/attribute_writer.h"

namespace dsm::dicom {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMostAnswerBytes = std::size_t{4} << 20U;

bool has_preamble(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    char start[132] = {};
    return in.read(start, sizeof start) && std::string(start + 128, 4) == "DICM";
}

// Failure Reason (0008,1197) of the first item of Failed SOP Sequence (0008,1198); nothing where
// the service reports none (PS3.18 10.5.3).
std::optional<int> failure_in(const std::string& text) {
    const json answer = text.empty() ? json() : json::parse(text, nullptr, false);
    if (!answer.is_object()) {
        return std::nullopt;
    }
    const auto first = [](const json& item, const char* tag) -> const json* {
        const auto attribute = item.find(tag);
        if (attribute == item.end() || !attribute->is_object()) {
            return nullptr;
        }
        const auto values = attribute->find("Value");
        return values == attribute->end() || !values->is_array() || values->empty()
                   ? nullptr
                   : &values->front();
    };
    const json* failed = first(answer, "00081198");
    if (failed == nullptr || !failed->is_object()) {
        return std::nullopt;
    }
    const json* reason = first(*failed, "00081197");
    return reason != nullptr && reason->is_number_integer() ? reason->get<int>() : 0;
}

class WebSender {
 public:
    WebSender(const WebArchive& archive, HttpClient& client, std::stop_token stop)
        : archive_(archive), client_(client), stop_(std::move(stop)) {}

    // Errors of the file are in the file's name; others end the sending.
    Result<void> send(const fs::path& file) {
        if (const auto loaded = load_to_send(file); !loaded) {
            return tl::unexpected(loaded.error());
        }
        if (has_preamble(file)) {
            return post(file, file);
        }
        // A bare data set gets its file meta information, which a web service needs.
        const TemporaryFile whole(fs::temp_directory_path() / (new_uid() + ".dcm"));
        DcmFileFormat format;
        OFCondition made = format.loadFile(file.c_str());
        if (made.good()) {
            made = format.saveFile(whole.path().c_str(), format.getDataset()->getOriginalXfer());
        }
        if (made.bad()) {
            return fail(ErrorKind::io, file.string(),
                        std::string("cannot be completed: ") + made.text(), "check the disk");
        }
        return post(whole.path(), file);
    }

 private:
    Result<void> post(const fs::path& content, const fs::path& file) {
        const std::string boundary = "dsm-" + new_uid();
        HttpRequest request;
        request.path = "/studies";
        request.accept = "application/dicom+json";
        request.content_type =
            "multipart/related; type=\"application/dicom\"; boundary=" + boundary;
        request.head = "--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n";
        request.tail = "\r\n--" + boundary + "--\r\n";
        request.file = content;
        std::string answer;
        const auto sent = client_.send(request, into_text(answer, kMostAnswerBytes),
                                       {200, 202, 400, 409, 413, 415, 422, 500}, stop_);
        if (!sent) {
            return tl::unexpected(sent.error());
        }
        const auto reason = failure_in(answer);
        if (!reason && sent->status < 300) {
            return {};
        }
        const std::string why = reason && *reason != 0
                                    ? status_words(static_cast<unsigned>(*reason))
                                    : "HTTP " + std::to_string(sent->status);
        return fail(ErrorKind::unsupported, file.string(),
                    archive_.url + " did not store it: " + why, "ask its operator");
    }

    const WebArchive& archive_;
    HttpClient& client_;
    std::stop_token stop_;
};

}  // namespace

Result<SendSummary> send_to_web(const WebArchive& archive, std::span<const fs::path> files,
                                const SendOptions& options) {
    prepare_library();
    auto client = HttpClient::open(archive, options.network);
    if (!client) {
        return tl::unexpected(client.error());
    }
    SendSummary summary;
    summary.commitment = options.commit ? Commitment::not_offered : Commitment::not_asked;
    WebSender sender(archive, **client, options.stop);
    for (const fs::path& file : files) {
        const auto sent = sender.send(file);
        if (sent) {
            ++summary.stored;
        } else if (sent.error().subject == archive.url) {
            Error error = sent.error();
            error.what += "; " + std::to_string(summary.stored) + " of " +
                          std::to_string(files.size()) + " files were stored before";
            return tl::unexpected(error);
        } else {
            summary.failures.push_back(sent.error());
        }
        if (options.on_progress) {
            options.on_progress(static_cast<double>(summary.stored + summary.failures.size()) /
                                static_cast<double>(files.size()));
        }
    }
    return summary;
}

}  // namespace dsm::dicom
