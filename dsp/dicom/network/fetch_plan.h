// What of an archive's list is not in the folder yet, and where it is kept until it is whole.
// Private to dsp/dicom.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/dicom/network/fetcher.h"
#include "dsp/dicom/network/finder.h"

namespace dsm::dicom {

struct ListedObject {
    std::string series, instance, sop_class;
};

// Asks for all objects that `request` names.
[[nodiscard]] FindQuery query_for(const FetchRequest& request);

class FetchPlan {
 public:
    // Makes the folder. Errors: the list is empty, the folder cannot be made.
    [[nodiscard]] static Result<FetchPlan> make(const std::string& archive,
                                                const std::vector<FindMatch>& listed,
                                                const FetchRequest& request);
    [[nodiscard]] const std::vector<ListedObject>& missing() const { return missing_; }
    [[nodiscard]] std::size_t already_there() const { return listed_ - missing_.size(); }
    [[nodiscard]] std::size_t listed() const { return listed_; }
    // What is in the folder now, counted anew.
    [[nodiscard]] FetchSummary summary() const;

 private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& instance) const;

    std::filesystem::path folder_;
    std::vector<std::string> instances_;
    std::vector<ListedObject> missing_;
    std::size_t listed_{0};
};

// A folder of this process for parts, below `folder`; gone with the object. Those of processes
// that were killed go when one is made.
class PartsFolder {
 public:
    explicit PartsFolder(const std::filesystem::path& folder);
    ~PartsFolder();
    PartsFolder(const PartsFolder&) = delete;
    PartsFolder& operator=(const PartsFolder&) = delete;
    PartsFolder(PartsFolder&&) = delete;
    PartsFolder& operator=(PartsFolder&&) = delete;

    // A name for the next part.
    [[nodiscard]] std::filesystem::path next();

 private:
    std::filesystem::path all_, ours_;
    int count_{0};
};

}  // namespace dsm::dicom
