// Reads a JSON document of unknown manners: every access is checked, the first thing that is wrong
// is kept with its place ("highlights[2].confidence"), and reading goes on with harmless values.
// Fields nobody asks for are ignored. Not thread-safe.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "dsp/core/units.h"

namespace dsm {

class JsonCursor {
 public:
    // `problem` stays empty while all is well; both must outlive the cursor.
    JsonCursor(const nlohmann::json& value, std::string& problem)
        : value_(&value), problem_(&problem) {}

    // The field `key`, or a null where it is absent.
    [[nodiscard]] JsonCursor at(const std::string& key) const;
    [[nodiscard]] std::vector<JsonCursor> items() const;  // of an array; null is an empty one
    [[nodiscard]] bool is_null() const { return value_->is_null(); }
    [[nodiscard]] bool is_string() const { return value_->is_string(); }

    [[nodiscard]] double number() const;  // finite
    [[nodiscard]] std::optional<double> number_or_null() const;
    [[nodiscard]] double number_or_nan() const;  // null reads as NaN
    [[nodiscard]] int integer(int least = std::numeric_limits<int>::min(),
                              int most = std::numeric_limits<int>::max()) const;
    [[nodiscard]] std::int64_t count() const;  // whole, from 0 to 2^53
    [[nodiscard]] bool boolean(bool if_null) const;
    [[nodiscard]] std::string text() const;             // null reads as empty
    [[nodiscard]] Point point() const;                  // [x, y]
    [[nodiscard]] std::vector<double> numbers() const;  // null reads as empty, entries as NaN
    [[nodiscard]] std::vector<int> integers(int least, int most) const;
    [[nodiscard]] std::vector<Point> points() const;
    [[nodiscard]] std::vector<std::string> texts() const;

    // Remembers what is wrong here, unless something was wrong before.
    void complain(const std::string& what) const;

 private:
    JsonCursor(const nlohmann::json& value, std::string& problem, std::string place)
        : value_(&value), problem_(&problem), place_(std::move(place)) {}

    const nlohmann::json* value_;
    std::string* problem_;
    std::string place_;
};

}  // namespace dsm
