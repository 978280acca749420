// A sample run for tests to open, and its work waited for.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/support/support.h"
#include "viewer/workspace.h"

namespace dsm::viewer::test_runs {

// A copy of the sample's run in `folder`, where the journals of this process go from now on.
inline std::filesystem::path copied_sample(const test::TemporaryFolder& folder,
                                           const std::string& sample = "negative_t11") {
    ::setenv("XDG_DATA_HOME", folder.path().c_str(), 1);
    const auto run = folder.path() / "run.dcm";
    std::filesystem::copy_file(
        std::filesystem::path(DSM_SOURCE_DIR) / "sample_runs" / sample / "run.dcm", run);
    return run;
}

inline void wait_for_work(Workspace& workspace) {
    while (workspace.run()->busy()) {
        workspace.run()->tend();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace dsm::viewer::test_runs
