// dsm find, fetch and send by DICOMweb against a real Orthanc, and against services that misbehave.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "dsp/dicom/network/archive.h"
#include "dsp/dicom/network/receiver.h"
#include "tests/pacs/certificates.h"
#include "tests/pacs/dsm_programs.h"
#include "tests/pacs/other_programs.h"

using namespace dsm;
using namespace dsm::test;
namespace fs = std::filesystem;

namespace {

// Its configuration, or nothing where the plugin is not installed.
std::string web_options(nlohmann::json more = nlohmann::json::object()) {
    const auto plugin = web_plugin();
    if (!plugin || is_missing("Orthanc") || is_missing("curl")) {
        WARN("Orthanc with its DICOMweb plugin is not installed: not checked");
        return "";
    }
    more["Plugins"] = {*plugin};
    return more.dump();
}

// A web service that answers each request with what it is told, one after the other.
class BadService {
 public:
    explicit BadService(std::function<std::string(const std::string&)> answer)
        : answer_(std::move(answer)), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        thread_ = std::jthread([this] { serve(); });
    }
    ~BadService() {
        ::shutdown(socket_, SHUT_RDWR);
        thread_.join();
        ::close(socket_);
    }
    BadService(const BadService&) = delete;
    BadService& operator=(const BadService&) = delete;
    BadService(BadService&&) = delete;
    BadService& operator=(BadService&&) = delete;

    [[nodiscard]] std::string url() const {
        return "http://127.0.0.1:" + std::to_string(port_) + "/dicom-web";
    }
    [[nodiscard]] int requests() const { return requests_; }

 private:
    void serve() {
        for (int peer = 0; (peer = ::accept(socket_, nullptr, nullptr)) >= 0;) {
            std::string request;
            char bytes[4096];
            for (ssize_t got = 0; request.find("\r\n\r\n") == std::string::npos &&
                                  (got = ::read(peer, bytes, sizeof bytes)) > 0;) {
                request.append(bytes, static_cast<std::size_t>(got));
            }
            ++requests_;
            const std::string answer = answer_(request);
            for (std::size_t at = 0; at < answer.size();) {
                const auto sent =
                    ::send(peer, answer.data() + at, answer.size() - at, MSG_NOSIGNAL);
                if (sent <= 0) {
                    break;
                }
                at += static_cast<std::size_t>(sent);
            }
            ::close(peer);
        }
    }

    std::function<std::string(const std::string&)> answer_;
    int socket_;
    int port_{0};
    std::atomic<int> requests_{0};
    std::jthread thread_;
};

// TLS before a service, by socat: Orthanc 1.10.1 of Debian 12 crashes on its own ("SslEnabled").
class TlsFront {
 public:
    TlsFront(int service_port, const std::string& pem) : port_(free_port()) {
        const std::string program = installed("socat").value_or("socat");
        const std::string from = "OPENSSL-LISTEN:" + std::to_string(port_) +
                                 ",bind=127.0.0.1,reuseaddr,fork,verify=0,cert=" + pem;
        const std::string to = "TCP:127.0.0.1:" + std::to_string(service_port);
        process_ = ::fork();
        if (process_ == 0) {
            ::execl(program.c_str(), "socat", "-lf", "/dev/null", from.c_str(), to.c_str(),
                    nullptr);
            ::_exit(127);
        }
        for (int i = 0; i < 100 && !answers(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    ~TlsFront() {
        ::kill(process_, SIGTERM);
        ::waitpid(process_, nullptr, 0);
    }
    TlsFront(const TlsFront&) = delete;
    TlsFront& operator=(const TlsFront&) = delete;
    TlsFront(TlsFront&&) = delete;
    TlsFront& operator=(TlsFront&&) = delete;
    [[nodiscard]] std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
    [[nodiscard]] bool answers() const {
        const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port_));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool open = ::connect(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
        ::close(socket);
        return open;
    }

    int port_;
    pid_t process_{-1};
};

std::string http(const std::string& type, const std::string& content, const char* status = "200") {
    return std::string("HTTP/1.1 ") + status + " x\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(content.size()) +
           "\r\nConnection: close\r\n\r\n" + content;
}

// The list of one instance with this UID, as QIDO-RS gives it.
std::string listing(const std::string& instance) {
    const auto of = [](const std::string& value) {
        return nlohmann::json{{"vr", "UI"}, {"Value", {value}}};
    };
    return http(
        "application/dicom+json",
        nlohmann::json::array({{{"00080018", of(instance)}, {"0020000E", of(kSeries)}}}).dump());
}

}  // namespace

TEST_CASE("DICOMweb: Orthanc takes what dsm sends, lists it and gives it back to the byte") {
    enter_private_network();
    const std::string options = web_options();
    if (options.empty()) {
        return;
    }
    const AllObjects all;
    const Orthanc archive({}, options);
    const auto files = files_of(all);
    std::vector<std::string> send{"send", "--to", archive.web(), "--commit"};
    send.insert(send.end(), files.begin(), files.end());
    const Finished sent = dsm_command(send);
    INFO(sent.err << read_file(archive.log()));
    CHECK(sent.exit_code == 0);
    CHECK(sent.err == "");
    CHECK(sent.out.find("no storage commitment") != std::string::npos);
    CHECK(archive.instances().size() == files.size());
    CHECK(dsm_command({"send", "--to", archive.web(), "--echo"}).exit_code == 0);

    for (const std::vector<std::string>& question : {std::vector<std::string>{"--patient", "TEST*"},
                                                     {"--study", kStudy},
                                                     {"--modality", "XA"},
                                                     {"--date", "19000101-29991231"}}) {
        std::vector<std::string> find{"find", "--from", archive.web(), "--json"};
        find.insert(find.end(), question.begin(), question.end());
        const Finished found = dsm_command(find);
        INFO(question.front() << found.out << found.err);
        CHECK(found.exit_code == 0);
        CHECK(found.out.find(kStudy) != std::string::npos);
        // The same as by C-FIND.
        find[2] = archive.peer();
        const auto by_web = nlohmann::json::parse(found.out);
        const auto by_dicom = nlohmann::json::parse(dsm_command(find).out);
        for (const char* key : {"PatientName", "PatientID", "StudyDate", "StudyInstanceUID"}) {
            CHECK(by_web[key] == by_dicom[key]);
        }
    }
    const Finished images = dsm_command(
        {"find", "--from", archive.web(), "--level", "image", "--study", kStudy, "--json"});
    CHECK(std::count(images.out.begin(), images.out.end(), '\n') ==
          static_cast<long>(files.size()));
    CHECK(dsm_command({"find", "--from", archive.web(), "--patient", "NOBODY"}).out == "");

    const TemporaryFolder folder;
    const std::vector<std::string> fetch{"fetch", "--from", archive.web(),         "--study",
                                         kStudy,  "--out",  folder.path().string()};
    const Finished fetched = dsm_command(fetch);
    INFO(fetched.err);
    CHECK(fetched.exit_code == 0);
    CHECK(fetched.err == "");
    CHECK(std::count(fetched.out.begin(), fetched.out.end(), '\n') ==
          static_cast<long>(files.size()));
    CHECK_FALSE(fs::exists(folder.path() / ".receiving"));
    std::size_t same = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        const std::string got = read_file(entry.path());
        same += static_cast<std::size_t>(
            std::count_if(files.begin(), files.end(),
                          [&](const std::string& file) { return read_file(file) == got; }));
    }
    CHECK(same == files.size());
    // Lost files alone are fetched again.
    const auto run = folder.path() / file_name_of_instance(kInstance);
    fs::remove(run);
    CHECK(dsm_command(fetch).exit_code == 0);
    CHECK(fs::exists(run));
    const TemporaryFolder one;
    const Finished instance =
        dsm_command({"fetch", "--from", archive.web(), "--study", kStudy, "--series", kSeries,
                     "--instance", kInstance, "--out", one.path().string()});
    CHECK(instance.out == (one.path() / file_name_of_instance(kInstance)).string() + "\n");
    const Finished nothing = dsm_command(
        {"fetch", "--from", archive.web(), "--study", "1.9.9", "--out", one.path().string()});
    CHECK(nothing.exit_code == 1);
    CHECK(is_one_line(nothing.err, "holds nothing"));
    CHECK(is_one_line(
        dsm_command({"find", "--from", archive.web(), "--study", "../x", "--level", "series"}).err,
        "is no UID"));
}

TEST_CASE("DICOMweb: certificates and credentials are checked, and no secret is told") {
    enter_private_network();
    if (is_missing("openssl") || is_missing("socat")) {
        return;
    }
    const Certificates made;
    made.add_authority("stranger");
    const std::string pem =
        made.add_file("both.pem", read_file(made.key()) + read_file(made.cert()));
    const std::string options = web_options(
        {{"AuthenticationEnabled", true}, {"RegisteredUsers", {{"doctor", "hunter2"}}}});
    if (options.empty()) {
        return;
    }
    const Orthanc archive({}, options);
    const TlsFront front(archive.http_port(), pem);
    const std::string url = "https://" + front.authority() + "/dicom-web";
    const std::string right = made.add_file("right", "doctor:hunter2\n");
    const std::string wrong = made.add_file("wrong", "doctor:swordfish\n");
    const std::string open = made.add_file("open", "doctor:hunter2\n", 0644);
    const auto find = [&](const std::string& ca, const std::string& credentials) {
        return dsm_command({"-v", "find", "--from", url, "--ca", ca, "--credentials", credentials,
                            "--attempts", "1"});
    };
    const Finished good = find(made.ca(), right);
    INFO(good.err);
    CHECK(good.exit_code == 0);
    const Finished stranger = find(made.file("stranger.pem"), right);
    CHECK(stranger.exit_code == 1);
    CHECK(is_one_line(stranger.err, "certificate is not trusted"));
    const Finished refused = find(made.ca(), wrong);
    CHECK(refused.exit_code == 1);
    CHECK(is_one_line(refused.err, "refused us (HTTP 401)"));
    CHECK(is_one_line(find(made.ca(), open).err, "can be read by everybody"));
    for (const Finished& each : {good, stranger, refused, find(made.ca(), open)}) {
        CHECK((each.out + each.err).find("hunter2") == std::string::npos);
        CHECK((each.out + each.err).find("swordfish") == std::string::npos);
    }
    // A service of DICOM messages, and plain http at a port of TLS.
    const Finished plain =
        dsm_command({"find", "--from", "http" + url.substr(5), "--attempts", "1"});
    CHECK(plain.exit_code == 1);
    CHECK(std::count(plain.err.begin(), plain.err.end(), '\n') == 1);
    const Finished far =
        dsm_command({"find", "--from", "http://archive.invalid/dicom-web", "--credentials", right});
    CHECK(is_one_line(far.err, "credentials are not sent without TLS"));
}

TEST_CASE("DICOMweb: services that are gone, slow, lie or send too much cost one line") {
    enter_private_network();
    const TemporaryFolder folder;
    const auto fetch = [&](const std::string& url) {
        return dsm_command({"fetch", "--from", url, "--study", kStudy, "--out",
                            folder.path().string(), "--attempts", "1", "--timeout", "2"});
    };
    const auto is_clean = [&] { return fs::is_empty(folder.path()); };
    const std::string nobody = "http://127.0.0.1:" + std::to_string(free_port()) + "/dicom-web";
    const Finished gone = fetch(nobody);
    CHECK(gone.exit_code == 1);
    CHECK(is_one_line(gone.err, nobody));

    struct Lie {
        std::string of_object;
        std::string words;
    };
    const std::string dicom = "multipart/related; type=\"application/dicom\"; boundary=b";
    const std::vector<Lie> lies{
        {http("text/html", "<html>"), "is not DICOM"},
        {http(dicom, "--b\r\n\r\nnot dicom\r\n--b--"), "damaged"},
        {http(dicom, "--b\r\n\r\nDICOM cut sho"), "ends before the object"},
        {http(dicom, "--b\r\n\r\na\r\n--b\r\n\r\nb\r\n--b--"), "several objects"},
        {http(dicom, "--b\r\n" + std::string(40000, 'h')), "too long"},
        {http("text/plain", "", "500"), "failed (HTTP 500)"},
        {http("text/plain", "", "302"), "sends us elsewhere"},
        {"HTTP/1.1 200 x\r\nContent-Length: 1000\r\nContent-Type: " + dicom + "\r\n\r\n--b\r\n\r\n",
         "broke"}};
    for (const Lie& lie : lies) {
        const BadService service([&](const std::string& request) {
            return request.find("/instances?") != std::string::npos ? listing(kInstance)
                                                                    : lie.of_object;
        });
        const Finished lied = fetch(service.url());
        INFO(lie.words << " / " << lied.err);
        CHECK(lied.exit_code == 1);
        CHECK(lied.err.find(lie.words) != std::string::npos);
        CHECK(is_clean());
    }
    // A UID that would be a path, and JSON that is none, or deep.
    const BadService path([](const std::string&) { return listing("../../../etc/passwd"); });
    CHECK(fetch(path.url()).err.find("without proper UIDs") != std::string::npos);
    CHECK(is_clean());
    for (const std::string& json : {std::string("{"), std::string(100000, '['), std::string("7")}) {
        const BadService service(
            [&](const std::string&) { return http("application/json", json); });
        CHECK(is_one_line(fetch(service.url()).err, "is not DICOM JSON"));
    }
    const BadService silent([](const std::string&) {
        std::this_thread::sleep_for(std::chrono::seconds(4));
        return std::string();
    });
    CHECK(is_one_line(fetch(silent.url()).err, "did not answer in time"));
    CHECK(is_clean());
    // What a busy service could not do at first is asked for again.
    std::atomic<int> calls{0};
    const BadService busy([&](const std::string&) {
        return ++calls == 1 ? http("text/plain", "", "503") : http("application/dicom+json", "[]");
    });
    CHECK(dsm_command({"find", "--from", busy.url(), "--attempts", "2"}).exit_code == 0);
    CHECK(busy.requests() == 2);
}

TEST_CASE("DICOMweb: an object beyond the limit is given up, and a fetch can be stopped") {
    enter_private_network();
    const std::string dicom = "multipart/related; boundary=b";
    const BadService service([&](const std::string& request) {
        return request.find("/instances?") != std::string::npos
                   ? listing(kInstance)
                   : http(dicom, "--b\r\n\r\n" + std::string(3U << 20U, 'x') + "\r\n--b--");
    });
    const TemporaryFolder folder;
    FetchRequest request;
    request.study_uid = kStudy;
    request.folder = folder.path();
    request.largest_object_bytes = 1U << 20U;
    const WebArchive archive{service.url()};
    const auto large = fetch_from(archive, {}, request);
    REQUIRE(large);
    CHECK(large->missing == 1);
    REQUIRE(large->problems.size() == 1);
    CHECK(large->problems.front().find("more than 1 MB") != std::string::npos);
    std::stop_source stop;
    stop.request_stop();
    request.stop = stop.get_token();
    const auto stopped = fetch_from(archive, {}, request);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().kind == ErrorKind::cancelled);
    CHECK(fs::is_empty(folder.path()));
}
