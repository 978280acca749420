#include "dsp/review/json_fields.h"

#include <algorithm>

namespace dsm {
namespace {

// Depth of the deepest bracket outside strings; the parser would build it all first.
int depth_of(std::string_view text) {
    int depth = 0;
    int deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\') {
                ++i;
            }
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

}  // namespace

Result<nlohmann::json> JsonFields::parse(std::string_view text, std::size_t max_bytes,
                                         int max_depth) {
    if (text.size() > max_bytes) {
        return fail(ErrorKind::unreadable, "JSON", "is too long");
    }
    if (depth_of(text) > max_depth) {
        return fail(ErrorKind::unreadable, "JSON", "is nested too deeply");
    }
    auto json = nlohmann::json::parse(text, nullptr, false);
    if (json.is_discarded() || !json.is_object()) {
        return fail(ErrorKind::unreadable, "JSON", "is not a JSON object");
    }
    return json;
}

void JsonFields::blame(std::string what) const {
    if (problem_->empty()) {
        *problem_ = std::move(what);
    }
}

const nlohmann::json* JsonFields::optional_field(const nlohmann::json& object, const char* name) {
    if (!object.is_object()) {
        return nullptr;
    }
    const auto found = object.find(name);
    return found == object.end() || found->is_null() ? nullptr : &*found;
}

const nlohmann::json* JsonFields::field(const nlohmann::json& object, const char* name) const {
    const nlohmann::json* found = optional_field(object, name);
    if (found == nullptr) {
        blame(std::string("has no ") + name);
    }
    return found;
}

std::string JsonFields::text(const nlohmann::json& object, const char* name) const {
    const nlohmann::json* found = field(object, name);
    if (found == nullptr || !found->is_string()) {
        blame(std::string(name) + " is not text");
        return {};
    }
    return found->get<std::string>();
}

std::string JsonFields::optional_text(const nlohmann::json& object, const char* name) const {
    return optional_field(object, name) == nullptr ? std::string{} : text(object, name);
}

bool JsonFields::flag(const nlohmann::json& object, const char* name) const {
    const nlohmann::json* found = optional_field(object, name);
    if (found != nullptr && !found->is_boolean()) {
        blame(std::string(name) + " is neither true nor false");
        return false;
    }
    return found != nullptr && found->get<bool>();
}

double JsonFields::number(const nlohmann::json& object, const char* name) const {
    const nlohmann::json* found = field(object, name);
    if (found == nullptr || !found->is_number()) {
        blame(std::string(name) + " is not a number");
        return 0.0;
    }
    return found->get<double>();
}

std::int64_t JsonFields::integer(const nlohmann::json& value, std::int64_t min,
                                 std::int64_t max) const {
    // A number beyond int64 is held as uint64 and would wrap.
    const bool held = value.is_number_unsigned()
                          ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX)
                          : value.is_number_integer();
    if (!held) {
        blame("a number is not whole, or out of bounds");
        return 0;
    }
    const auto number = value.get<std::int64_t>();
    if (number < min || number > max) {
        blame("a number is out of bounds");
        return 0;
    }
    return number;
}

std::int64_t JsonFields::integer(const nlohmann::json& object, const char* name, std::int64_t min,
                                 std::int64_t max) const {
    const nlohmann::json* found = field(object, name);
    return found == nullptr ? 0 : integer(*found, min, max);
}

Point JsonFields::point(const nlohmann::json& value) const {
    if (!value.is_array() || value.size() != 2 || !value[0].is_number() || !value[1].is_number()) {
        blame("a position is not [x, y]");
        return {};
    }
    return {value[0].get<double>(), value[1].get<double>()};
}

Point JsonFields::point(const nlohmann::json& object, const char* name) const {
    const nlohmann::json* found = field(object, name);
    return found == nullptr ? Point{} : point(*found);
}

const nlohmann::json* JsonFields::array(const nlohmann::json& object, const char* name,
                                        std::size_t max_size) const {
    const nlohmann::json* found = field(object, name);
    if (found == nullptr || !found->is_array() || found->size() > max_size) {
        blame(std::string(name) + " is not a list, or too long a one");
        return nullptr;
    }
    return found;
}

}  // namespace dsm
