// Other people's DICOM programs, to judge what we write. A test that needs one which is not
// installed says so and ends; tools/packages installs them all.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/support.h"

namespace dsm::test {

// Where the program is; nothing where it is not installed.
[[nodiscard]] std::optional<std::string> installed(const std::string& program);
// Warns where it is.
[[nodiscard]] bool is_missing(const std::string& program);

// Before the first thread of a test program: gives it a network of its own with nothing but a
// loopback, where the machine allows that, so that ports are free and nothing can be reached from
// outside. Its children live there too.
void enter_private_network();

// Where Orthanc's DICOMweb plugin is; nothing where it is not installed.
[[nodiscard]] std::optional<std::string> web_plugin();

// A TCP port nobody listens on.
[[nodiscard]] int free_port();

// A real Orthanc with an empty store, on this machine alone; stopped with the object.
class Orthanc {
 public:
    // `peers` are the AE titles it may send to, with their ports, in its own AE title's words.
    // `options` are further lines of its configuration, which come before those set here.
    explicit Orthanc(const std::map<std::string, int>& peers = {}, const std::string& options = "");
    ~Orthanc();
    Orthanc(const Orthanc&) = delete;
    Orthanc& operator=(const Orthanc&) = delete;
    Orthanc(Orthanc&&) = delete;
    Orthanc& operator=(Orthanc&&) = delete;

    [[nodiscard]] int dicom_port() const { return dicom_port_; }
    [[nodiscard]] int http_port() const { return http_port_; }
    [[nodiscard]] static const char* aet() { return "TESTPACS"; }
    [[nodiscard]] std::string peer() const;  // "TESTPACS@127.0.0.1:4242"
    // Of its DICOMweb plugin, "http://127.0.0.1:8042/dicom-web".
    [[nodiscard]] std::string web() const;
    // The answer to a request of its REST interface.
    [[nodiscard]] std::string get(const std::string& path) const;
    [[nodiscard]] std::string post(const std::string& path, const std::string& body) const;
    // Orthanc's own identifiers of all instances it holds.
    [[nodiscard]] std::vector<std::string> instances() const;
    // The file it keeps of an instance.
    void save_instance(const std::string& id, const std::filesystem::path& to) const;
    [[nodiscard]] std::filesystem::path log() const { return folder_.path() / "log"; }

 private:
    [[nodiscard]] std::string url(const std::string& path) const;

    TemporaryFolder folder_;
    std::string user_;  // "user:password", of "RegisteredUsers"
    int dicom_port_{0};
    int http_port_{0};
    int process_{-1};
};

}  // namespace dsm::test
