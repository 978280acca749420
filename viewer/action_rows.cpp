#include "viewer/action_rows.h"

#include <utility>

#include "viewer/workspace.h"

namespace dsm::viewer {

namespace {

Result<bool> on_or_off(const Words& words, bool now) {
    constexpr const char* kOnOff[] = {"off", "on"};
    if (words.count() == 0) {
        return !now;
    }
    const auto choice = words.choice(0, kOnOff, "the switch");
    return choice ? Result<bool>(*choice == 1) : tl::unexpected(choice.error());
}

}  // namespace

Action flag(std::string name, std::string label, std::string keys, Menu menu,
            bool ViewState::*member) {
    return {std::move(name),
            std::move(label),
            std::move(keys),
            "[on|off]",
            menu,
            always,
            [member](Workspace& w, const Words& words) -> Result<void> {
                const auto value = on_or_off(words, w.view.*member);
                if (!value) {
                    return tl::unexpected(value.error());
                }
                w.view.*member = *value;
                return {};
            },
            [member](const Workspace& w) { return w.view.*member; }};
}

}  // namespace dsm::viewer
