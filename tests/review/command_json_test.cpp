#include "dsp/review/command_json.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/review/random_commands.h"

using namespace dsm;

TEST_CASE("any command comes back from its JSON bit for bit") {
    CHECK(rc::check([](const Command& command) {
        const auto text = to_json(command);
        RC_ASSERT(text.has_value());
        const auto back = command_from_json(*text);
        RC_ASSERT(back.has_value());
        RC_ASSERT(*back == command);
    }));
}

TEST_CASE("the JSON of a command is what the header says, and unknown fields are passed over") {
    const auto command = command_from_json(
        R"({"schema": "dsm-command/1", "type": "set_level_mark", "run": "1.2.3", "label": "T7",
            "center_px": [512.0, 400.5], "colour": {"deep": [1, {"er": null}]}})");
    REQUIRE(command);
    CHECK(*command == Command{SetLevelMark{"1.2.3", "T7", {512, 400.5}}});
}

TEST_CASE("a later schema is told apart from damage") {
    const auto later =
        command_from_json(R"({"schema": "dsm-command/2", "type": "set_level_mark"})");
    REQUIRE_FALSE(later);
    CHECK(later.error().kind == ErrorKind::unsupported);
    const auto none = command_from_json(R"({"type": "set_level_mark"})");
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == ErrorKind::unreadable);
}

TEST_CASE("JSON that is damaged, deep, huge or out of bounds is refused") {
    const std::string head = R"({"schema": "dsm-command/1", "run": "1", "type": )";
    const std::vector<std::string> hostile = {
        "",
        "null",
        "[]",
        "{",
        std::string(200'000, '['),
        head + R"("fly_away"})",
        head + R"(7})",
        head + R"("set_level_mark", "label": "T7"})",
        head + R"("set_level_mark", "label": 7, "center_px": [1, 2]})",
        head + R"("set_level_mark", "label": "T7", "center_px": [1]})",
        head + R"("set_level_mark", "label": "T7", "center_px": [1, 1e999]})",
        head + R"("remove_annotation", "id": 99999999999999999999})",
        head + R"("remove_annotation", "id": 18446744073709551615})",
        head + R"("remove_annotation", "id": 1.5})",
        head + R"("set_mask_frames", "frames": [4294967297]})",
        head + R"("set_mask_frames", "frames": {"0": 1}})",
        head + R"("add_annotation", "annotation": {"id": 1, "shape": {"kind": "cube"}}})",
        head + R"("group", "commands": [{"type": "group", "commands": 3}]})",
        head + "\"set_level_mark\", \"label\": \"\xC0\xAF\", \"center_px\": [1, 2]}",
    };
    for (const std::string& text : hostile) {
        INFO(text.substr(0, 120));
        CHECK_FALSE(command_from_json(text).has_value());
    }
    std::string groups = R"({"schema": "dsm-command/1", "type": "group", "commands": [)";
    std::string close = "]}";
    for (int i = 0; i < kMaxGroupDepth + 1; ++i) {
        groups += R"({"type": "group", "commands": [)";
        close += "]}";
    }
    CHECK_FALSE(command_from_json(groups + close).has_value());
}

TEST_CASE("any byte of a command's JSON can be changed without harm") {
    CHECK(rc::check([](const Command& command) {
        std::string text = to_json(command).value();
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        text[at] = *rc::gen::arbitrary<char>();
        Review review;
        if (const auto back = command_from_json(text)) {
            (void)execute(review, *back);
        }
        (void)command_from_json(text.substr(0, at));
    }));
}
