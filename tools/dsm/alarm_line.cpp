#include "tools/dsm/alarm_line.h"

#include <cstdio>

namespace dsm::cli {

std::string alarm_line(const std::string& run, const LiveAlarm& alarm) {
    const Highlight& h = alarm.highlight;
    char text[160];
    const char* word = alarm.kind == LiveAlarms::Kind::raised    ? "ALARM "
                       : alarm.kind == LiveAlarms::Kind::changed ? "CHANGED "
                                                                 : "WITHDRAWN ";
    std::string line = word + run + ": frame " + std::to_string(alarm.frame + 1);
    if (alarm.time_s) {
        std::snprintf(text, sizeof text, " (%.2f s)", *alarm.time_s);
        line += text;
    }
    line += ", ";
    line += h.side == Side::undetermined ? "side undetermined" : to_string(h.side);
    line += h.level.empty() ? ", level not marked" : " " + h.level;
    std::snprintf(text, sizeof text, " at (%.0f, %.0f) px, %s, grade %s, confidence %.2f; %.0f ms",
                  h.seed_px.x, h.seed_px.y, to_string(h.kind), to_string(h.grade), h.confidence,
                  alarm.latency_ms);
    return line + text + " after its last byte";
}

}  // namespace dsm::cli
