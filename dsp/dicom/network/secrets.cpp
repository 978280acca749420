#include "dsp/dicom/network/secrets.h"

#include <openssl/evp.h>
#include <sys/stat.h>

#include <fstream>
#include <utility>
#include <vector>

namespace dsm::dicom {
namespace {

namespace fs = std::filesystem;

Result<void> check_private(const fs::path& file) {
    struct stat state {};
    if (::stat(file.c_str(), &state) != 0 || !S_ISREG(state.st_mode)) {
        return fail(ErrorKind::not_found, file.string(), "is no file that can be read",
                    "check its name");
    }
    // A group may be what a service's key is for; everybody is nobody's secret.
    if ((state.st_mode & S_IROTH) != 0) {
        return fail(ErrorKind::invalid_input, file.string(), "can be read by everybody",
                    "chmod 600 it");
    }
    return {};
}

std::string base64(const std::string& text) {
    std::vector<unsigned char> encoded(4 * ((text.size() + 2) / 3) + 1);
    const int size =
        EVP_EncodeBlock(encoded.data(), reinterpret_cast<const unsigned char*>(text.data()),
                        static_cast<int>(text.size()));
    return {encoded.begin(), encoded.begin() + size};
}

}  // namespace

Result<std::string> read_secret(const fs::path& file) {
    if (file.empty()) {
        return std::string();
    }
    if (auto ours = check_private(file); !ours) {
        return tl::unexpected(ours.error());
    }
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) && !in.eof()) {
        return fail(ErrorKind::io, file.string(), "cannot be read", "check its permissions");
    }
    constexpr std::size_t kLongest = 16384;
    if (line.empty() || line.size() > kLongest ||
        line.find_first_of(std::string("\r\0", 2)) != std::string::npos) {
        return fail(ErrorKind::invalid_input, file.string(), "holds no line of text",
                    "put the secret alone on its first line, with a Unix line end");
    }
    return line;
}

Result<std::string> authorization_header(const fs::path& file) {
    auto line = read_secret(file);
    if (!line || line->starts_with("Bearer ")) {
        return line;
    }
    if (line->find(':') == std::string::npos) {
        return fail(ErrorKind::invalid_input, file.string(), "holds no credentials",
                    "write user:password, or Bearer and a token, on its first line");
    }
    return "Basic " + base64(*line);
}

Result<void> check_tls_files(const TlsOptions& tls) {
    if (tls.certificate.empty() != tls.key.empty()) {
        return fail(ErrorKind::invalid_input, "--cert and --key", "one is given without the other",
                    "give both, or none");
    }
    for (const fs::path& file : {tls.authorities, tls.certificate}) {
        std::error_code problem;
        if (!file.empty() && !fs::is_regular_file(file, problem)) {
            return fail(ErrorKind::not_found, file.string(), "is no file that can be read",
                        "name a PEM file");
        }
    }
    return tls.key.empty() ? Result<void>() : check_private(tls.key);
}

}  // namespace dsm::dicom
