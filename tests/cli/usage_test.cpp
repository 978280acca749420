// Wrong usage ends with 2 and one line; help is everywhere.
#include <catch2/catch.hpp>

#include "tests/cli/cli_support.h"

using namespace dsm;
using test::dsm_command;

TEST_CASE("every command has help on stdout and ends well") {
    for (const char* command : {"", "info", "process", "live", "phantom", "evaluate"}) {
        std::vector<std::string> arguments;
        if (*command != '\0') {
            arguments.emplace_back(command);
        }
        arguments.emplace_back("--help");
        const auto help = dsm_command(arguments);
        INFO(command);
        CHECK(help.exit_code == 0);
        CHECK(help.out.find("Usage") != std::string::npos);
        CHECK(help.err.empty());
    }
}

TEST_CASE("the version says what it is and what it is not for") {
    const auto version = dsm_command({"--version"});
    CHECK(version.exit_code == 0);
    CHECK(version.out.find("dsm 0.") == 0);
    CHECK(version.out.find("not for diagnostic use") != std::string::npos);
}

TEST_CASE("wrong usage ends with 2 and one line that names it") {
    const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
        {{}, "subcommand"},
        {{"frobnicate"}, "subcommand"},
        {{"process"}, "RUN"},
        {{"process", "a.dcm"}, "--out"},
        {{"process", "a.dcm", "--out", "x", "--mode", "later"}, "later"},
        {{"process", "a.dcm", "--out", "x", "--backend", "abacus"}, "abacus"},
        {{"process", "a.dcm", "--out", "x", "--registration", "bent"}, "bent"},
        {{"process", "a.dcm", "--out", "x", "--masks", "0,,1"}, "0,,1"},
        {{"process", "a.dcm", "--out", "x", "--masks", "-3"}, "-3"},
        {{"process", "a.dcm", "--out", "x", "--masks", "99999999999"}, "99999999999"},
        {{"process", "a.dcm", "--out", "x", "--dump", "opacity,sould"}, "sould"},
        {{"process", "a.dcm", "--out", "x", "--dump", "soul"}, "soul"},
        {{"process", "a.dcm", "--out", "x", "--export", "sr,hologram"}, "hologram"},
        {{"process", "a.dcm", "--out", "x", "--unheard-of"}, "--unheard-of"},
        {{"evaluate", "only-one"}, "TRUTHS"},
    };
    for (const auto& [arguments, named] : wrong) {
        const auto finished = dsm_command(arguments);
        INFO(named << " | " << finished.err);
        CHECK(finished.exit_code == 2);
        CHECK(finished.out.empty());
        CHECK(test::is_one_error_line(finished.err, named));
    }
}
