#include "viewer/short_text.h"

namespace dsm::viewer {

namespace {

constexpr const char* kEllipsis = "\xe2\x80\xa6";

bool continues_a_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string shortened(const std::string& text,
                      const std::function<bool(const std::string&)>& fits) {
    if (fits(text)) {
        return text;
    }
    std::string kept = text;
    while (!kept.empty() && !fits(kept + kEllipsis)) {
        while (kept.size() > 1 && continues_a_character(kept.back())) {
            kept.pop_back();
        }
        kept.pop_back();
    }
    return kept + kEllipsis;
}

const char* short_grade(const Highlight& highlight) {
    if (!is_leak(highlight.kind)) {
        return "n";
    }
    switch (highlight.grade) {
        case Grade::definite:
            return "def.";
        case Grade::high:
            return "high";
        case Grade::low:
            break;
    }
    return "low";
}

}  // namespace dsm::viewer
