#include "dsp/core/result.h"

namespace dsm {

std::string Error::message() const {
    std::string line = subject.empty() ? what : subject + ": " + what;
    if (!remedy.empty()) {
        line += "; " + remedy;
    }
    for (char& c : line) {  // one line, whatever a hostile file put into it
        if (static_cast<unsigned char>(c) < 0x20) {
            c = ' ';
        }
    }
    return line;
}

}  // namespace dsm
