// DICOM over TLS: with Orthanc, with DCMTK's programs, and where trust is missing.
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/pacs/certificates.h"
#include "tests/pacs/dsm_programs.h"
#include "tests/pacs/other_programs.h"

using namespace dsm;
using namespace dsm::test;
namespace fs = std::filesystem;

namespace {

Finished echo(const std::string& peer, std::vector<std::string> more = {}) {
    std::vector<std::string> command{"send",       "--to", peer,        "--echo",
                                     "--attempts", "1",    "--timeout", "5"};
    command.insert(command.end(), more.begin(), more.end());
    return dsm_command(command);
}

}  // namespace

TEST_CASE("TLS: Orthanc takes, lists and gives back, and has to know us") {
    enter_private_network();
    if (is_missing("openssl") || is_missing("Orthanc") || is_missing("curl")) {
        return;
    }
    const Certificates made;
    made.add("client", "DNS:dsm");
    const nlohmann::json options{{"DicomTlsEnabled", true},
                                 {"DicomTlsCertificate", made.cert()},
                                 {"DicomTlsPrivateKey", made.key()},
                                 {"DicomTlsTrustedCertificates", made.ca()}};
    const Orthanc archive({}, options.dump());
    const std::vector<std::string> tls{"--tls",
                                       "--ca",
                                       made.ca(),
                                       "--cert",
                                       made.file("client.pem"),
                                       "--key",
                                       made.file("client.key")};
    const AllObjects all;
    const auto with_tls = [&](std::vector<std::string> command) {
        command.insert(command.end(), tls.begin(), tls.end());
        return dsm_command(command);
    };
    const Finished sent = with_tls({"send", "--to", archive.peer(), all.run().string()});
    INFO(sent.err << read_file(archive.log()));
    CHECK(sent.exit_code == 0);
    CHECK(with_tls({"find", "--from", archive.peer()}).out.find(kStudy) != std::string::npos);
    const TemporaryFolder folder;
    const Finished got = with_tls({"fetch", "--from", archive.peer(), "--study", kStudy, "--method",
                                   "get", "--out", folder.path().string()});
    INFO(got.err);
    CHECK(got.exit_code == 0);
    CHECK(std::count(got.out.begin(), got.out.end(), '\n') == 1);
    const Finished anonymous = echo(archive.peer(), {"--tls", "--ca", made.ca()});
    CHECK(anonymous.exit_code == 1);
    CHECK(std::count(anonymous.err.begin(), anonymous.err.end(), '\n') == 1);
}

TEST_CASE("TLS: dsm serve and dsm send trust whom they are told to, and say whom they do not") {
    enter_private_network();
    if (is_missing("openssl")) {
        return;
    }
    const Certificates made;
    made.add_authority("stranger");
    made.add("client", "DNS:dsm");
    made.add("other", "DNS:elsewhere");
    const AllObjects all;
    const std::vector<std::string> ca{"--tls", "--ca", made.ca()};
    const Serving server({"--tls", "--cert", made.cert(), "--key", made.key()});
    const Finished sent = dsm_command(
        {"send", "--to", server.peer(), "--tls", "--ca", made.ca(), all.run().string()});
    INFO(sent.err << server.log());
    CHECK(sent.exit_code == 0);
    CHECK(server.kept() == 1);
    if (const auto storescu = installed("storescu")) {
        CHECK(run_program({*storescu, "--anonymous-tls", "--add-cert-file", made.ca(), "-aec",
                           "DSM", "127.0.0.1", server.port(), all.run().string()})
                  .exit_code == 0);
    }
    const Finished stranger = echo(server.peer(), {"--tls", "--ca", made.file("stranger.pem")});
    CHECK(stranger.exit_code == 1);
    CHECK(is_one_line(stranger.err, "certificate is not trusted"));
    const Finished plain = echo(server.peer());
    CHECK(plain.exit_code == 1);
    CHECK(is_one_line(plain.err, "--tls"));

    const Serving elsewhere(
        {"--tls", "--cert", made.file("other.pem"), "--key", made.file("other.key")});
    const Finished mismatch = echo(elsewhere.peer(), ca);
    CHECK(mismatch.exit_code == 1);
    CHECK(is_one_line(mismatch.err, "certificate is not trusted"));

    const Serving untold;
    const Finished to_plain = echo(untold.peer(), ca);
    CHECK(to_plain.exit_code == 1);
    CHECK(is_one_line(to_plain.err, "leave --tls out"));

    const Serving strict({"--tls", "--cert", made.cert(), "--key", made.key(), "--ca", made.ca()});
    const Finished anonymous = echo(strict.peer(), ca);
    CHECK(anonymous.exit_code == 1);
    CHECK(std::count(anonymous.err.begin(), anonymous.err.end(), '\n') == 1);
    CHECK(strict.says("did not open an association"));
    CHECK(echo(strict.peer(), {"--tls", "--ca", made.ca(), "--cert", made.file("client.pem"),
                               "--key", made.file("client.key")})
              .exit_code == 0);
}

TEST_CASE("TLS: keys are kept, passwords are not told, and wrong files cost one line") {
    enter_private_network();
    if (is_missing("openssl")) {
        return;
    }
    const Certificates made;
    made.add("client", "DNS:dsm");
    REQUIRE(run_program({"openssl", "rsa", "-aes256", "-passout", "pass:hunter2", "-in", made.key(),
                         "-out", made.file("locked.key")})
                .exit_code == 0);
    const std::string right = made.add_file("right", "hunter2\n");
    const std::string wrong = made.add_file("wrong", "swordfish\n");
    const std::string open = made.add_file("open.key", read_file(made.key()), 0644);
    const Serving server({"--tls", "--cert", made.cert(), "--key", made.file("locked.key"),
                          "--key-password-file", right});
    CHECK(echo(server.peer(), {"--tls", "--ca", made.ca()}).exit_code == 0);
    CHECK(server.log().find("hunter2") == std::string::npos);
    CHECK(server.log().find("PRIVATE") == std::string::npos);
    const TemporaryFolder folder;
    const auto serve = [&](std::vector<std::string> more) {
        more.insert(more.begin(),
                    {"serve", "--dir", folder.path().string(), "--port", "0", "--tls"});
        return dsm_command(more);
    };
    const std::vector<Finished> failed{
        serve({"--cert", made.cert(), "--key", made.file("locked.key"), "--key-password-file",
               wrong}),
        serve({"--cert", made.cert(), "--key", made.file("locked.key")}),
        serve({"--cert", made.cert(), "--key", made.file("client.key")}),
        serve({"--cert", made.cert(), "--key", open}),
        serve({"--cert", made.cert()}),
        serve({}),
        serve({"--cert", made.ca() + "x", "--key", made.key()}),
        serve({"--cert", made.key(), "--key", made.key()})};
    for (const Finished& each : failed) {
        INFO(each.err);
        CHECK(each.exit_code == 1);
        CHECK(std::count(each.err.begin(), each.err.end(), '\n') == 1);
        CHECK(each.err.find("hunter2") == std::string::npos);
        CHECK(each.err.find("swordfish") == std::string::npos);
    }
}
