#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

#include "dsp/dicom/attributes.h"
#include "dsp/dicom/dicom_file.h"
#include "dsp/dicom/network/fetch_plan.h"
#include "dsp/dicom/network/receiver_worker.h"
#include "dsp/dicom/network/web/http.h"
#include "dsp/dicom/network/web/multipart.h"
#include "dsp/dicom/network/web/web_client.h"

namespace dsm::dicom {
namespace {

namespace fs = std::filesystem;

// The one DICOM object of an answer, into a file: a multipart answer's single part, or, as some
// services send a single instance, the object itself.
class ObjectFile {
 public:
    ObjectFile(fs::path file, std::uint64_t most_bytes)
        : file_(std::move(file)), most_bytes_(most_bytes) {}

    AnswerSink sink() {
        return {[this](const HttpAnswer& answer) { return begin(answer); },
                [this](std::string_view bytes) {
                    return multipart() ? parts_.front().feed(bytes) : take(bytes);
                },
                [this] { return end(); }};
    }

 private:
    [[nodiscard]] bool multipart() const { return !parts_.empty(); }

    Result<void> begin(const HttpAnswer& answer) {
        parts_.clear();
        count_ = 0;
        const std::string boundary = multipart_boundary(answer.content_type);
        if (!boundary.empty()) {
            parts_.emplace_back(boundary, PartSink{[this] { return open(); },
                                                   [this](std::string_view b) { return take(b); },
                                                   [] { return Result<void>(); }});
            return {};
        }
        if (answer.content_type.starts_with("application/dicom") &&
            !answer.content_type.starts_with("application/dicom+")) {
            return open();
        }
        return fail(ErrorKind::unreadable, {}, "its answer is not DICOM",
                    "check that the URL is the base of a DICOMweb service");
    }

    Result<void> open() {
        if (++count_ > 1) {
            return fail(ErrorKind::unreadable, {}, "sent several objects where one was asked for",
                        "ask its operator");
        }
        bytes_ = 0;
        out_ = std::ofstream(file_, std::ios::binary | std::ios::trunc);
        return out_ ? Result<void>() : cannot_write();
    }

    Result<void> take(std::string_view bytes) {
        bytes_ += bytes.size();
        if (bytes_ > most_bytes_) {
            return fail(ErrorKind::unsupported, {},
                        "sent an object of more than " + std::to_string(most_bytes_ >> 20U) + " MB",
                        "fetch it by other means");
        }
        errno = 0;
        return out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))
                   ? Result<void>()
                   : cannot_write();
    }

    Result<void> end() {
        out_.close();
        if (!out_) {
            return cannot_write();
        }
        if (count_ == 0 || (multipart() && !parts_.front().finished())) {
            return fail(ErrorKind::unreadable, {}, "its answer ends before the object does",
                        "fetch again");
        }
        return {};
    }

    [[nodiscard]] Result<void> cannot_write() const {
        const std::string why = errno == 0 ? "" : ": " + std::generic_category().message(errno);
        return fail(ErrorKind::io, file_.parent_path().string(), "cannot be written to" + why,
                    "check the disk");
    }

    fs::path file_;
    std::uint64_t most_bytes_;
    std::vector<MultipartReader> parts_;  // one, of a multipart answer
    std::ofstream out_;
    std::uint64_t bytes_{0};
    int count_{0};
};

// That the file is whole and the object that was asked for.
Result<void> check(const fs::path& part, const std::string& instance) {
    const auto loaded = DicomFile::load(part);
    if (!loaded || !(*loaded)->damage().empty()) {
        return fail(
            ErrorKind::unreadable, {},
            "sent a damaged object (" + (loaded ? (*loaded)->damage() : loaded.error().what) + ")",
            "fetch again");
    }
    if (text((*loaded)->dataset(), {0x0008, 0x0018}) != instance) {
        return fail(ErrorKind::unreadable, {}, "sent another object than was asked for",
                    "ask its operator");
    }
    return {};
}

Result<void> fetch_one(HttpClient& client, const FetchRequest& request, const ListedObject& object,
                       PartsFolder& parts) {
    if (!is_uid(object.series) || !is_uid(object.instance)) {
        return fail(ErrorKind::unreadable, {}, "lists an object without proper UIDs",
                    "ask its operator");
    }
    const fs::path part = parts.next();
    const TemporaryFile gone_in_the_end(part);
    ObjectFile file(part, request.largest_object_bytes);
    HttpRequest get;
    get.path = "/studies/" + request.study_uid + "/series/" + object.series + "/instances/" +
               object.instance;
    get.accept = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
    if (auto got = client.send(get, file.sink(), {200}, request.stop); !got) {
        return tl::unexpected(got.error());
    }
    if (auto whole = check(part, object.instance); !whole) {
        return whole;
    }
    const auto kept = keep_received(part, request.folder, object.instance);
    return kept ? Result<void>() : tl::unexpected(kept.error());
}

}  // namespace

Result<FetchSummary> fetch_from_web(const WebArchive& archive, const NetworkOptions& options,
                                    const FetchRequest& request) {
    prepare_library();
    const auto listed = find_on_web(archive, options, query_for(request));
    if (!listed) {
        return tl::unexpected(listed.error());
    }
    const auto plan = FetchPlan::make(archive.url, *listed, request);
    if (!plan) {
        return tl::unexpected(plan.error());
    }
    auto client = HttpClient::open(archive, options);
    if (!client) {
        return tl::unexpected(client.error());
    }
    PartsFolder parts(request.folder);
    std::vector<std::string> problems;
    std::size_t done = plan->already_there();
    for (const ListedObject& object : plan->missing()) {
        const auto fetched = fetch_one(**client, request, object, parts);
        if (fetched) {
            ++done;
            if (request.on_progress) {
                request.on_progress(done, plan->listed());
            }
            continue;
        }
        // One bad object is no reason to give up the rest; a peer that is gone, or a full disk, is.
        const Error& error = fetched.error();
        if (error.kind != ErrorKind::unreadable && error.kind != ErrorKind::unsupported) {
            return tl::unexpected(error);
        }
        problems.push_back(error.what);
    }
    FetchSummary summary = plan->summary();
    summary.problems = std::move(problems);
    return summary;
}

}  // namespace dsm::dicom
