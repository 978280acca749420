// Reading fields of hostile JSON: each reader leaves a reason in `problem` and goes on with an
// empty value, so that the caller asks once at the end.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/core/units.h"

namespace dsm {

class JsonFields {
 public:
    // Objects and arrays nested deeper than `max_depth` are refused before memory is taken.
    static Result<nlohmann::json> parse(std::string_view text, std::size_t max_bytes,
                                        int max_depth);

    explicit JsonFields(std::string& problem) : problem_(&problem) {}

    // Nothing, with the problem noted, where `name` is absent.
    const nlohmann::json* field(const nlohmann::json& object, const char* name) const;
    // Nothing, and no problem, where `name` is absent or null.
    static const nlohmann::json* optional_field(const nlohmann::json& object, const char* name);

    std::string text(const nlohmann::json& object, const char* name) const;
    std::string optional_text(const nlohmann::json& object, const char* name) const;
    bool flag(const nlohmann::json& object, const char* name) const;  // absent: false
    double number(const nlohmann::json& object, const char* name) const;
    std::int64_t integer(const nlohmann::json& object, const char* name, std::int64_t min,
                         std::int64_t max) const;
    std::int64_t integer(const nlohmann::json& value, std::int64_t min, std::int64_t max) const;
    Point point(const nlohmann::json& object, const char* name) const;
    Point point(const nlohmann::json& value) const;
    // The array `name` if it has at most `max_size` entries.
    const nlohmann::json* array(const nlohmann::json& object, const char* name,
                                std::size_t max_size) const;
    void blame(std::string what) const;

 private:
    std::string* problem_;  // the first one stays
};

}  // namespace dsm
