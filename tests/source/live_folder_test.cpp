// Objects that arrive in a folder, as runs.
#include "dsp/source/live_folder.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <mutex>
#include <thread>

#include "dsp/core/sanitizers.h"
#include "dsp/dicom/xa_writer.h"
#include "dsp/source/rest.h"
#include "tests/support/small_series.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace std::chrono_literals;
using test::SmallSeries;
namespace fs = std::filesystem;

namespace {

struct Taken {
    std::string name;
    std::vector<double> time_s;
    std::vector<std::uint16_t> first_words;
    LiveRecord record;
};

// Takes every run to its end.
struct Taker {
    std::vector<Taken> taken;
    std::vector<std::string> refused;
    std::vector<std::jthread> threads;
    std::mutex mutex;

    LiveFolder::Hooks hooks() {
        return {[this](std::shared_ptr<LiveRun> run) {
                    threads.emplace_back([this, run] { take(*run); });
                },
                [this](const Error& error) {
                    const std::scoped_lock lock(mutex);
                    refused.push_back(error.message());
                }};
    }
    void take(LiveRun& run) {
        Taken one;
        Image<std::uint16_t> words(run.info().extent);
        for (FrameIndex frame = 0; run.await(frame, {}).value_or(false); ++frame) {
            if (run.read(frame, words.view())) {
                one.first_words.push_back(words(0, 0));
            }
        }
        one.name = run.name();
        one.time_s = run.info().frame_time_s;
        one.record = run.record();
        const std::scoped_lock lock(mutex);
        taken.push_back(std::move(one));
    }
    void wait() { threads.clear(); }
};

LiveFolderParams quick(const fs::path& folder) {
    LiveFolderParams params;
    params.folder = folder;
    params.order_s = 0.15;
    params.end_s = 0.6;
    params.broken_s = 0.3;
    return params;
}

std::vector<Taken> all_of(LiveFolderParams params, std::vector<std::string>* refused = nullptr) {
    auto folder = LiveFolder::open(std::move(params));
    REQUIRE(folder);
    Taker taker;
    (*folder)->run({}, true, taker.hooks());
    taker.wait();
    if (refused != nullptr) {
        *refused = taker.refused;
    }
    std::sort(taker.taken.begin(), taker.taken.end(),
              [](const Taken& a, const Taken& b) { return a.name < b.name; });
    return taker.taken;
}

// No more than so many open files while it lives.
class FewDescriptors {
 public:
    explicit FewDescriptors(rlim_t most) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit few{most, before_.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &few);
    }
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    FewDescriptors(FewDescriptors&&) = delete;
    FewDescriptors& operator=(FewDescriptors&&) = delete;

 private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("a series of single frames is a run, in order of instance number") {
    const test::TemporaryFolder folder;
    SmallSeries series;
    series.frames = 5;
    for (const int number : {4, 2, 5, 1, 3}) {
        test::write_frame_of(series, number,
                             folder.path() / ("x" + std::to_string(9 - number) + ".dcm"));
    }
    const auto runs = all_of(quick(folder.path()));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].name.starts_with("series_3_"));
    CHECK(runs[0].time_s == std::vector<double>{0.0, 0.5, 1.0, 1.5, 2.0});
    CHECK(runs[0].record.gaps.empty());
    CHECK(runs[0].record.ended == "nothing came for 0.6 s");
}

TEST_CASE("several series at once are several runs") {
    const test::TemporaryFolder folder;
    SmallSeries one, two;
    two.uid = "1.2.826.0.1.3680043.9.5";
    two.series_number = 4;
    two.frames = 6;
    test::write_series(one, folder.path() / "a");
    test::write_series(two, folder.path() / "b");
    const auto runs = all_of(quick(folder.path()));
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].first_words.size() == 8);
    CHECK(runs[1].first_words.size() == 6);
    CHECK(runs[0].first_words != runs[1].first_words);
}

TEST_CASE("a frame that does not come is a gap; one that comes too late is left out aloud") {
    const test::TemporaryFolder folder;
    const SmallSeries series;
    for (const int number : {1, 2, 3, 5, 6}) {
        test::write_frame_of(series, number, folder.path() / (std::to_string(number) + ".dcm"));
    }
    auto live = LiveFolder::open(quick(folder.path()));
    REQUIRE(live);
    Taker taker;
    std::jthread late([&] {
        std::this_thread::sleep_for(500ms);
        test::write_frame_of(series, 4, folder.path() / "4.dcm");
    });
    (*live)->run({}, true, taker.hooks());
    taker.wait();
    REQUIRE(taker.taken.size() == 1);
    const LiveRecord& record = taker.taken[0].record;
    CHECK(taker.taken[0].first_words.size() == 5);
    REQUIRE(record.gaps.size() == 1);
    CHECK(record.gaps[0].before_frame == 3);
    CHECK(record.missing == 1);
    CHECK(record.too_late == 1);
    REQUIRE(taker.refused.size() == 1);
    CHECK(taker.refused[0].find("instance number 4") != std::string::npos);
}

TEST_CASE("a pause is noted though nothing is missing") {
    const test::TemporaryFolder folder;
    const SmallSeries series;
    test::write_frame_of(series, 1, folder.path() / "1.dcm");
    LiveFolderParams params = quick(folder.path());
    params.end_s = 4.0;
    auto live = LiveFolder::open(std::move(params));
    REQUIRE(live);
    Taker taker;
    std::jthread later([&] {
        std::this_thread::sleep_for(3300ms);
        test::write_frame_of(series, 2, folder.path() / "2.dcm");
    });
    (*live)->run({}, true, taker.hooks());
    taker.wait();
    REQUIRE(taker.taken.size() == 1);
    CHECK(taker.taken[0].first_words.size() == 2);
    REQUIRE(taker.taken[0].record.gaps.size() == 1);
    CHECK(taker.taken[0].record.gaps[0].missing == 0);
    CHECK(taker.taken[0].record.gaps[0].why.starts_with("nothing came for 3"));
}

TEST_CASE("an object that is cut short is waited for, and its run goes on without it") {
    const test::TemporaryFolder folder;
    const SmallSeries series;
    test::write_series(series, folder.path());
    const std::string whole = test::read_file(folder.path() / "f003.dcm");
    std::ofstream(folder.path() / "f003.dcm", std::ios::binary)
        << whole.substr(0, whole.size() / 2);
    std::ofstream(folder.path() / "notes.txt") << "no DICOM";
    std::vector<std::string> refused;
    const auto runs = all_of(quick(folder.path()), &refused);
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].first_words.size() == 7);
    CHECK(runs[0].record.missing == 1);
    REQUIRE(!refused.empty());
    CHECK(refused[0].find("f003.dcm") != std::string::npos);
}

TEST_CASE("a run ends with so many frames, and what follows is another") {
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path());
    LiveFolderParams params = quick(folder.path());
    params.frames = 5;
    const auto runs = all_of(std::move(params));
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].first_words.size() == 5);
    CHECK(runs[0].record.ended == "as many frames as were asked for");
    CHECK(runs[1].name == runs[0].name + "-2");
    CHECK(runs[1].first_words.size() == 3);
}

TEST_CASE("what has a result that is newer is left alone, unless it is wanted again") {
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path() / "in");
    LiveFolderParams params = quick(folder.path() / "in");
    params.results = folder.path() / "out";
    const auto first = all_of(params);
    REQUIRE(first.size() == 1);
    CHECK(all_of(params).size() == 1);  // no result as yet
    fs::create_directories(folder.path() / "out" / first[0].name);
    std::ofstream(folder.path() / "out" / first[0].name / "result.json") << "{}";
    CHECK(all_of(params).empty());
    params.again = true;
    const auto again = all_of(params);
    REQUIRE(again.size() == 1);
    CHECK(again[0].name == first[0].name);
}

TEST_CASE("more frames may lie there than files can be open") {
    const test::TemporaryFolder folder;
    SmallSeries series;
    series.frames = 300;
    series.extent = {16, 12};
    test::write_series(series, folder.path());
    const FewDescriptors few(100);
    std::vector<std::string> refused;
    const auto runs = all_of(quick(folder.path()), &refused);
    CHECK(refused.empty());
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].first_words.size() == 300);
    CHECK(runs[0].record.gaps.empty());
}

TEST_CASE("a file that cannot be opened for want of descriptors is not damaged") {
#ifdef DSM_ADDRESS_SANITIZER
    // Its check of virtual calls opens a pipe, and takes the want of descriptors for a fault.
    WARN("skipped: the sanitizer itself needs descriptors");
    return;
#else
    const test::TemporaryFolder folder;
    test::write_series({}, folder.path());
    LiveFolderParams params = quick(folder.path());
    params.end_s = 2.0;
    auto live = LiveFolder::open(std::move(params));
    REQUIRE(live);
    const FewDescriptors few(100);
    std::vector<int> taken;
    for (int one = 0; (one = ::open("/", O_RDONLY)) >= 0;) {
        taken.push_back(one);
    }
    REQUIRE(!taken.empty());
    std::jthread closing([&] {
        std::this_thread::sleep_for(700ms);
        std::for_each(taken.begin(), taken.end(), ::close);
    });
    Taker taker;
    (*live)->run({}, true, taker.hooks());
    taker.wait();
    CHECK(taker.refused.empty());
    REQUIRE(taker.taken.size() == 1);
    CHECK(taker.taken[0].first_words.size() == 8);
    CHECK(taker.taken[0].record.gaps.empty());
#endif
}

TEST_CASE("a slow run goes on when another begins between two of its frames") {
    const test::TemporaryFolder folder;
    SmallSeries slow, other;
    other.uid = "1.2.826.0.1.3680043.9.5";
    other.series_number = 4;
    LiveFolderParams params = quick(folder.path());
    params.end_s = 3.0;
    auto live = LiveFolder::open(std::move(params));
    REQUIRE(live);
    Taker taker;
    test::write_frame_of(slow, 1, folder.path() / "s1.dcm");
    std::jthread sender([&] {
        std::this_thread::sleep_for(1500ms);
        test::write_frame_of(other, 1, folder.path() / "o1.dcm");
        std::this_thread::sleep_for(500ms);
        test::write_frame_of(slow, 2, folder.path() / "s2.dcm");
    });
    (*live)->run({}, true, taker.hooks());
    taker.wait();
    REQUIRE(taker.taken.size() == 2);
    std::sort(taker.taken.begin(), taker.taken.end(),
              [](const Taken& a, const Taken& b) { return a.name < b.name; });
    CHECK(taker.taken[0].first_words.size() == 2);
    CHECK(taker.taken[1].first_words.size() == 1);
}

TEST_CASE("a run rests by its own pace") {
    Rest rest;
    CHECK(rest.least_s() == 5.0);
    const std::chrono::system_clock::time_point begin{};
    for (const auto at : {0ms, 2400ms, 4800ms, 60000ms, 62400ms}) {
        rest.note(begin + at);
    }
    CHECK(rest.least_s() == Approx(7.2));
    for (int frame = 0; frame < 40; ++frame) {
        rest.note(begin + 63000ms + 100ms * frame);
    }
    CHECK(rest.least_s() == 5.0);
}

TEST_CASE("instance numbers far apart are gaps that are not added up") {
    const test::TemporaryFolder folder;
    const SmallSeries series;
    for (const int number : {1, 2, 3, 5, 2000005, 2147483647}) {
        test::write_frame_of(series, number, folder.path() / (std::to_string(number) + ".dcm"));
    }
    const auto runs = all_of(quick(folder.path()));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].first_words.size() == 6);
    const LiveRecord& record = runs[0].record;
    CHECK(record.missing == 1);
    REQUIRE(record.gaps.size() == 3);
    CHECK(!record.gaps[2].missing);
    CHECK(record.gaps[2].why.find("not known") != std::string::npos);
}

TEST_CASE("objects of the same name in two folders are told apart by their UID") {
    const test::TemporaryFolder folder;
    for (const char* const place : {"a", "b"}) {
        XaRun run;
        run.info.extent = {16, 12};
        run.info.frames = 2;
        run.info.bits_stored = 12;
        run.info.sop_instance_uid = std::string("1.2.3.") + (*place == 'a' ? "1" : "2");
        run.info.frame_time_s = {0.0, 0.5};
        const std::vector<std::uint16_t> words(2 * 16 * 12, 100);
        fs::create_directories(folder.path() / "in" / place);
        REQUIRE(write_xa_run(folder.path() / "in" / place / "run.dcm", run, words));
    }
    LiveFolderParams params = quick(folder.path() / "in");
    params.results = folder.path() / "out";
    CHECK(all_of(params).size() == 2);
    fs::create_directories(folder.path() / "out" / "run");
    std::ofstream(folder.path() / "out" / "run" / "result.json")
        << R"({"run": {"sop_instance_uid": "1.2.3.1"}})";
    const auto left = all_of(params);
    REQUIRE(left.size() == 1);
    CHECK(left[0].name == "run-2");
    fs::create_directories(folder.path() / "out" / "run-2");
    std::ofstream(folder.path() / "out" / "run-2" / "result.json")
        << R"({"run": {"sop_instance_uid": "1.2.3.2"}})";
    CHECK(all_of(params).empty());
}
