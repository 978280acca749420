// Certificates made by openssl for one test.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/support.h"

namespace dsm::test {

class Certificates {
 public:
    // An authority, and for 127.0.0.1 a certificate it vouches for.
    Certificates();
    [[nodiscard]] std::string file(const std::string& name) const {
        return (folder_.path() / name).string();
    }
    [[nodiscard]] std::string ca() const { return file("ca.pem"); }
    [[nodiscard]] std::string cert() const { return file("server.pem"); }
    [[nodiscard]] std::string key() const { return file("server.key"); }
    // NAME.pem and NAME.key, for `host` ("IP:127.0.0.1", "DNS:other"), vouched for by `ca`.
    void add(const std::string& name, const std::string& host, const std::string& ca = "ca") const;
    // NAME.pem and NAME.key of another authority.
    void add_authority(const std::string& name) const;
    // A file with this content and these permissions.
    [[nodiscard]] std::string add_file(const std::string& name, const std::string& content,
                                       int mode = 0600) const;

 private:
    void openssl(const std::string& arguments) const;
    TemporaryFolder folder_;
};

}  // namespace dsm::test
