#include "tools/dsm/alarm_line.h"

#include <catch2/catch.hpp>

using namespace dsm;

TEST_CASE("an alarm names its second only where the run has times") {
    LiveAlarm alarm;
    alarm.frame = 19;
    alarm.highlight.level = "T9-T10";
    CHECK(cli::alarm_line("run", alarm).starts_with("ALARM run: frame 20, side undetermined T9"));
    alarm.time_s = 0.0;
    CHECK(cli::alarm_line("run", alarm).starts_with("ALARM run: frame 20 (0.00 s), side"));
}
