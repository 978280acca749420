// Finding an action by what it is called. No window: it can be tested.
#pragma once

#include <string_view>
#include <vector>

#include "viewer/action_table.h"

namespace dsm::viewer {

// The actions that `text` may mean, the likeliest first: its first word begins a word of the label,
// is in it, or its letters come in it in this order (name and label count); those that can be done
// now before those that cannot. All of them for no text, in the table's order.
[[nodiscard]] std::vector<const Action*> matching_actions(const ActionTable&, const Workspace&,
                                                          std::string_view text);

}  // namespace dsm::viewer
