// Key images as JSON, for commands. Internal to this room.
#pragma once

#include <nlohmann/json.hpp>

#include "dsp/review/json_fields.h"
#include "dsp/review/review.h"

namespace dsm {

// All but the stamp, which is written and read as that of every mark.
[[nodiscard]] nlohmann::json key_image_to_json(const KeyImage& image);
[[nodiscard]] KeyImage key_image_from_json(const nlohmann::json& from, const JsonFields& fields);

}  // namespace dsm
