// The real program under Xvfb, driven by scripts. Reference pictures: tests/gui/references, renewed
// by tests/gui/update_references.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <thread>

#include "tests/support/support.h"

namespace {

namespace fs = std::filesystem;
using dsm::test::Finished;
using dsm::test::run_program;
using dsm::test::TemporaryFolder;

bool can_show_windows() {
    if (run_program({"sh", "-c", "command -v xvfb-run"}).exit_code == 0) {
        return true;
    }
    WARN("xvfb-run is not installed; the window is not tested");
    return false;
}

fs::path write_script(const TemporaryFolder& folder, const std::string& name,
                      const std::string& text) {
    const auto file = folder.path() / name;
    std::ofstream(file) << text;
    return file;
}

constexpr const char* kStatus = "exit status ";

// xvfb-run fails now and then while it cleans up behind itself; the viewer's own exit status is
// written to stderr inside it.
Finished play(const fs::path& script, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command{"env",
                                     "SOURCE_DATE_EPOCH=0",
                                     "USER=reader",
                                     "XDG_DATA_HOME=" + script.parent_path().string(),
                                     "timeout",
                                     "240",
                                     "xvfb-run",
                                     "-a",
                                     "-s",
                                     "-screen 0 3840x2160x24",
                                     "sh",
                                     "-c",
                                     "\"$@\"; echo \"exit status $?\" >&2",
                                     "sh",
                                     std::string(DSM_BINARY_DIR) + "/dsm-viewer"};
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.end(), {"--script", script.string()});
    auto ended = run_program(command);
    const auto at = ended.err.rfind(kStatus);
    ended.exit_code = at == std::string::npos
                          ? -1
                          : std::stoi(ended.err.substr(at + std::string(kStatus).size()));
    return ended;
}

fs::path sample_in(const TemporaryFolder& folder) {
    const auto to = folder.path() / "run.dcm";
    fs::copy_file(fs::path(DSM_SOURCE_DIR) / "sample_runs/negative_t11/run.dcm", to);
    return to;
}

// Part of the pixels that differ by more than 24 of 255 in some channel: text and edges may move
// by a hair between versions of Mesa, what is shown may not.
double part_that_differs(const fs::path& a, const fs::path& b) {
    const cv::Mat one = cv::imread(a.string());
    const cv::Mat two = cv::imread(b.string());
    if (one.empty() || one.size() != two.size()) {
        return 1.0;
    }
    cv::Mat difference;
    cv::absdiff(one, two, difference);
    cv::Mat channels[3];
    cv::split(difference, channels);
    const cv::Mat worst = cv::max(cv::max(channels[0], channels[1]), channels[2]);
    return static_cast<double>(cv::countNonZero(worst > 24)) / static_cast<double>(worst.total());
}

void check_reference(const fs::path& picture, const std::string& name, double tolerance) {
    const auto reference = fs::path(DSM_SOURCE_DIR) / "tests/gui/references" / name;
    if (std::getenv("DSM_UPDATE_REFERENCES") != nullptr) {
        fs::copy_file(picture, reference, fs::copy_options::overwrite_existing);
    }
    CAPTURE(name);
    CHECK(part_that_differs(picture, reference) <= tolerance);
}

// A picture of the window at 640 pixels across: enough to see a layout that broke, small enough to
// keep one for every size.
fs::path small_copy(const fs::path& picture) {
    const cv::Mat whole = cv::imread(picture.string());
    REQUIRE_FALSE(whole.empty());
    cv::Mat small;
    cv::resize(whole, small, cv::Size(640, 640 * whole.rows / whole.cols), 0, 0, cv::INTER_AREA);
    auto copy = picture;
    copy.replace_extension(".small.png");
    REQUIRE(cv::imwrite(copy.string(), small));
    return copy;
}

// The process that runs `script`, by its command line.
pid_t viewer_playing(const fs::path& script) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        std::error_code ignored;
        const auto program = fs::read_symlink(entry.path() / "exe", ignored);
        if (program.filename() == "dsm-viewer" &&
            dsm::test::read_file(entry.path() / "cmdline").find(script.string()) !=
                std::string::npos) {
            return static_cast<pid_t>(std::stol(name));
        }
    }
    return 0;
}

bool appears(const fs::path& file) {
    for (int tenths = 0; tenths < 1200 && !fs::exists(file); ++tenths) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return fs::exists(file);
}

}  // namespace

TEST_CASE("without a display the viewer says so in one line and fails") {
    const auto ended = run_program({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY",
                                    std::string(DSM_BINARY_DIR) + "/dsm-viewer"});
    CHECK(ended.exit_code == 1);
    CHECK(ended.err.find("no window can be opened") != std::string::npos);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
}

TEST_CASE("the same script draws the same pictures, like the references") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto in = [&](const char* name) { return (folder.path() / name).string(); };
    const auto script =
        write_script(folder, "tour.txt",
                     "screenshot " + in("welcome.png") + "\nopen " + run.string() +
                         "\nregistration none\nwait\nside-panel off\n"
                         "view original\ngoto 5\n"
                         "annotate-text 60 60 \"seen late\"\n"
                         "annotate-arrow 140 140 100 110\n"
                         "annotate-ellipse 128 180 30 20\nhighlights off\n"
                         "screenshot " +
                         in("original.png") +
                         "\nview subtracted\nwindow-level 0.05 0.4\n"
                         "screenshot " +
                         in("subtracted.png") + "\nscreenshot " + in("again.png") + "\nquit\n");
    const auto ended = play(script, {"--size", "800x600"});
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    check_reference(in("welcome.png"), "welcome.png", 0.005);
    check_reference(in("original.png"), "original.png", 0.02);
    check_reference(in("subtracted.png"), "subtracted.png", 0.04);
    CHECK(part_that_differs(in("again.png"), in("subtracted.png")) <= 0.005);
    CHECK(part_that_differs(in("original.png"), in("subtracted.png")) > 0.1);
}

TEST_CASE("a bad file is said in the window, which lives on") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    const auto bad = write_script(folder, "bad.dcm", "this is no picture");
    const auto picture = folder.path() / "after.png";
    const auto script = write_script(folder, "tour.txt", "screenshot " + picture.string() + "\n");
    const auto ended = play(script, {bad.string()});
    INFO(ended.err);
    CHECK(ended.exit_code == 0);
    CHECK(fs::exists(picture));
}

TEST_CASE("an unknown or failing script line ends with one line that names it") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    for (const std::string line : {"fly 3", "goto 3", "open /no/such/run.dcm"}) {
        const auto script = write_script(folder, "tour.txt", "help\n" + line + "\nquit\n");
        const auto ended = play(script);
        CAPTURE(line, ended.err);
        CHECK(ended.exit_code == 1);
        CHECK(ended.err.find("tour.txt:2") != std::string::npos);
    }
}

TEST_CASE("marks are there again after the viewer was killed") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto marked = folder.path() / "marked.png";
    const auto first = write_script(folder, "first.txt",
                                    "open " + run.string() +
                                        "\nmark-level T9 120 60\nmark-level T12 120 200\n"
                                        "annotate-text 50 50 \"keep me\"\nscreenshot " +
                                        marked.string() + "\nstay\n");
    std::thread session([&] { (void)play(first); });
    const bool done = appears(marked);
    const pid_t viewer = done ? viewer_playing(first) : 0;
    if (viewer > 0) {
        ::kill(viewer, SIGKILL);
    }
    session.join();
    REQUIRE(viewer > 0);

    const auto levels = folder.path() / "levels_back.json";
    const auto second =
        write_script(folder, "second.txt",
                     "open " + run.string() + "\nselect-annotation 1\nsave-levels " +
                         levels.string() + "\nundo\nquit\n");
    const auto ended = play(second);
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    const auto text = dsm::test::read_file(levels);
    CHECK(text.find("T9") != std::string::npos);
    CHECK(text.find("T12") != std::string::npos);
}

TEST_CASE("an ellipse drawn with the mouse is kept, and Ctrl+Z takes it away") {
    if (!can_show_windows()) {
        return;
    }
    if (run_program({"sh", "-c", "command -v xdotool"}).exit_code != 0) {
        WARN("xdotool is not installed; mouse and keys are not tested");
        return;
    }
    // What a hand does, slowly enough for a software renderer.
    const std::string drawn =
        "xdotool search --sync --name dsm-viewer >/dev/null; sleep 4; xdotool key e; sleep 1;"
        "xdotool mousemove 150 300 mousedown 1; sleep 1; xdotool mousemove 200 340; sleep 1;"
        "xdotool mousemove 230 360; sleep 1; xdotool mouseup 1; sleep 1;";
    for (const bool undone : {false, true}) {
        const TemporaryFolder folder;
        const auto run = sample_in(folder);
        const auto check = write_script(folder, "check.txt",
                                        "open " + run.string() + "\nselect-annotation 1\nquit\n");
        const auto hands =
            drawn + (undone ? "xdotool key ctrl+z;" : "") + "sleep 1; xdotool key ctrl+q";
        const auto ended =
            run_program({"env", "XDG_DATA_HOME=" + folder.path().string(), "timeout", "120",
                         "xvfb-run", "-a", "-s", "-screen 0 1280x720x24", "sh", "-c",
                         "\"$1\" --size 1280x720 \"$2\" & viewer=$!; " + hands + "; wait $viewer",
                         "sh", std::string(DSM_BINARY_DIR) + "/dsm-viewer", run.string()});
        CAPTURE(undone, ended.err);
        CHECK((play(check).exit_code == 0) == !undone);
    }
}

TEST_CASE(
    "a session by hand: open, play, scrub, window, mark, undo, confirm, export, kill, reopen") {
    if (!can_show_windows()) {
        return;
    }
    if (run_program({"sh", "-c", "command -v xdotool"}).exit_code != 0) {
        WARN("xdotool is not installed; mouse and keys are not tested");
        return;
    }
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto ended = run_program({"env", "XDG_DATA_HOME=" + folder.path().string(),
                                    "XDG_CONFIG_HOME=" + folder.path().string(), "timeout", "280",
                                    "xvfb-run", "-a", "-s", "-screen 0 1280x720x24",
                                    std::string(DSM_SOURCE_DIR) + "/tests/gui/session_by_hand.sh",
                                    std::string(DSM_BINARY_DIR) + "/dsm-viewer", run.string()});
    INFO(ended.err);
    REQUIRE(ended.err.find("session:") == std::string::npos);
    CHECK(dsm::test::read_file(folder.path() / "run_film.mp4").substr(4, 4) == "ftyp");

    // All of it is there again.
    const auto in = [&](const char* name) { return (folder.path() / name).string(); };
    const auto back =
        write_script(folder, "back.txt",
                     "open " + run.string() + "\nwait\nselect-annotation 1\n" + "save-levels " +
                         in("levels.json") + "\nreport " + in("report.txt") + "\nquit\n");
    const auto reopened = play(back);
    INFO(reopened.err);
    REQUIRE(reopened.exit_code == 0);
    const auto levels = dsm::test::read_file(in("levels.json"));
    CHECK(levels.find("T12") != std::string::npos);
    CHECK(levels.find("L1") != std::string::npos);
    const auto report = dsm::test::read_file(in("report.txt"));
    CHECK(report.find("1 confirmed, 0 rejected") != std::string::npos);
    CHECK(report.find("1 line, ") != std::string::npos);
    CHECK(report.find("ellipse") == std::string::npos);  // undone
}

TEST_CASE("a window in which nothing happens takes less than 1 % of a core") {
    if (!can_show_windows()) {
        return;
    }
    if (run_program({"sh", "-c", "command -v xdotool"}).exit_code != 0) {
        WARN("xdotool is not installed; mouse and keys are not tested");
        return;
    }
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto ready = folder.path() / "run.png";
    write_script(folder, "run.txt",
                 "open " + run.string() + "\nwait\nscreenshot " + ready.string() + "\nstay\n");
    const auto ended = run_program(
        {"env", "XDG_DATA_HOME=" + folder.path().string(), "timeout", "280", "xvfb-run", "-a", "-s",
         "-screen 0 1280x720x24", std::string(DSM_SOURCE_DIR) + "/tests/gui/idle_by_hand.sh",
         std::string(DSM_BINARY_DIR) + "/dsm-viewer", run.string(), "10"});
    INFO(ended.out << ended.err);
    const auto at = ended.out.rfind("idle ");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoi(ended.out.substr(at + 5)) < 10);
}

TEST_CASE("the sample is read from opening to report by a command, and its pictures are kept") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    const auto out = folder.path() / "read";
    const auto ended = run_program({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", "timeout",
                                    "280", std::string(DSM_SOURCE_DIR) + "/tools/read_sample",
                                    "--size", "1280x720", "--out", out.string(), "--viewer",
                                    std::string(DSM_BINARY_DIR) + "/dsm-viewer"});
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    for (const char* name : {"01_open.png", "07_peak.png", "15_highlight.png", "22_marks.png",
                             "23_coverage.png", "25_report.png", "picture.png"}) {
        CAPTURE(name);
        CHECK_FALSE(cv::imread((out / name).string()).empty());
    }
    CHECK(dsm::test::read_file(out / "film.mp4").substr(4, 4) == "ftyp");
    CHECK(dsm::test::read_file(out / "report.pdf").starts_with("%PDF-"));
    const auto report = dsm::test::read_file(out / "report.txt");
    CHECK(report.find("1 confirmed, 0 rejected") != std::string::npos);
    CHECK(report.find("CSF-venous fistula: T9-T10, right") != std::string::npos);
    CHECK(report.find("1 arrow") != std::string::npos);
    CHECK(report.find("2 line, ") != std::string::npos);
}

TEST_CASE("the window is laid out the same at every size of screen and text") {
    if (!can_show_windows()) {
        return;
    }
    struct Screen {
        const char* size;
        const char* text;
        const char* reference;
    };
    const Screen screen = GENERATE(Screen{"1280x720", "1", "layout_1280.png"},
                                   Screen{"1920x1080", "1", "layout_1920.png"},
                                   Screen{"3840x2160", "2", "layout_3840.png"},
                                   Screen{"1920x1080", "2", "layout_1920_text_200.png"});
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto picture = folder.path() / "window.png";
    const auto script =
        write_script(folder, "tour.txt",
                     "open " + run.string() +
                         "\nregistration none\nwait\ngoto 20\nhighlights off\n"
                         "mark-level T9 225 90\nmark-level T12 215 300\nwait\n"
                         "annotate-line 60 60 110 90\nannotate-angle 120 200 140 260 190 250\n"
                         "annotate-ellipse 90 160 20 14\nannotate-text 60 380 \"seen late\"\n"
                         "select-annotation 1\npanel marks\nscreenshot " +
                         picture.string() + "\nquit\n");
    const auto ended = play(script, {"--size", screen.size, "--font-scale", screen.text});
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    check_reference(small_copy(picture), screen.reference, 0.02);
}

TEST_CASE("the timing of the frames is drawn over the picture's right, and goes away again") {
    if (!can_show_windows()) {
        return;
    }
    const std::string size = GENERATE("1280x720", "1920x1080");
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto in = [&](const char* name) { return (folder.path() / name).string(); };
    const auto script =
        write_script(folder, "timing.txt",
                     "open " + run.string() + "\nregistration none\nwait\ngoto 5\nscreenshot " +
                         in("before.png") + "\ntiming-overlay on\nscreenshot " + in("over.png") +
                         "\ntiming-overlay off\nscreenshot " + in("after.png") + "\nquit\n");
    const auto ended = play(script, {"--size", size});
    CAPTURE(size, ended.err);
    REQUIRE(ended.exit_code == 0);
    const cv::Mat before = cv::imread(in("before.png"));
    const cv::Mat over = cv::imread(in("over.png"));
    const cv::Mat after = cv::imread(in("after.png"));
    REQUIRE(before.size() == over.size());
    REQUIRE(before.size() == after.size());
    // What the status line says differs; the pictures above it do not.
    const cv::Rect left(0, before.rows / 8, before.cols / 4, before.rows / 2);
    const cv::Rect all(0, before.rows / 8, before.cols, before.rows / 2);
    const auto differs = [](const cv::Mat& a, const cv::Mat& b, const cv::Rect& part) {
        cv::Mat difference;
        cv::absdiff(a(part), b(part), difference);
        return static_cast<double>(cv::countNonZero(difference.reshape(1) > 24)) /
               static_cast<double>(difference.total());
    };
    CHECK(differs(before, over, all) > 0.05);
    CHECK(differs(before, over, left) < 0.001);
    CHECK(differs(before, after, all) < 0.001);
}

TEST_CASE("a script times the first picture of a run, and every frame of it") {
    if (!can_show_windows()) {
        return;
    }
    const TemporaryFolder folder;
    const auto run = sample_in(folder);
    const auto script = write_script(
        folder, "times.txt", "time-opening " + run.string() + "\nwait\ntime-scrubbing\nquit\n");
    const auto ended = play(script, {"--size", "1280x720"});
    INFO(ended.err);
    REQUIRE(ended.exit_code == 0);
    CHECK(ended.out.find("first picture: ") != std::string::npos);
    CHECK(ended.out.find("scrubbing: ") != std::string::npos);
}
