#include "dsp/phantom/recipe.h"

#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "dsp/core/levels.h"

namespace dsm::phantom {
namespace {

using Json = nlohmann::ordered_json;

struct Refusal {
    std::string key;
    std::string what;
};

// Goes over the members of one JSON object, reading (when `writing` is false) or writing them, so
// that both directions share one list of keys, ranges and defaults.
class Keys {
 public:
    Keys(Json& object, std::string path, bool writing)
        : object_(object), path_(std::move(path)), writing_(writing) {
        if (!writing_ && !object_.is_object()) {
            throw Refusal{path_.empty() ? "the recipe" : path_, "must be an object {...}"};
        }
    }

    template <class T>
    void number(const char* key, T& value, double least, double most) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = value;
                return;
            }
            const bool whole_wanted = std::is_integral_v<T>;
            if (!json.is_number() || (whole_wanted && !json.is_number_integer())) {
                throw Refusal{name(key),
                              whole_wanted ? "must be a whole number" : "must be a number"};
            }
            const auto given = json.get<double>();
            if (!(given >= least && given <= most)) {
                throw Refusal{name(key), json.dump() + " is outside " + Json(least).dump() +
                                             " .. " + Json(most).dump()};
            }
            value = json.get<T>();
        });
    }
    void pair(const char* key, double (&value)[2], double limit) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = {value[0], value[1]};
                return;
            }
            if (!json.is_array() || json.size() != 2 || !json[0].is_number() ||
                !json[1].is_number()) {
                throw Refusal{name(key), "must be two numbers [x, y]"};
            }
            for (std::size_t i = 0; i < 2; ++i) {
                value[i] = json[i].get<double>();
                if (!(std::abs(value[i]) <= limit)) {
                    throw Refusal{name(key), "is larger than " + Json(limit).dump()};
                }
            }
        });
    }
    void text(const char* key, std::string& value) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = value;
            } else if (json.is_string()) {
                value = json.get<std::string>();
            } else {
                throw Refusal{name(key), "must be a text in quotes"};
            }
        });
    }
    void flag(const char* key, bool& value) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = value;
            } else if (json.is_boolean()) {
                value = json.get<bool>();
            } else {
                throw Refusal{name(key), "must be true or false"};
            }
        });
    }
    template <class E>
    void word(const char* key, E& value, const std::vector<std::pair<const char*, E>>& words) {
        visit(key, [&](Json& json) {
            std::string choices;
            for (const auto& [spelling, meaning] : words) {
                if (writing_ && meaning == value) {
                    json = spelling;
                    return;
                }
                if (!writing_ && json.is_string() && json.get<std::string>() == spelling) {
                    value = meaning;
                    return;
                }
                choices += choices.empty() ? spelling : std::string(", ") + spelling;
            }
            throw Refusal{name(key), json.dump() + " is not one of " + choices};
        });
    }
    void object(const char* key, const std::function<void(Keys&)>& members) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = Json::object();
            }
            Keys inner(json, name(key), writing_);
            members(inner);
            inner.finish();
        });
    }
    template <class T>
    void list(const char* key, std::vector<T>& values, std::size_t most,
              const std::function<void(Keys&, T&)>& members) {
        visit(key, [&](Json& json) {
            if (writing_) {
                json = Json(std::vector<Json>(values.size(), Json::object()));
            } else if (!json.is_array() || json.size() > most) {
                throw Refusal{name(key), "must be a list of at most " + std::to_string(most)};
            }
            values.resize(json.size());
            for (std::size_t i = 0; i < values.size(); ++i) {
                Keys inner(json[i], name(key) + "[" + std::to_string(i) + "]", writing_);
                members(inner, values[i]);
                inner.finish();
            }
        });
    }
    // Refuses what nobody asked for: a misspelt key would otherwise be a silent default.
    void finish() const {
        if (writing_) {
            return;
        }
        for (const auto& [key, ignored] : object_.items()) {
            if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
                throw Refusal{name(key.c_str()), "is not a key of a recipe"};
            }
        }
    }
    [[nodiscard]] std::string name(const char* key) const {
        return path_.empty() ? key : path_ + "." + key;
    }

 private:
    void visit(const char* key, const std::function<void(Json&)>& act) {
        known_.emplace_back(key);
        if (writing_ || object_.contains(key)) {
            act(object_[key]);
        }
    }
    Json& object_;
    std::string path_;
    bool writing_;
    std::vector<std::string> known_;
};

void image_keys(Keys& keys, ImageRecipe& image) {
    keys.number("columns", image.columns, 32, 2048);
    keys.number("rows", image.rows, 32, 2048);
    keys.number("pixel_mm", image.pixel_mm, 0.05, 4.0);
    keys.number("bits", image.bits, 8, 14);
    keys.word<Intensity>("intensity", image.intensity,
                         {{"LIN", Intensity::linear},
                          {"LOG", Intensity::logarithmic},
                          {"LOG without table", Intensity::logarithmic_without_table}});
    keys.word<Codec>("codec", image.codec,
                     {{"explicit", Codec::explicit_little_endian},
                      {"jpeg_lossless", Codec::jpeg_lossless},
                      {"jpeg_ls", Codec::jpeg_ls},
                      {"rle", Codec::rle}});
    keys.number("white_level", image.white_level, 0.05, 1.5);
}

void timing_keys(Keys& keys, TimingRecipe& timing) {
    keys.number("frames", timing.frames, 2, 2000);
    keys.number("rate_hz", timing.rate_hz, 0.1, 30.0);
    keys.number("later_from_s", timing.later_from_s, 0.0, 1e4);
    keys.number("later_rate_hz", timing.later_rate_hz, 0.1, 30.0);
    keys.number("jitter_s", timing.jitter_s, 0.0, 1.0);
}

void anatomy_keys(Keys& keys, AnatomyRecipe& anatomy) {
    keys.text("center_level", anatomy.center_level);
    keys.number("offset_mm", anatomy.offset_mm, -100.0, 100.0);
    keys.number("scoliosis_mm", anatomy.scoliosis_mm, -30.0, 30.0);
    keys.number("size", anatomy.size, 0.6, 1.5);
    keys.number("bone", anatomy.bone, 0.0, 3.0);
    keys.number("texture", anatomy.texture, 0.0, 4.0);
    keys.number("lung_depth_cm", anatomy.lung_depth_cm, 0.0, 20.0);
    keys.number("bowel_gas", anatomy.bowel_gas, 0, 20);
}

void motion_keys(Keys& keys, MotionRecipe& motion) {
    keys.object("breathing", [&](Keys& inner) {
        BreathingRecipe& breathing = motion.breathing;
        inner.number("amplitude_mm", breathing.amplitude_mm, 0.0, 60.0);
        inner.number("period_s", breathing.period_s, 1.0, 20.0);
        inner.number("irregularity", breathing.irregularity, 0.0, 1.0);
        inner.number("hold_from_s", breathing.hold_from_s, 0.0, 1e4);
        inner.number("hold_until_s", breathing.hold_until_s, 0.0, 1e4);
        inner.number("hold_drift_mm_s", breathing.hold_drift_mm_s, -5.0, 5.0);
    });
    keys.number("heart_mm", motion.heart_mm, 0.0, 12.0);
    keys.number("heart_hz", motion.heart_hz, 0.3, 4.0);
    keys.number("wander_mm", motion.wander_mm, 0.0, 10.0);
    keys.pair("drift_mm_s", motion.drift_mm_s, 2.0);
    keys.number("rotation_deg", motion.rotation_deg, 0.0, 5.0);
    keys.number("jerk_at_s", motion.jerk_at_s, 0.0, 1e4);
    keys.pair("jerk_mm", motion.jerk_mm, 30.0);
    keys.number("jerk_deg", motion.jerk_deg, -5.0, 5.0);
}

void contrast_keys(Keys& keys, ContrastRecipe& contrast) {
    keys.number("start_s", contrast.start_s, 0.0, 1e4);
    keys.number("front_mm_s", contrast.front_mm_s, 1.0, 200.0);
    keys.number("iodine_mg_ml", contrast.iodine_mg_ml, 0.0, 300.0);
    keys.number("layering", contrast.layering, 0.0, 1.0);
    keys.flag("root_sleeves", contrast.root_sleeves);
}

void detector_keys(Keys& keys, DetectorRecipe& detector) {
    keys.number("dose_ugy", detector.dose_ugy, 0.01, 1000.0);
    keys.number("scatter_fraction", detector.scatter_fraction, 0.0, 0.9);
    keys.number("read_noise_quanta", detector.read_noise_quanta, 0.0, 1000.0);
    keys.number("blur_px", detector.blur_px, 0.0, 4.0);
    keys.number("drift_per_s", detector.drift_per_s, -0.02, 0.02);
    keys.number("flutter", detector.flutter, 0.0, 0.1);
    keys.list<ExposureStep>("steps", detector.steps, 50, [](Keys& inner, ExposureStep& step) {
        inner.number("at_s", step.at_s, 0.0, 1e4);
        inner.number("gain", step.gain, 0.2, 5.0);
    });
}

void structure_keys(Keys& keys, StructureRecipe& structure) {
    std::vector<std::pair<const char*, std::string>> kinds;
    for (const char* kind : kStructureKinds) {
        kinds.emplace_back(kind, kind);
    }
    keys.word<std::string>("kind", structure.kind, kinds);
    keys.text("level", structure.level);
    keys.word<Side>("side", structure.side, {{"left", Side::left}, {"right", Side::right}});
    keys.word<Drainage>("route", structure.route,
                        {{"paravertebral", Drainage::paravertebral},
                         {"lateral", Drainage::lateral},
                         {"central_epidural", Drainage::central_epidural}});
    keys.number("iodine_mg_ml", structure.iodine_mg_ml, 0.0, 300.0);
    keys.number("width_mm", structure.width_mm, 0.3, 40.0);
    keys.number("length_mm", structure.length_mm, 5.0, 200.0);
    keys.number("delay_s", structure.delay_s, 0.0, 300.0);
    keys.number("rise_s", structure.rise_s, 0.1, 60.0);
    keys.number("speed_mm_s", structure.speed_mm_s, 0.2, 200.0);
    keys.number("washout_s", structure.washout_s, 0.0, 300.0);
    keys.number("plateau_s", structure.plateau_s, 0.0, 300.0);
}

void recipe_keys(Keys& keys, Recipe& recipe) {
    std::string schema = "dsm-recipe/1";
    keys.text("schema", schema);
    if (schema != "dsm-recipe/1") {
        throw Refusal{"schema", "\"" + schema + "\" is not \"dsm-recipe/1\""};
    }
    keys.text("name", recipe.name);
    keys.text("note", recipe.note);
    keys.number("seed", recipe.seed, 0, 9007199254740991.0);
    keys.word<Split>("split", recipe.split,
                     {{to_string(Split::none), Split::none},
                      {to_string(Split::train), Split::train},
                      {to_string(Split::held_out), Split::held_out}});
    keys.word<PatientPosition>("position", recipe.position,
                               {{"left_decubitus", PatientPosition::left_decubitus},
                                {"right_decubitus", PatientPosition::right_decubitus},
                                {"prone", PatientPosition::prone},
                                {"supine", PatientPosition::supine}});
    keys.object("image", [&](Keys& inner) { image_keys(inner, recipe.image); });
    keys.object("timing", [&](Keys& inner) { timing_keys(inner, recipe.timing); });
    keys.object("anatomy", [&](Keys& inner) { anatomy_keys(inner, recipe.anatomy); });
    keys.object("motion", [&](Keys& inner) { motion_keys(inner, recipe.motion); });
    keys.object("contrast", [&](Keys& inner) { contrast_keys(inner, recipe.contrast); });
    keys.object("detector", [&](Keys& inner) { detector_keys(inner, recipe.detector); });
    keys.list<StructureRecipe>(
        "structures", recipe.structures, 20,
        [](Keys& inner, StructureRecipe& structure) { structure_keys(inner, structure); });
    keys.finish();
}

// What no single key can say.
void check_together(const Recipe& recipe) {
    if (!level_order(recipe.anatomy.center_level)) {
        throw Refusal{"anatomy.center_level", "is not a level such as T9"};
    }
    const double pixels = static_cast<double>(recipe.image.columns) * recipe.image.rows;
    if (pixels * recipe.timing.frames > 600e6) {
        throw Refusal{"timing.frames", "the run would be larger than 600 million pixels"};
    }
    for (std::size_t i = 0; i < recipe.structures.size(); ++i) {
        const std::string& level = recipe.structures[i].level;
        const auto dash = level.find('-');
        const auto above = level_order(level.substr(0, dash));
        const auto below =
            dash == std::string::npos ? std::nullopt : level_order(level.substr(dash + 1));
        if (!above || !below || *below != *above + 1) {
            throw Refusal{"structures[" + std::to_string(i) + "].level",
                          "must name two neighbours such as T9-T10"};
        }
    }
}

}  // namespace

const char* to_string(Split split) {
    switch (split) {
        case Split::train:
            return "train";
        case Split::held_out:
            return "held_out";
        case Split::none:
            break;
    }
    return "none";
}

Result<Recipe> parse_recipe(const std::string& text, const std::string& subject) {
    try {
        Json json = Json::parse(text);
        Recipe recipe;
        Keys keys(json, "", false);
        recipe_keys(keys, recipe);
        check_together(recipe);
        return recipe;
    } catch (const Refusal& refusal) {
        return fail(ErrorKind::invalid_input, subject, refusal.key + ": " + refusal.what,
                    "correct the recipe");
    } catch (const nlohmann::json::exception& wrong) {
        return fail(ErrorKind::invalid_input, subject, std::string("is not JSON: ") + wrong.what(),
                    "correct the recipe");
    }
}

Result<Recipe> read_recipe(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in || std::filesystem::is_directory(file)) {
        return fail(ErrorKind::not_found, file.string(), "cannot be opened",
                    "check the path; recipes are JSON files such as sample_runs/*.json");
    }
    // A recipe is a page of text; anything larger is the wrong file.
    constexpr std::size_t kMostBytes = 1U << 20U;
    std::string text(kMostBytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMostBytes) {
        return fail(ErrorKind::invalid_input, file.string(), "is too large for a recipe",
                    "name a recipe (JSON)");
    }
    return parse_recipe(text, file.string());
}

std::string recipe_text(const Recipe& recipe) {
    Json json = Json::object();
    Recipe copy = recipe;
    Keys keys(json, "", true);
    recipe_keys(keys, copy);
    return json.dump(1) + "\n";
}

}  // namespace dsm::phantom
