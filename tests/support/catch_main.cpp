#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <cstdlib>

#include "tests/support/support.h"

// Every test program has a user data folder of its own: tests that run side by side would find each
// other's journals, and those of the person who runs them.
int main(int argc, char** argv) {
    const dsm::test::TemporaryFolder user_data;
    ::setenv("XDG_DATA_HOME", user_data.path().c_str(), 1);
    return Catch::Session().run(argc, argv);
}
