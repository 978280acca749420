// Rows of the action table that several subjects share.
#pragma once

#include <string>

#include "viewer/action_table.h"
#include "viewer/view_state.h"

namespace dsm::viewer {

// Switches one flag of the view state; without a word it turns it over.
[[nodiscard]] Action flag(std::string name, std::string label, std::string keys, Menu menu,
                          bool ViewState::*member);

}  // namespace dsm::viewer
