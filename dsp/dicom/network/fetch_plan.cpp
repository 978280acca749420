#include "dsp/dicom/network/fetch_plan.h"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <set>
#include <system_error>

#include "dsp/dicom/network/receiver.h"
#include "dsp/dicom/network/receiver_worker.h"

namespace dsm::dicom {
namespace {

namespace fs = std::filesystem;

std::string of(const FindMatch& match, const char* key) {
    const auto found = match.find(key);
    return found == match.end() ? "" : found->second;
}

// "1234" and "1234-5" are of process 1234.
bool is_of_the_dead(const std::string& name) {
    int process = 0;
    const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), process);
    const bool named =
        status == std::errc{} && process > 0 && (end == name.data() + name.size() || *end == '-');
    return named && ::kill(process, 0) != 0 && errno == ESRCH;
}

}  // namespace

FindQuery query_for(const FetchRequest& request) {
    FindQuery query;
    query.level = FindLevel::image;
    query.study_uid = request.study_uid;
    query.series_uid = request.series_uid;
    query.instance_uid = request.instance_uid;
    query.most = 100'000;
    return query;
}

Result<FetchPlan> FetchPlan::make(const std::string& archive, const std::vector<FindMatch>& listed,
                                  const FetchRequest& request) {
    FetchPlan plan;
    plan.folder_ = request.folder;
    std::error_code problem;
    fs::create_directories(request.folder, problem);
    if (problem) {
        return fail(ErrorKind::io, request.folder.string(), "cannot be made: " + problem.message(),
                    "choose another folder");
    }
    std::set<std::string> seen;
    for (const FindMatch& match : listed) {
        const std::string instance = of(match, "SOPInstanceUID");
        if (instance.empty() || !seen.insert(instance).second) {
            continue;
        }
        plan.instances_.push_back(instance);
        if (!fs::exists(plan.file_of(instance), problem)) {
            plan.missing_.push_back(
                {of(match, "SeriesInstanceUID"), instance, of(match, "SOPClassUID")});
        }
    }
    plan.listed_ = plan.instances_.size();
    if (plan.listed_ == 0) {
        return fail(ErrorKind::not_found, archive, "holds nothing of that UID",
                    "look with dsm find");
    }
    return plan;
}

fs::path FetchPlan::file_of(const std::string& instance) const {
    return folder_ / file_name_of_instance(instance);
}

FetchSummary FetchPlan::summary() const {
    FetchSummary summary;
    summary.already_there = already_there();
    std::error_code problem;
    for (const std::string& instance : instances_) {
        if (fs::exists(file_of(instance), problem)) {
            summary.files.push_back(file_of(instance));
        } else {
            ++summary.missing;
        }
    }
    return summary;
}

PartsFolder::PartsFolder(const fs::path& folder) : all_(folder / kPartsFolder) {
    static std::atomic<int> made{0};
    ours_ = all_ / (std::to_string(::getpid()) + "-" + std::to_string(++made));
    std::error_code problem;
    fs::create_directories(ours_, problem);
    for (const auto& entry : fs::directory_iterator(all_, problem)) {
        if (is_of_the_dead(entry.path().filename().string())) {
            fs::remove_all(entry.path(), problem);
        }
    }
}

PartsFolder::~PartsFolder() {
    std::error_code ignored;
    fs::remove_all(ours_, ignored);
    fs::remove(all_, ignored);  // only where it is empty
}

fs::path PartsFolder::next() {
    return ours_ / (std::to_string(++count_) + ".part");
}

}  // namespace dsm::dicom
