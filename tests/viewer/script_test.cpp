#include "viewer/script.h"

#include <catch2/catch.hpp>

using namespace dsm::viewer;

TEST_CASE("a script is one action per line, with quotes, remarks and empty lines") {
    const auto lines = parse_script(
        "open run.dcm  # the sample\n"
        "\n"
        "   # nothing\n"
        "annotate-text 300 200 \"vein, \\\"late\\\"\"\r\n"
        "open \"a folder/with blanks\"\n",
        "tour.txt");
    REQUIRE(lines);
    REQUIRE(lines->size() == 3);
    CHECK((*lines)[0].invocation == Invocation{"open", {"run.dcm"}});
    CHECK((*lines)[1].number == 4);
    CHECK((*lines)[1].invocation == Invocation{"annotate-text", {"300", "200", "vein, \"late\""}});
    CHECK((*lines)[2].invocation.arguments.front() == "a folder/with blanks");
}

TEST_CASE("a quote that is not closed is refused with its line") {
    const auto lines = parse_script("goto 3\nannotate-text 1 2 \"open\n\"", "tour.txt");
    REQUIRE_FALSE(lines);
    CHECK(lines.error().subject == "tour.txt:2");
}

TEST_CASE("an empty text is a word of its own") {
    const auto words = split_words("edit-text 3 \"\"");
    REQUIRE(words);
    CHECK(words->size() == 3);
}
