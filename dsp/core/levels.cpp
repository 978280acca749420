#include "dsp/core/levels.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "dsp/core/atomic_file.h"

namespace dsm {
namespace {

struct OrderedMark {
    int order;
    LevelMark mark;
};

// Slopes of a monotone cubic Hermite curve (Fritsch & Carlson, SIAM J. Numer. Anal. 17, 1980):
// no overshoot between marks, so levels never swap places.
std::vector<double> monotone_slopes(const std::vector<double>& at,
                                    const std::vector<double>& value) {
    const std::size_t count = at.size();
    std::vector<double> secant(count - 1);
    for (std::size_t i = 0; i + 1 < count; ++i) {
        secant[i] = (value[i + 1] - value[i]) / (at[i + 1] - at[i]);
    }
    std::vector<double> slope(count);
    slope.front() = secant.front();
    slope.back() = secant.back();
    for (std::size_t i = 1; i + 1 < count; ++i) {
        slope[i] = secant[i - 1] * secant[i] <= 0.0 ? 0.0 : 0.5 * (secant[i - 1] + secant[i]);
    }
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (secant[i] == 0.0) {
            slope[i] = slope[i + 1] = 0.0;
            continue;
        }
        const double a = slope[i] / secant[i];
        const double b = slope[i + 1] / secant[i];
        const double size = std::hypot(a, b);
        if (size > 3.0) {
            slope[i] = 3.0 / size * a * secant[i];
            slope[i + 1] = 3.0 / size * b * secant[i];
        }
    }
    return slope;
}

double hermite(const std::vector<double>& at, const std::vector<double>& value,
               const std::vector<double>& slope, double where) {
    const auto above = std::upper_bound(at.begin(), at.end(), where);
    const auto last = static_cast<std::ptrdiff_t>(at.size()) - 2;
    const auto i =
        static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(above - at.begin() - 1, 0, last));
    const double span = at[i + 1] - at[i];
    const double t = (where - at[i]) / span;
    const double t2 = t * t;
    const double t3 = t2 * t;
    return (2 * t3 - 3 * t2 + 1) * value[i] + (t3 - 2 * t2 + t) * span * slope[i] +
           (-2 * t3 + 3 * t2) * value[i + 1] + (t3 - t2) * span * slope[i + 1];
}

Result<std::vector<OrderedMark>> in_order(std::span<const LevelMark> marks,
                                          const LevelNaming& naming) {
    std::vector<OrderedMark> ordered;
    for (const LevelMark& mark : marks) {
        const auto order = level_order(mark.label, naming);
        if (!order) {
            return fail(ErrorKind::invalid_input, "levels", "'" + mark.label + "' is not a level",
                        "use C1..C7, T1..T13, L1..L6, S1");
        }
        if (!std::isfinite(mark.center_px.x) || !std::isfinite(mark.center_px.y)) {
            return fail(ErrorKind::invalid_input, "levels",
                        "the centre of " + mark.label + " is not a number", "mark it again");
        }
        ordered.push_back({*order, mark});
    }
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const OrderedMark& a, const OrderedMark& b) { return a.order < b.order; });
    for (std::size_t i = 1; i < ordered.size(); ++i) {
        if (ordered[i].order == ordered[i - 1].order) {
            return fail(ErrorKind::invalid_input, "levels",
                        ordered[i].mark.label + " is marked twice", "keep one of the two marks");
        }
    }
    if (ordered.size() < 2) {
        return fail(ErrorKind::invalid_input, "levels", "fewer than two levels are marked",
                    "mark two or more");
    }
    return ordered;
}

// Marks must run one way along the line from the first to the last of them.
Result<void> check_direction(const std::vector<OrderedMark>& ordered) {
    const Point axis = ordered.back().mark.center_px - ordered.front().mark.center_px;
    double before = 0.0;
    for (std::size_t i = 1; i < ordered.size(); ++i) {
        const Point from = ordered[i].mark.center_px - ordered.front().mark.center_px;
        const double along = from.x * axis.x + from.y * axis.y;
        if (along <= before) {
            return fail(ErrorKind::invalid_input, "levels",
                        ordered[i].mark.label + " does not lie beyond " +
                            ordered[i - 1].mark.label + " along the spine",
                        "correct one of the two marks");
        }
        before = along;
    }
    return {};
}

}  // namespace

std::vector<std::string> level_names(const LevelNaming& naming) {
    std::vector<std::string> names;
    const auto add = [&](const char* region, int count) {
        for (int i = 1; i <= count; ++i) {
            names.push_back(region + std::to_string(i));
        }
    };
    add("C", 7);
    add("T", naming.thoracic);
    add("L", naming.lumbar);
    add("S", 1);
    return names;
}

std::optional<int> level_order(const std::string& label, const LevelNaming& naming) {
    const auto names = level_names(naming);
    const auto found = std::find(names.begin(), names.end(), label);
    if (found == names.end()) {
        return std::nullopt;
    }
    return static_cast<int>(found - names.begin());
}

LevelNaming naming_for(std::span<const LevelMark> marks) {
    LevelNaming naming;
    for (const LevelMark& mark : marks) {
        if (mark.label == "T13") {
            naming.thoracic = 13;
        }
        if (mark.label == "L6") {
            naming.lumbar = 6;
        }
    }
    return naming;
}

Result<std::vector<LevelMark>> interpolate_levels(std::span<const LevelMark> marks) {
    const LevelNaming naming = naming_for(marks);
    const auto ordered = in_order(marks, naming);
    if (!ordered) {
        return tl::unexpected(ordered.error());
    }
    if (auto direction = check_direction(*ordered); !direction) {
        return tl::unexpected(direction.error());
    }
    std::vector<double> at;
    std::vector<double> x;
    std::vector<double> y;
    for (const OrderedMark& entry : *ordered) {
        at.push_back(entry.order);
        x.push_back(entry.mark.center_px.x);
        y.push_back(entry.mark.center_px.y);
    }
    const auto slope_x = monotone_slopes(at, x);
    const auto slope_y = monotone_slopes(at, y);
    const auto names = level_names(naming);
    std::vector<LevelMark> levels;
    std::size_t next = 0;
    for (int order = ordered->front().order; order <= ordered->back().order; ++order) {
        if ((*ordered)[next].order == order) {
            levels.push_back((*ordered)[next++].mark);
            continue;
        }
        levels.push_back({names[static_cast<std::size_t>(order)],
                          {hermite(at, x, slope_x, order), hermite(at, y, slope_y, order)},
                          LevelSource::interpolated});
    }
    return levels;
}

std::optional<std::string> foramen_at(std::span<const LevelMark> levels, Point position_px) {
    if (levels.size() < 2) {
        return std::nullopt;
    }
    const auto names = level_names(naming_for(levels));
    const auto fraction = [&](std::size_t i) {
        const Point a = levels[i].center_px;
        const Point ab = levels[i + 1].center_px - a;
        const Point ap = position_px - a;
        return (ap.x * ab.x + ap.y * ab.y) / (ab.x * ab.x + ab.y * ab.y);
    };
    for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
        const double part = fraction(i);
        const bool inside = part >= 0.0 && part < 1.0;
        if (inside) {
            return levels[i].label + "-" + levels[i + 1].label;
        }
    }
    const double above = fraction(0);
    const double below = fraction(levels.size() - 2);
    if (above < 0.0 && above >= -1.0) {
        const auto order = level_order(levels.front().label, naming_for(levels));
        if (order && *order > 0) {
            return names[static_cast<std::size_t>(*order - 1)] + "-" + levels.front().label;
        }
    }
    if (below >= 1.0 && below < 2.0) {
        const auto order = level_order(levels.back().label, naming_for(levels));
        const auto next = order ? static_cast<std::size_t>(*order) + 1 : names.size();
        if (next < names.size()) {
            return levels.back().label + "-" + names[next];
        }
    }
    return std::nullopt;
}

Result<std::vector<LevelMark>> read_levels_file(const std::filesystem::path& file) {
    std::error_code problem;
    const auto size = std::filesystem::file_size(file, problem);
    if (problem) {
        return fail(ErrorKind::not_found, file.string(), "cannot be read: " + problem.message(),
                    "check the name");
    }
    if (size > 1'000'000) {
        return fail(ErrorKind::invalid_input, file.string(), "is too large for a levels file",
                    "give a JSON file with a few marks");
    }
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const auto json = nlohmann::json::parse(text, nullptr, false);
    const auto bad = [&](const std::string& what) {
        return fail(ErrorKind::invalid_input, file.string(), what,
                    R"(write {"levels": [{"label": "T12", "center_px": [510, 820]}, ...]})");
    };
    if (json.is_discarded() || !json.is_object() || !json.contains("levels") ||
        !json["levels"].is_array()) {
        return bad("is not a levels file");
    }
    std::vector<LevelMark> marks;
    for (const auto& entry : json["levels"]) {
        const bool shaped = entry.is_object() && entry.contains("label") &&
                            entry["label"].is_string() && entry.contains("center_px") &&
                            entry["center_px"].is_array() && entry["center_px"].size() == 2 &&
                            entry["center_px"][0].is_number() && entry["center_px"][1].is_number();
        if (!shaped) {
            return bad("entry " + std::to_string(marks.size() + 1) + " has no label or no centre");
        }
        marks.push_back({entry["label"].get<std::string>(),
                         {entry["center_px"][0].get<double>(), entry["center_px"][1].get<double>()},
                         LevelSource::operator_marked});
    }
    if (auto levels = interpolate_levels(marks); !levels) {
        Error error = levels.error();
        error.subject = file.string();
        return tl::unexpected(error);
    }
    return marks;
}

Result<std::vector<LevelMark>> read_levels_in(const std::filesystem::path& folder) {
    std::error_code unknown;
    if (!std::filesystem::exists(folder / "levels.json", unknown)) {
        return std::vector<LevelMark>{};
    }
    return read_levels_file(folder / "levels.json");
}

Result<void> write_levels_file(const std::filesystem::path& file,
                               std::span<const LevelMark> levels) {
    nlohmann::ordered_json json;
    json["levels"] = nlohmann::ordered_json::array();
    for (const LevelMark& level : levels) {
        json["levels"].push_back({{"label", level.label},
                                  {"center_px", {level.center_px.x, level.center_px.y}},
                                  {"source", to_string(level.source)}});
    }
    return write_file_atomically(file, json.dump(1) + "\n");
}

}  // namespace dsm
