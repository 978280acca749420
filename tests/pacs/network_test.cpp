// dsm send, serve, find and fetch against a real Orthanc, DCMTK's programs, and hostile peers.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "dsp/dicom/network/peer.h"
#include "dsp/dicom/network/receiver.h"
#include "tests/pacs/all_objects.h"
#include "tests/pacs/dsm_programs.h"
#include "tests/pacs/other_programs.h"

using namespace dsm;
using namespace dsm::test;
namespace fs = std::filesystem;

namespace {

int connected(const std::string& port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    return socket;
}

}  // namespace

TEST_CASE("a peer is a title, a host and a port") {
    CHECK(parse_peer("PACS@archive.local:104", true) == Peer{"PACS", "archive.local", 104});
    CHECK(parse_peer("PACS@10.0.0.7", false) == Peer{"PACS", "10.0.0.7", 0});
    for (const char* wrong :
         {"PACS", "@host:104", "PACS@:104", "PACS@host:0", "PACS@host:70000", "PACS@host:1x",
          "a\\b@host:104", "SEVENTEEN_LETTERS@host:104", "  @host:104", "PACS@host"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_peer(wrong, true));
    }
}

TEST_CASE("no received UID becomes part of a path") {
    for (const char* uid : {"1.2.3", "../../etc/passwd", "/etc/passwd", "", "a\nb", ".."}) {
        const std::string name = file_name_of_instance(uid);
        CHECK(name.size() == 36);
        CHECK(name.find_first_not_of("0123456789abcdef.dcm") == std::string::npos);
        CHECK(name.find('/') == std::string::npos);
    }
    CHECK(file_name_of_instance("1.2.3") != file_name_of_instance("1.2.4"));
}

TEST_CASE("Orthanc takes what dsm sends, answers for it, lists it and gives it back") {
    enter_private_network();
    if (is_missing("Orthanc") || is_missing("curl")) {
        return;
    }
    const AllObjects all;
    const int commit_port = free_port();
    const Orthanc archive({{"DSM", commit_port}});
    std::vector<std::string> send{"send",     "--to",          archive.peer(),
                                  "--commit", "--commit-port", std::to_string(commit_port)};
    const auto files = files_of(all);
    send.insert(send.end(), files.begin(), files.end());
    const Finished sent = dsm_command(send);
    INFO(sent.err);
    CHECK(sent.exit_code == 0);
    CHECK(sent.err == "");
    CHECK(sent.out.find("it answers for all of them") != std::string::npos);
    CHECK(archive.instances().size() == files.size());

    const Finished found =
        dsm_command({"find", "--from", archive.peer(), "--patient", "TEST*", "--json"});
    CHECK(found.exit_code == 0);
    CHECK(found.out.find(kStudy) != std::string::npos);
    CHECK(found.err.find("Test") == std::string::npos);
    CHECK(dsm_command({"find", "--from", archive.peer(), "--patient", "NOBODY"}).out == "");

    for (const char* method : {"get", "move"}) {
        const TemporaryFolder folder;
        const std::vector<std::string> fetch{"fetch",
                                             "--from",
                                             archive.peer(),
                                             "--study",
                                             kStudy,
                                             "--out",
                                             folder.path().string(),
                                             "--method",
                                             method,
                                             "--port",
                                             std::to_string(commit_port)};
        const Finished fetched = dsm_command(fetch);
        INFO(method << " " << fetched.err);
        CHECK(fetched.exit_code == 0);
        CHECK(fetched.err == "");
        CHECK(std::count(fetched.out.begin(), fetched.out.end(), '\n') ==
              static_cast<long>(files.size()));
        const auto run = folder.path() / file_name_of_instance(kInstance);
        CHECK(fs::exists(run));
        CHECK_FALSE(fs::exists(folder.path() / ".receiving"));
        // Lost files alone are fetched again.
        fs::remove(run);
        CHECK(dsm_command(fetch).exit_code == 0);
        CHECK(fs::exists(run));
    }
    const TemporaryFolder one;
    const Finished instance =
        dsm_command({"fetch", "--from", archive.peer(), "--study", kStudy, "--series", kSeries,
                     "--instance", kInstance, "--out", one.path().string(), "--method", "get"});
    CHECK(instance.out.find(file_name_of_instance(kInstance)) != std::string::npos);
    const Finished nothing = dsm_command(
        {"fetch", "--from", archive.peer(), "--study", "1.9.9", "--out", one.path().string()});
    CHECK(nothing.exit_code == 1);
    CHECK(is_one_line(nothing.err, "holds nothing"));
}

TEST_CASE("a compressed run keeps its transfer syntax on the way through Orthanc") {
    enter_private_network();
    const auto run = shared_data("xa/xa1_jpll.dcm");
    if (!run || is_missing("Orthanc") || is_missing("curl")) {
        return;
    }
    const Orthanc archive;
    CHECK(dsm_command({"send", "--to", archive.peer(), run->string()}).exit_code == 0);
    const Finished study = dsm_command({"find", "--from", archive.peer(), "--json"});
    const auto at = study.out.find("StudyInstanceUID\":\"") + 19;
    const std::string uid = study.out.substr(at, study.out.find('"', at) - at);
    const TemporaryFolder folder;
    const Finished got = dsm_command({"fetch", "--from", archive.peer(), "--study", uid, "--out",
                                      folder.path().string(), "--method", "get"});
    INFO(got.err);
    REQUIRE(got.exit_code == 0);
    const std::string file = got.out.substr(0, got.out.find('\n'));
    const Finished info = dsm_command({"info", "--json", "--hash", file});
    const Finished original = dsm_command({"info", "--json", "--hash", run->string()});
    const auto digest = [](const std::string& json) {
        const auto from = json.find("\"sha256\"");
        return json.substr(from, 80);
    };
    CHECK(digest(info.out) == digest(original.out));
    CHECK(info.out.find("1.2.840.10008.1.2.4.70") != std::string::npos);
}

TEST_CASE("peers that are not there, refuse or are not known cost one line and exit code 1") {
    enter_private_network();
    const AllObjects all;
    const std::string nobody = "PACS@127.0.0.1:" + std::to_string(free_port());
    const Finished sent =
        dsm_command({"send", "--to", nobody, "--attempts", "1", all.run().string()});
    CHECK(sent.exit_code == 1);
    CHECK(is_one_line(sent.err, nobody));
    const Finished asked = dsm_command({"find", "--from", nobody, "--attempts", "1"});
    CHECK(asked.exit_code == 1);
    CHECK(is_one_line(asked.err, nobody));
    CHECK(dsm_command({"send", "--to", "nonsense", "x"}).exit_code == 2);

    const Serving server({"--peer", "FRIEND@127.0.0.1"});
    const Finished stranger = dsm_command({"send", "--to", server.peer(), "--echo"});
    CHECK(stranger.exit_code == 1);
    CHECK(is_one_line(stranger.err, "refused the association"));
    CHECK(server.says("not a title that may send"));
    CHECK(dsm_command({"send", "--to", server.peer(), "--echo", "--aet", "FRIEND"}).exit_code == 0);
    const Finished called = dsm_command(
        {"send", "--to", "OTHER@127.0.0.1:" + server.port(), "--echo", "--aet", "FRIEND"});
    CHECK(called.exit_code == 1);
    CHECK(server.says("calls another title"));
}

TEST_CASE("what dsm serve acknowledged is on the disk as it was sent, once") {
    enter_private_network();
    const AllObjects all;
    Serving server;
    const auto files = files_of(all);
    std::vector<std::string> send{"send", "--to", server.peer()};
    send.insert(send.end(), files.begin(), files.end());
    const Finished sent = dsm_command(send);
    INFO(sent.err << server.log());
    CHECK(sent.exit_code == 0);
    CHECK(server.kept() == files.size());
    CHECK(dsm_command(send).exit_code == 0);
    CHECK(server.kept() == files.size());
    // Killed without warning: all that was acknowledged is there and whole.
    server.stop(SIGKILL);
    const auto kept = server.dir() / file_name_of_instance(kInstance);
    const auto digest = [](const fs::path& file) {
        const std::string json = dsm_command({"info", "--json", "--hash", file.string()}).out;
        return json.substr(json.find("\"sha256\""), 80);
    };
    CHECK(digest(kept) == digest(all.run()));
    CHECK(server.log().find("Test") == std::string::npos);  // no patient's name in the log
    if (const auto other = installed("storescu")) {
        const Serving again;
        CHECK(run_program({*other, "-aec", "DSM", "127.0.0.1", again.port(), all.run().string()})
                  .exit_code == 0);
        CHECK(again.kept() == 1);
    }
}

TEST_CASE("many senders at once lose nothing") {
    enter_private_network();
    const AllObjects all;
    const Serving server;
    const auto files = files_of(all);
    std::vector<pid_t> senders;
    for (std::size_t i = 0; i < 8; ++i) {
        const pid_t sender = ::fork();
        if (sender == 0) {
            std::vector<std::string> send{"send", "--to", server.peer(), files[i % files.size()]};
            ::_exit(dsm_command(send).exit_code);
        }
        senders.push_back(sender);
    }
    for (const pid_t sender : senders) {
        int status = 0;
        ::waitpid(sender, &status, 0);
        CHECK(WEXITSTATUS(status) == 0);
    }
    CHECK(server.kept() == std::min<std::size_t>(8, files.size()));
}

TEST_CASE("noise, silence, oversized and malformed objects end their own association alone") {
    enter_private_network();
    const AllObjects all;
    Serving server({"--idle", "1", "--largest", "1"});
    const int noisy = connected(server.port());
    const std::string noise(5000, '\xFF');
    (void)!::write(noisy, noise.data(), noise.size());
    const int silent = connected(server.port());
    CHECK(server.says("did not open an association"));
    ::close(noisy);
    ::close(silent);

    const TemporaryFolder folder;
    const auto huge = folder.path() / "huge.dcm";
    {
        // Larger than the limit of 1 MB, and well-formed.
        const auto pdf = folder.path() / "huge.pdf";
        std::ofstream(pdf) << "%PDF-1.4\n" << std::string(3'000'000, 'x');
        const Finished wrapped =
            dsm_command({"export", all.run().string(), "--out", folder.path().string(), "--what",
                         "sr", "--report", pdf.string()});
        INFO(wrapped.err);
        REQUIRE(wrapped.exit_code == 0);
        fs::rename(folder.path() / "dsm_report_pdf.dcm", huge);
    }
    const Finished sent = dsm_command(
        {"send", "--to", server.peer(), "--attempts", "1", "--timeout", "5", huge.string()});
    CHECK(sent.exit_code == 1);
    CHECK(is_one_line(sent.err, "huge.dcm"));
    CHECK(server.kept() == 0);

    // And after all that it works.
    CHECK(dsm_command({"send", "--to", server.peer(), all.run().string()}).exit_code == 0);
    CHECK(server.kept() == 1);
}

TEST_CASE("a full disk refuses, a peer that says nothing is given up, each in one line") {
    enter_private_network();
    const AllObjects all;
    const Serving full({}, "999999999");
    const Finished refused = dsm_command({"send", "--to", full.peer(), all.run().string()});
    CHECK(refused.exit_code == 1);
    CHECK(is_one_line(refused.err, "out of resources (a700)"));
    CHECK(full.kept() == 0);
    CHECK(full.says("the disk is nearly full"));

    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener, 4) == 0);
    REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    const std::string silent = "PACS@127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    const Finished waited =
        dsm_command({"send", "--to", silent, "--echo", "--timeout", "1", "--attempts", "1"});
    ::close(listener);
    CHECK(waited.exit_code == 1);
    CHECK(is_one_line(waited.err, silent));
}

TEST_CASE("a sender that is killed leaves no half file") {
    enter_private_network();
    const AllObjects all;
    const Serving server({"--idle", "2"});
    // An association request of DCMTK's, then nothing: what storescu sends before it is killed.
    const auto other = installed("storescu");
    if (!other) {
        WARN("storescu is not installed: not checked");
        return;
    }
    const auto run = shared_data("xa/xa_run_rubo0002_96f.dcm").value_or(all.run());
    const std::string port = server.port();
    for (const int after_ms : {1, 3, 8, 20}) {
        const pid_t sender = ::fork();
        if (sender == 0) {
            ::execl(other->c_str(), "storescu", "-aec", "DSM", "-pdu", "4096", "127.0.0.1",
                    port.c_str(), run.c_str(), nullptr);
            ::_exit(127);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
        ::kill(sender, SIGKILL);
        ::waitpid(sender, nullptr, 0);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    for (const auto& entry : fs::directory_iterator(server.dir())) {
        if (entry.is_regular_file()) {
            CHECK(dsm_command({"info", entry.path().string()}).exit_code == 0);
        }
    }
    CHECK(fs::is_empty(server.dir() / ".receiving"));
    CHECK(dsm_command({"send", "--to", server.peer(), "--echo"}).exit_code == 0);
}
