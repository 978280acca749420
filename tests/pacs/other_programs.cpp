#include "tests/pacs/other_programs.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace dsm::test {
namespace {

void bring_loopback_up() {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    ::ioctl(socket, SIOCSIFFLAGS, &request);
    ::close(socket);
}

}  // namespace

std::optional<std::string> installed(const std::string& program) {
    std::istringstream path(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
    std::vector<std::string> folders;
    for (std::string folder; std::getline(path, folder, ':');) {
        folders.push_back(folder);
    }
    folders.emplace_back("/usr/sbin");
    for (const std::string& folder : folders) {
        const std::string candidate = folder + "/" + program;
        if (::access(candidate.c_str(), X_OK) == 0) {
            return candidate;
        }
    }
    return std::nullopt;
}

std::optional<std::string> web_plugin() {
    const std::string file = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
    return ::access(file.c_str(), R_OK) == 0 ? std::optional(file) : std::nullopt;
}

bool is_missing(const std::string& program) {
    if (installed(program)) {
        return false;
    }
    WARN(program << " is not installed: not checked");
    return true;
}

void enter_private_network() {
    if (::unshare(CLONE_NEWNET) == 0 || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0) {
        bring_loopback_up();
    }
}

int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    if (!bound) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

Orthanc::Orthanc(const std::map<std::string, int>& peers, const std::string& options)
    : dicom_port_(free_port()), http_port_(free_port()) {
    nlohmann::json config{{"Name", aet()},
                          {"DicomAet", aet()},
                          {"DicomPort", dicom_port_},
                          {"HttpPort", http_port_},
                          {"StorageDirectory", (folder_.path() / "store").string()},
                          {"IndexDirectory", (folder_.path() / "store").string()},
                          {"RemoteAccessAllowed", false},
                          {"AuthenticationEnabled", false},
                          {"DicomCheckCalledAet", true},
                          {"DicomAlwaysAllowFind", true},
                          {"DicomAlwaysAllowGet", true},
                          {"DicomAlwaysAllowMove", true}};
    if (!options.empty()) {
        config.update(nlohmann::json::parse(options));
    }
    if (config.contains("RegisteredUsers")) {
        const auto user = config["RegisteredUsers"].begin();
        user_ = user.key() + ":" + user.value().get<std::string>();
    }
    for (const auto& [name, port] : peers) {
        config["DicomModalities"][name] = {name, "127.0.0.1", port};
    }
    const auto file = folder_.path() / "orthanc.json";
    std::ofstream(file) << config.dump();
    const std::string program = installed("Orthanc").value_or("Orthanc");
    process_ = ::fork();
    if (process_ == 0) {
        const int out = ::open(log().c_str(), O_CREAT | O_WRONLY, 0600);
        ::dup2(out, STDOUT_FILENO);
        ::dup2(out, STDERR_FILENO);
        ::execl(program.c_str(), program.c_str(), file.c_str(), nullptr);
        ::_exit(127);
    }
    for (int i = 0; i < 300; ++i) {
        if (get("/system").find("ApiVersion") != std::string::npos) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    throw std::runtime_error("Orthanc does not answer: " + read_file(log()));
}

Orthanc::~Orthanc() {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
}

std::string Orthanc::peer() const {
    return std::string(aet()) + "@127.0.0.1:" + std::to_string(dicom_port_);
}

std::string Orthanc::url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(http_port_) + path;
}

std::string Orthanc::web() const {
    return url("/dicom-web");
}

std::string Orthanc::get(const std::string& path) const {
    return run_program({"curl", "-s", "-u", user_.empty() ? "-:-" : user_, url(path)}).out;
}

std::string Orthanc::post(const std::string& path, const std::string& body) const {
    return run_program({"curl", "-s", "-d", body, url(path)}).out;
}

std::vector<std::string> Orthanc::instances() const {
    return nlohmann::json::parse(get("/instances")).get<std::vector<std::string>>();
}

void Orthanc::save_instance(const std::string& id, const std::filesystem::path& to) const {
    const std::string file = get("/instances/" + id + "/file");
    std::ofstream(to, std::ios::binary) << file;
}

}  // namespace dsm::test
