// Commands and steps as JSON text, for the journal and for export.
// {"schema": "dsm-command/1", "type": "set_level_mark", "run": "1.2.3", "label": "T7",
//  "center_px": [512.0, 400.0]}
// Unknown fields are passed over; a later schema, an unknown type, a missing field or a value out
// of bounds is an error. Numbers come back bit for bit. Pure functions, safe from any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dsp/review/history.h"

namespace dsm {

inline constexpr std::size_t kMaxCommandJsonBytes = 16'000'000;

// An error where the text would be longer than what is read back.
[[nodiscard]] Result<std::string> to_json(const Command&);
[[nodiscard]] Result<Command> command_from_json(std::string_view text);

// {"schema": "dsm-step/1", "action": "execute", "label": "Mark T7", "merges": false,
//  "command": {...}}; "undo" and "redo" have no more than the action.
[[nodiscard]] Result<std::string> to_json(const Step&);
[[nodiscard]] Result<Step> step_from_json(std::string_view text);

}  // namespace dsm
