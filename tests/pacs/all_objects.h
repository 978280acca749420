// One of every object we write, full of content, made from a small run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dsp/review/review.h"
#include "tests/support/support.h"

namespace dsm::test {

// UIDs of the run that all of them refer to.
inline constexpr const char* kStudy = "1.2.826.0.1.3680043.9.8.2";
inline constexpr const char* kSeries = "1.2.826.0.1.3680043.9.8.3";
inline constexpr const char* kInstance = "1.2.826.0.1.3680043.9.8.1";

struct MadeObject {
    std::filesystem::path file;
    std::string iod;  // as dciodvfy names it; empty where it knows none
};

class AllObjects {
 public:
    AllObjects();
    [[nodiscard]] const std::vector<MadeObject>& objects() const { return objects_; }
    [[nodiscard]] const MadeObject& object(const std::string& name) const;
    [[nodiscard]] std::filesystem::path run() const { return folder_.path() / "run.dcm"; }
    // The marks the presentation states carry.
    [[nodiscard]] const RunReview& review() const { return review_; }

 private:
    TemporaryFolder folder_;
    RunReview review_;
    std::vector<MadeObject> objects_;
};

}  // namespace dsm::test
