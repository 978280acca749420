#include "viewer/short_text.h"

#include <catch2/catch.hpp>
#include <string>

using namespace dsm;
using namespace dsm::viewer;

TEST_CASE("a text is shortened between characters, never within one") {
    const std::string text = "0.0073 \xc2\xb1 0.0004 \xe2\x9c\x93 \xf0\x9f\xa6\xb4";
    const std::string ellipsis = "\xe2\x80\xa6";
    for (std::size_t room = 3; room < text.size(); ++room) {
        const auto cut = shortened(text, [&](const std::string& t) { return t.size() <= room; });
        CAPTURE(room, cut);
        REQUIRE(cut.size() <= room);
        REQUIRE(cut.substr(cut.size() - ellipsis.size()) == ellipsis);
        const auto kept = cut.substr(0, cut.size() - ellipsis.size());
        CHECK(text.substr(0, kept.size()) == kept);
        CHECK((static_cast<unsigned char>(text[kept.size()]) & 0xC0U) != 0x80U);
    }
    CHECK(shortened(text, [](const std::string&) { return true; }) == text);
    CHECK(shortened(text, [](const std::string&) { return false; }) == ellipsis);
    CHECK(shortened("\x80\x80", [](const std::string&) { return false; }) == ellipsis);
}

TEST_CASE("no grade reads as a side of the patient") {
    Highlight highlight;
    highlight.kind = LeakKind::csf_venous_fistula;
    for (const Grade grade : {Grade::definite, Grade::high, Grade::low}) {
        highlight.grade = grade;
        CHECK(std::string(short_grade(highlight)).size() > 1);
    }
    highlight.kind = LeakKind::renal_excretion;
    CHECK(std::string(short_grade(highlight)) == "n");
}
