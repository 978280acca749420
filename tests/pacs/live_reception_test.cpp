// Single frames over the network, processed as they come; both sides killed in the middle.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGKILL is POSIX

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/pacs/other_programs.h"
#include "tests/support/background.h"
#include "tests/support/small_series.h"
#include "tests/support/support.h"

using namespace dsm;
using namespace dsm::test;
namespace fs = std::filesystem;

namespace {

struct Site {
    TemporaryFolder folder;
    int port{free_port()};
    int logs{0};

    [[nodiscard]] fs::path in() const { return folder.path() / "in"; }
    [[nodiscard]] std::vector<std::string> serve(const std::string& end_s) const {
        return {"serve",       "--dir", in().string(), "--port", std::to_string(port),
                "--keep-free", "0",     "--end-after", end_s,    "-v"};
    }
    [[nodiscard]] fs::path log() { return folder.path() / ("log" + std::to_string(++logs)); }
    // Instances `first` to `last` of the series, on one association.
    [[nodiscard]] Finished send(int first, int last) const {
        std::vector<std::string> all{std::string(DSM_BINARY_DIR) + "/dsm", "send"};
        for (int number = first; number <= last; ++number) {
            const fs::path file = folder.path() / ("f" + std::to_string(number) + ".dcm");
            write_frame_of({}, number, file);
            all.push_back(file.string());
        }
        all.insert(all.end(), {"--to", "DSM@127.0.0.1:" + std::to_string(port)});
        return run_program(all);
    }
    [[nodiscard]] std::size_t kept() const {
        std::size_t count = 0;
        for (const auto& entry : fs::directory_iterator(in())) {
            count += entry.is_regular_file() ? 1U : 0U;
        }
        return count;
    }
    [[nodiscard]] nlohmann::json result() const {
        for (const auto& entry : fs::recursive_directory_iterator(in() / "results")) {
            if (entry.path().filename() == "result.json") {
                return nlohmann::json::parse(read_file(entry.path()));
            }
        }
        return {};
    }
};

}  // namespace

TEST_CASE("frames received one by one are one run, processed while they come") {
    Site site;
    Background receiver(site.serve("6"), site.log());
    REQUIRE(receiver.says("listens on"));
    REQUIRE(site.send(1, 3).exit_code == 0);
    REQUIRE(site.send(4, 8).exit_code == 0);
    REQUIRE(receiver.says("result.json: "));
    const auto result = site.result();
    CHECK(result["run"]["frames"] == 8);
    CHECK(result["live"]["gaps"].empty());
    CHECK(result["live"]["late_frames"] == 0);
    CHECK(receiver.log().find("left out") == std::string::npos);
    CHECK(result["live"]["latency_ms"]["frames"] == 8);
}

TEST_CASE("a receiver that is killed loses nothing that it acknowledged") {
    Site site;
    {
        Background receiver(site.serve("60"), site.log());
        REQUIRE(receiver.says("listens on"));
        REQUIRE(site.send(1, 5).exit_code == 0);
        receiver.stop(SIGKILL);
    }
    CHECK(site.kept() == 5);
    CHECK(site.send(6, 6).exit_code == 1);  // nobody listens
    Background again(site.serve("1.5"), site.log());
    REQUIRE(again.says("listens on"));
    REQUIRE(site.send(6, 8).exit_code == 0);
    REQUIRE(again.says("result.json: "));
    CHECK(site.kept() == 8);
    int frames = 0;
    for (const auto& entry : fs::recursive_directory_iterator(site.in() / "results")) {
        if (entry.path().filename() == "result.json") {
            frames = std::max(
                frames, nlohmann::json::parse(read_file(entry.path()))["run"]["frames"].get<int>());
        }
    }
    CHECK(frames >= 5);  // the killed one may have ended its run in order, with a result
}

TEST_CASE("a sender that is killed costs its own object alone") {
    Site site;
    Background receiver(site.serve("1.5"), site.log());
    REQUIRE(receiver.says("listens on"));
    REQUIRE(site.send(1, 4).exit_code == 0);
    {
        std::vector<std::string> many{"send"};
        for (int number = 5; number <= 60; ++number) {
            SmallSeries large;
            large.extent = {512, 512};
            large.uid = "1.2.826.0.1.3680043.9.6";
            const fs::path file = site.folder.path() / ("g" + std::to_string(number) + ".dcm");
            write_frame_of(large, number, file);
            many.push_back(file.string());
        }
        many.insert(many.end(), {"--to", "DSM@127.0.0.1:" + std::to_string(site.port)});
        Background sender(many, site.log());
        for (int i = 0; i < 200 && site.kept() < 8; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        sender.stop(SIGKILL);
    }
    REQUIRE(receiver.says("association ended early"));
    REQUIRE(site.send(5, 8).exit_code == 0);
    REQUIRE(receiver.says("result.json: "));
    // Whole objects alone are there; each can be read.
    for (const auto& entry : fs::directory_iterator(site.in())) {
        if (entry.is_regular_file()) {
            CHECK(run_program({std::string(DSM_BINARY_DIR) + "/dsm", "info", entry.path().string()})
                      .exit_code == 0);
        }
    }
    for (const auto& entry : fs::directory_iterator(site.in() / ".receiving")) {
        CHECK(fs::is_empty(entry.path()));
    }
}
