// Registration on trial: every method on the same frames in the same process, against the truth.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "dsp/core/result.h"
#include "dsp/evaluation/match.h"
#include "dsp/evaluation/trial_score.h"

namespace dsm::evaluation {

inline constexpr const char* kOurs = "dsm";
inline constexpr const char* kOursReview = "dsm review";
inline constexpr const char* kFloor = "noise alone";  // of whole runs
inline constexpr const char* kOracle = "oracle";
inline constexpr const char* kNone = "none";

struct TrialOptions {
    int scenes{60};  // of the built-in cohort
    int size{1024};  // pixels square
    int lives{2};    // live frames of each scene, at most
    std::uint64_t seed{1};
    int threads{2};
    int repeats{3};                    // of the timed frame, for ours
    std::vector<std::string> without;  // methods to leave out, by name
    std::function<void(double fraction)> on_progress;
    std::stop_token stop;
};

struct TrialRow {
    std::string scene;
    TrialCase trial_case{TrialCase::still};
    int live{0};
    std::string method;
    TrialFigures figures;
    std::string note;
};

struct TrialTable {
    std::vector<std::string> methods;  // in the order of the tables
    std::vector<TrialRow> rows;
    std::vector<std::string> notes;  // what could not be done, and why
};

// Ours, the oracle (the true displacement; in scenes of sliding layers the noise-free background)
// and every peer on each live frame of `scene`; appended to `table`. Each method gets its own
// copies. Time is for one frame: estimate, resample, subtract.
[[nodiscard]] Result<void> try_scene(const TrialScene& scene, const std::vector<Peer>& peers,
                                     int repeats, TrialTable& table);

// The peers that were asked for; `notes` says which are missing and why. Errors: invalid_input, a
// name in `without` that no method has.
[[nodiscard]] Result<std::vector<Peer>> peers_for(const TrialOptions& options,
                                                  std::vector<std::string>& notes);

// The built-in cohort. Errors: cancelled; the harness itself: a static pair left alone must yield
// R = 1.00 and A = 0, else no figure here means anything.
[[nodiscard]] Result<TrialTable> try_cohort(const TrialOptions& options);
// The recipes alone.
[[nodiscard]] Result<TrialTable> try_recipes(const std::vector<phantom::Recipe>& recipes,
                                             const TrialOptions& options);

}  // namespace dsm::evaluation
