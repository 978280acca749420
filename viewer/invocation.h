// An action asked for by name, with its words: what a menu entry, a key, a button, a drag and a
// script line all become. Panels only ask; nothing changes until the action table is run.
#pragma once

#include <spdlog/fmt/fmt.h>

#include <string>
#include <utility>
#include <vector>

namespace dsm::viewer {

struct Invocation {
    std::string action;
    std::vector<std::string> arguments;
    friend bool operator==(const Invocation&, const Invocation&) = default;
};

class Intents {
 public:
    // Numbers are written so that reading them gives the same value.
    template <class... Arguments>
    void ask(std::string action, const Arguments&... arguments) {
        asked_.push_back({std::move(action), {fmt::format("{}", arguments)...}});
    }
    void ask(Invocation invocation) { asked_.push_back(std::move(invocation)); }
    [[nodiscard]] std::vector<Invocation> take() { return std::exchange(asked_, {}); }

 private:
    std::vector<Invocation> asked_;
};

}  // namespace dsm::viewer
