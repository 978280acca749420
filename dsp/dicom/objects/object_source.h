// What every object made from a run shares: the run it refers to, the patient and study it belongs
// to, the series it is filed in, who made it and when.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "dsp/core/result.h"
#include "dsp/core/run_info.h"

class DcmDataset;

namespace dsm {

namespace dicom {
class AttributeWriter;
}

// Objects written from one ObjectSource with the same modality share a series. Not thread-safe.
class ObjectSource {
 public:
    // Reads the header of the run at `run_file`. Errors: it cannot be read, or it lacks a SOP
    // Instance, Series or Study UID, so that nothing can refer to it.
    [[nodiscard]] static Result<ObjectSource> open(const std::filesystem::path& run_file,
                                                   std::string author);
    // The same for a run whose frames may be objects of their own: the first one's header.
    [[nodiscard]] static Result<ObjectSource> open(const RunInfo& run, std::string author);
    ObjectSource(ObjectSource&&) noexcept;
    ObjectSource& operator=(ObjectSource&&) noexcept;
    ObjectSource(const ObjectSource&) = delete;
    ObjectSource& operator=(const ObjectSource&) = delete;
    ~ObjectSource();

    [[nodiscard]] const RunInfo& info() const { return info_; }
    [[nodiscard]] const std::string& author() const { return author_; }        // may be empty
    [[nodiscard]] const std::string& made_date() const { return made_date_; }  // "20260301"
    [[nodiscard]] const std::string& made_time() const { return made_time_; }  // "093000"
    // The source's header in UTF-8, without pixels and private attributes. For dsp/dicom.
    [[nodiscard]] DcmDataset& header() const { return *header_; }

    struct Series {
        std::string uid;
        int number{0};
        int instances{0};
    };
    // The series for this kind of object, one instance further.
    [[nodiscard]] const Series& next_instance(const std::string& kind);

 private:
    ObjectSource();

    RunInfo info_;
    std::string author_, made_date_, made_time_;
    std::unique_ptr<DcmDataset> header_;
    std::map<std::string, Series> series_;
};

// One instance, as others refer to it.
struct ObjectReference {
    std::string sop_class_uid;
    std::string sop_instance_uid;
    std::string series_instance_uid;
    friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

struct ObjectKind {
    std::string sop_class_uid;
    std::string modality;            // "PR"
    std::string series_description;  // also tells the series of one modality apart
};

}  // namespace dsm
