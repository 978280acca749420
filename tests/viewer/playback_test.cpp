#include <catch2/catch.hpp>
#include <vector>

#include "viewer/timeline_clock.h"

using namespace dsm::viewer;

TEST_CASE("each frame shows from its own time to the next one's, however irregular") {
    const std::vector<double> times{0.0, 0.5, 1.0, 3.0, 3.25};
    const PlaySchedule schedule(times, 5);
    CHECK(schedule.timing_known());
    CHECK(schedule.frame_at(0.49) == 0);
    CHECK(schedule.frame_at(0.5) == 1);
    CHECK(schedule.frame_at(2.99) == 2);
    CHECK(schedule.frame_at(3.1) == 3);
    CHECK(schedule.frame_at(3.3) == 4);
    CHECK(schedule.until_next(1.25) == Approx(1.75));
}

TEST_CASE("a run starts again after its last frame has had its time") {
    const std::vector<double> times{0.0, 1.0, 2.0};
    const PlaySchedule schedule(times, 3);
    CHECK(schedule.duration_s() == Approx(3.0));
    CHECK(schedule.frame_at(2.9) == 2);
    CHECK(schedule.frame_at(3.1) == 0);
    CHECK(schedule.until_next(2.5) == Approx(0.5));
}

TEST_CASE("a run of unknown timing plays at a rate that is called unknown") {
    const PlaySchedule schedule({}, 10);
    CHECK_FALSE(schedule.timing_known());
    CHECK(schedule.frame_at(1.0 / kUnknownRate + 1e-9) == 1);
}

TEST_CASE("times that run backwards and runs without frames do no harm") {
    const std::vector<double> times{0.0, 2.0, 1.0, 3.0};
    const PlaySchedule schedule(times, 4);
    CHECK(schedule.frame_at(2.5) == 2);
    CHECK(schedule.frame_at(3.0) == 3);
    const PlaySchedule nothing({}, 0);
    CHECK(nothing.frame_at(5.0) == 0);
    const std::vector<double> single{0.0};
    CHECK(PlaySchedule(single, 1).frame_at(100.0) == 0);
}

TEST_CASE("a loop goes round between its ends, and to and fro turns at each") {
    PlayHead head{2.5, false};
    head = advanced(head, 1.0, 2.0, 4.0, false);
    CHECK(head.position_s == Approx(3.5));
    head = advanced(head, 1.0, 2.0, 4.0, false);
    CHECK(head.position_s == Approx(2.5));
    CHECK(advanced({7.0, true}, 0.1, 2.0, 4.0, true) == PlayHead{2.0, false});  // outside

    head = advanced({3.5, false}, 1.0, 2.0, 4.0, true);
    CHECK((head.backwards && head.position_s == Approx(3.5)));
    head = advanced(head, 1.0, 2.0, 4.0, true);
    CHECK((head.backwards && head.position_s == Approx(2.5)));
    head = advanced(head, 1.0, 2.0, 4.0, true);
    CHECK((!head.backwards && head.position_s == Approx(2.5)));
    // However far it goes, it stays between the ends.
    for (const double seconds : {0.0, 0.3, 2.0, 4.0, 1234.5}) {
        for (const bool to_and_fro : {false, true}) {
            const auto far = advanced({2.7, false}, seconds, 2.0, 4.0, to_and_fro);
            CHECK((far.position_s >= 2.0 && far.position_s < 4.0));
        }
    }
    CHECK(advanced({0.0, false}, 1.0, 0.0, 0.0, true) == PlayHead{0.0, false});
}

TEST_CASE("frames passed over are counted in the direction of playing, not where it goes round") {
    CHECK(frames_skipped(3, 4, false) == 0);
    CHECK(frames_skipped(3, 6, false) == 2);
    CHECK(frames_skipped(6, 3, true) == 2);
    CHECK(frames_skipped(39, 0, false) == 0);
}

TEST_CASE("the last frame ends where the run does, the others where the next begins") {
    const std::vector<double> times{0.0, 0.5, 3.0};
    const PlaySchedule schedule(times, 3);
    CHECK(schedule.end_of(0) == Approx(0.5));
    CHECK(schedule.end_of(2) == Approx(schedule.duration_s()));
}
