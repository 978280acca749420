#include "dsp/pipeline/json_cursor.h"

namespace dsm {
namespace {

const nlohmann::json& nothing() {
    static const nlohmann::json null;
    return null;
}

}  // namespace

JsonCursor JsonCursor::at(const std::string& key) const {
    const std::string place = place_.empty() ? key : place_ + "." + key;
    if (!value_->is_object()) {
        if (!value_->is_null()) {
            complain("is not an object");
        }
        return {nothing(), *problem_, place};
    }
    const auto found = value_->find(key);
    return {found == value_->end() ? nothing() : *found, *problem_, place};
}

std::vector<JsonCursor> JsonCursor::items() const {
    std::vector<JsonCursor> entries;
    if (value_->is_null()) {
        return entries;
    }
    if (!value_->is_array()) {
        complain("is not a list");
        return entries;
    }
    entries.reserve(value_->size());
    for (std::size_t i = 0; i < value_->size(); ++i) {
        entries.push_back(
            JsonCursor{(*value_)[i], *problem_, place_ + "[" + std::to_string(i) + "]"});
    }
    return entries;
}

double JsonCursor::number() const {
    if (!value_->is_number()) {
        complain(value_->is_null() ? "is missing" : "is not a number");
        return 0.0;
    }
    const double value = value_->get<double>();
    if (!std::isfinite(value)) {
        complain("is not a finite number");
        return 0.0;
    }
    return value;
}

std::optional<double> JsonCursor::number_or_null() const {
    if (value_->is_null()) {
        return std::nullopt;
    }
    return number();
}

double JsonCursor::number_or_nan() const {
    return value_->is_null() ? std::numeric_limits<double>::quiet_NaN() : number();
}

int JsonCursor::integer(int least, int most) const {
    const double value = number();
    if (value != std::floor(value)) {
        complain("is not a whole number");
        return least > 0 ? least : 0;
    }
    if (value < static_cast<double>(least) || value > static_cast<double>(most)) {
        complain("is out of range");
        return least > 0 ? least : 0;
    }
    return static_cast<int>(value);
}

std::int64_t JsonCursor::count() const {
    constexpr double kMostExact = 9007199254740992.0;
    const double value = number();
    if (value != std::floor(value) || value < 0.0 || value > kMostExact) {
        complain("is not a count");
        return 0;
    }
    return static_cast<std::int64_t>(value);
}

bool JsonCursor::boolean(bool if_null) const {
    if (value_->is_null()) {
        return if_null;
    }
    if (!value_->is_boolean()) {
        complain("is neither true nor false");
        return if_null;
    }
    return value_->get<bool>();
}

std::string JsonCursor::text() const {
    if (value_->is_null()) {
        return {};
    }
    if (!value_->is_string()) {
        complain("is not a text");
        return {};
    }
    return value_->get<std::string>();
}

Point JsonCursor::point() const {
    if (!value_->is_array() || value_->size() != 2) {
        complain("is not a point [x, y]");
        return {};
    }
    const auto both = items();
    return {both[0].number(), both[1].number()};
}

std::vector<double> JsonCursor::numbers() const {
    std::vector<double> values;
    for (const JsonCursor& entry : items()) {
        values.push_back(entry.number_or_nan());
    }
    return values;
}

std::vector<int> JsonCursor::integers(int least, int most) const {
    std::vector<int> values;
    for (const JsonCursor& entry : items()) {
        values.push_back(entry.integer(least, most));
    }
    return values;
}

std::vector<Point> JsonCursor::points() const {
    std::vector<Point> values;
    for (const JsonCursor& entry : items()) {
        values.push_back(entry.point());
    }
    return values;
}

std::vector<std::string> JsonCursor::texts() const {
    std::vector<std::string> values;
    for (const JsonCursor& entry : items()) {
        values.push_back(entry.text());
    }
    return values;
}

void JsonCursor::complain(const std::string& what) const {
    if (problem_->empty()) {
        *problem_ = (place_.empty() ? std::string("the document") : place_) + " " + what;
    }
}

}  // namespace dsm
