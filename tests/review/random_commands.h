// RapidCheck generators: commands that are mostly valid against a given Review, on few runs, few
// ids and few levels, so that they meet.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "dsp/review/commands.h"

namespace dsm::test {

[[nodiscard]] rc::Gen<Point> any_point();
[[nodiscard]] rc::Gen<Annotation> any_annotation();
[[nodiscard]] rc::Gen<Command> any_command(int depth = 2);
[[nodiscard]] rc::Gen<std::vector<Command>> any_commands();

}  // namespace dsm::test

namespace rc {
template <>
struct Arbitrary<dsm::Command> {
    static Gen<dsm::Command> arbitrary() { return dsm::test::any_command(); }
};
}  // namespace rc
