#include "tests/pacs/certificates.h"

#include <sys/stat.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace dsm::test {

Certificates::Certificates() {
    add_authority("ca");
    add("server", "IP:127.0.0.1");
}

void Certificates::openssl(const std::string& arguments) const {
    std::vector<std::string> command{"openssl"};
    std::istringstream words(arguments);
    for (std::string word; words >> word;) {
        // A name with a dot is a file of ours.
        const bool is_file = word.find('.') != std::string::npos;
        command.push_back(is_file ? file(word) : word);
    }
    const Finished done = run_program(command);
    if (done.exit_code != 0) {
        throw std::runtime_error("openssl " + arguments + ": " + done.err);
    }
}

void Certificates::add_authority(const std::string& name) const {
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=" + name + " -keyout " + name +
            ".key -out " + name + ".pem");
}

void Certificates::add(const std::string& name, const std::string& host,
                       const std::string& ca) const {
    openssl("req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " +
            name + ".csr");
    std::ofstream(file(name + ".ext")) << "subjectAltName=" << host << "\n";
    openssl("x509 -req -days 2 -in " + name + ".csr -CA " + ca + ".pem -CAkey " + ca +
            ".key -CAcreateserial -extfile " + name + ".ext -out " + name + ".pem");
}

std::string Certificates::add_file(const std::string& name, const std::string& content,
                                   int mode) const {
    std::ofstream(file(name)) << content;
    ::chmod(file(name).c_str(), static_cast<mode_t>(mode));
    return file(name);
}

}  // namespace dsm::test
