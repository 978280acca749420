#include "dsp/pipeline/bench.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "dsp/pipeline/bench_report.h"
#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

Result<BenchResult> benched(const BenchParams& params) {
    MadeRun run({96, 80}, 12);
    return bench_run(run, params);
}

BenchParams quick() {
    BenchParams params;
    params.frames = 40;
    params.warm_up = 5;
    return params;
}

}  // namespace

TEST_CASE("spreads are the values at their ranks") {
    std::vector<double> values;
    for (int i = 100; i > 0; --i) {
        values.push_back(i);
    }
    const Spread spread = spread_of(values);
    CHECK(spread.p50 == 50.0);
    CHECK(spread.p95 == 95.0);
    CHECK(spread.p99 == 99.0);
    CHECK(spread.max == 100.0);
    CHECK(spread_of({}).max == 0.0);
}

TEST_CASE("as many frames are timed as were asked for, whatever the run holds") {
    const auto result = benched(quick());
    REQUIRE(result);
    CHECK(result->frames.size() == 40);
    CHECK(result->late == 0);
    for (const BenchFrame& frame : result->frames) {
        double parts_ms = 0.0;
        for (const double part_ms : frame.part_ms) {
            CHECK(part_ms >= 0.0);
            parts_ms += part_ms;
        }
        CHECK(parts_ms > 0.0);
        CHECK(parts_ms <= frame.process_ms);
        CHECK(frame.process_ms <= frame.latency_ms);
    }
    CHECK(result->memory_end_bytes > 0);
}

TEST_CASE("a frame waits for its time, and is late when its result comes after the next") {
    BenchParams params = quick();
    params.rate_hz = 200.0;
    const auto paced = benched(params);
    REQUIRE(paced);
    for (const BenchFrame& frame : paced->frames) {
        CHECK(frame.late == (frame.latency_ms > 5.0));
    }
    params.rate_hz = 1e6;  // nothing is that fast: lateness adds up, and none is lost
    const auto flooded = benched(params);
    REQUIRE(flooded);
    CHECK(flooded->late == 40);
    CHECK(flooded->frames.back().latency_ms > flooded->frames.front().latency_ms);
}

TEST_CASE("the figures as JSON are those of the result, and the text has every part") {
    const auto result = benched(quick());
    REQUIRE(result);
    const PeerTimes peer{"another", {1.0, 2.0, 3.0, 4.0}, 2.5};
    const auto json = nlohmann::json::parse(bench_json(*result, peer));
    CHECK(json["schema"] == "dsm-bench/1");
    CHECK(json["latency_ms"]["p99"] == result->latency_ms.p99);
    CHECK(json["rate_hz"].is_null());
    CHECK(json["compare"]["times_slower"] == 2.5);
    const std::string text = bench_text(*result, peer);
    for (const std::string_view name : kFramePartNames) {
        CHECK(json["stages_ms"].contains(std::string(name)));
        CHECK(text.find(name) != std::string::npos);
    }
}

TEST_CASE("a bench that is stopped says so") {
    std::stop_source stop;
    stop.request_stop();
    BenchParams params = quick();
    params.stop = stop.get_token();
    const auto result = benched(params);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::cancelled);
}
