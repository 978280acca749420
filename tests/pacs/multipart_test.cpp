#include "dsp/dicom/network/web/multipart.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "dsp/dicom/network/archive.h"
#include "dsp/dicom/network/web/http.h"

using namespace dsm;
using namespace dsm::dicom;

namespace {

struct Read {
    std::vector<std::string> parts;
    std::size_t ended{0};
    bool finished{false};
    std::optional<Error> error;
};

Read read(const std::string& boundary, const std::string& content, std::size_t piece) {
    Read read;
    MultipartReader reader(boundary, {[&]() -> Result<void> {
                                          read.parts.emplace_back();
                                          return {};
                                      },
                                      [&](std::string_view bytes) -> Result<void> {
                                          read.parts.back() += bytes;
                                          return {};
                                      },
                                      [&]() -> Result<void> {
                                          ++read.ended;
                                          return {};
                                      }});
    for (std::size_t at = 0; at < content.size(); at += piece) {
        if (auto fed = reader.feed(std::string_view(content).substr(at, piece)); !fed) {
            read.error = fed.error();
            return read;
        }
    }
    read.finished = reader.finished();
    return read;
}

std::string part(const std::string& boundary, const std::string& content) {
    return "--" + boundary + "\r\nContent-Type: application/dicom\r\nContent-Length: 1\r\n\r\n" +
           content + "\r\n";
}

}  // namespace

TEST_CASE("parts come out as they went in, whatever the pieces they arrive in") {
    const std::string tricky = "\r\n--b\r\n-\r\n--\r\n\r\n--boundar \r\n" + std::string(3, '\0');
    const std::vector<std::string> contents{"first", tricky, "", std::string(5000, '\r')};
    std::string sent = "a preamble\r\n";
    for (const std::string& content : contents) {
        sent += part("boundary", content);
    }
    sent += "--boundary--\r\nan epilogue";
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 100000U}) {
        CAPTURE(piece);
        const Read got = read("boundary", sent, piece);
        CHECK_FALSE(got.error);
        CHECK(got.finished);
        CHECK(got.ended == contents.size());
        CHECK(got.parts == contents);
    }
    rc::check("any bytes in any pieces", [](const std::string& content) {
        RC_PRE(content.find("--a boundary") == std::string::npos);
        const auto piece = *rc::gen::inRange<std::size_t>(1, 50);
        const Read got = read("a boundary", part("a boundary", content) + "--a boundary--", piece);
        RC_ASSERT(got.finished);
        RC_ASSERT(got.parts == std::vector<std::string>{content});
    });
}

TEST_CASE("an answer cut short is not finished, and nonsense is refused in bounded memory") {
    const std::string whole = part("b", "content") + "--b--";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK_FALSE(read("b", whole.substr(0, size), 5).finished);
    }
    CHECK(read("b", "--b\r\n" + std::string(20000, 'h'), 1000).error);
    CHECK(read("b", "--b " + std::string(20000, ' '), 1000).error);
    CHECK(read("b", "--b\r\n\r\nx\r\n--bytes that look like one\r\n", 4).error);
    CHECK(read("b", std::string(100000, 'x'), 1000).parts.empty());
}

TEST_CASE("the boundary of a Content-Type") {
    CHECK(multipart_boundary("multipart/related; type=\"application/dicom\"; boundary=\"a b\"") ==
          "a b");
    CHECK(multipart_boundary("Multipart/Related;boundary=abc;type=x") == "abc");
    CHECK(multipart_boundary("application/dicom") == "");
    CHECK(multipart_boundary("multipart/related") == "");
    CHECK(multipart_boundary("multipart/related; boundary=\"open") == "");
    CHECK(multipart_boundary("multipart/related; boundary=" + std::string(71, 'b')) == "");
}

TEST_CASE("an archive is a peer or the base of a web service, and no URL holds a secret") {
    CHECK(name_of(*parse_archive("https://archive/dicom-web/")) == "https://archive/dicom-web");
    CHECK(name_of(*parse_archive("PACS@archive:104")) == "PACS@archive:104");
    for (const char* wrong : {"https://", "https:///x", "ftp://archive/x", "https://a/x?y=1",
                              "https://a/x#y", "https://a/ x", "https://:80/x", "archive"}) {
        CAPTURE(wrong);
        CHECK_FALSE(parse_archive(wrong));
    }
    const auto secret = parse_archive("https://doctor:hunter2@archive/dicom-web");
    REQUIRE_FALSE(secret);
    CHECK(secret.error().message().find("hunter2") == std::string::npos);
    CHECK(is_loopback_url("http://127.0.0.1:8042/x"));
    CHECK(is_loopback_url("http://[::1]:8042/x"));
    CHECK_FALSE(is_loopback_url("http://127.0.0.1.evil.org/x"));
    CHECK_FALSE(is_loopback_url("http://localhost.evil.org/x"));
    CHECK(percent_encoded("MÜLLER^A&b=/*") == "M%C3%9CLLER%5EA%26b%3D%2F*");
}
