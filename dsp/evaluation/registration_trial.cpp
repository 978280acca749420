#include "dsp/evaluation/registration_trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <opencv2/core.hpp>

#include "dsp/core/parallel.h"
#include "dsp/evaluation/ours.h"

namespace dsm::evaluation {
namespace {

using Clock = std::chrono::steady_clock;

struct LogFrames {
    std::vector<Image<float>> masks;
    Image<float> live;

    [[nodiscard]] MatchInput input() const {
        MatchInput input;
        for (const Image<float>& mask : masks) {
            input.masks.push_back(mask.view());
        }
        input.live = live.view();
        return input;
    }
    [[nodiscard]] LogFrames clone() const {
        LogFrames copy;
        for (const Image<float>& mask : masks) {
            copy.masks.push_back(mask.clone());
        }
        copy.live = live.clone();
        return copy;
    }
};

Image<float> exposed_log(const TrialScene& scene, std::size_t frame) {
    Image<std::uint16_t> words(scene.extent());
    scene.expose(frame, 0, false, words.view());
    Image<float> values(scene.extent());
    std::copy(words.pixels().begin(), words.pixels().end(), values.pixels().begin());
    return log_of(values.view());
}

LogFrames noisy_frames(const TrialScene& scene, std::size_t live) {
    LogFrames frames;
    for (std::size_t k = 0; k < scene.masks.size(); ++k) {
        frames.masks.push_back(exposed_log(scene, k));
    }
    frames.live = exposed_log(scene, scene.masks.size() + live);
    return frames;
}

LogFrames noise_free_frames(const TrialScene& scene, std::size_t live) {
    LogFrames frames;
    for (const Image<float>& mask : scene.masks) {
        frames.masks.push_back(log_of(mask.view()));
    }
    frames.live = log_of(scene.lives[live].quanta.view());
    return frames;
}

Image<float> subtracted(const Image<float>& mask, const Image<float>& live, float offset) {
    Image<float> opacity(live.extent());
    for (std::size_t i = 0; i < opacity.pixels().size(); ++i) {
        opacity.pixels()[i] = mask.pixels()[i] - live.pixels()[i] - offset;
    }
    return opacity;
}

// Stored values are quanta times a factor, which the noise-free twins do not have; it drops out,
// because masks and live frame share it.
class SceneTrial {
 public:
    SceneTrial(const TrialScene& scene, std::size_t live, TrialTable& table)
        : scene_(scene),
          live_(live),
          noisy_(noisy_frames(scene, live)),
          noise_free_(noise_free_frames(scene, live)),
          table_(table) {}

    Result<void> try_peer(const Peer& peer) {
        const LogFrames own = noisy_.clone();
        const auto start = Clock::now();
        const auto match = peer.match(own.input());
        if (!match) {
            return tl::unexpected(match.error());
        }
        const Image<float> mask = registered(*match, own.input().masks);
        const float offset = offset_of(mask, own.live);
        const Image<float> opacity = subtracted(mask, own.live, offset);
        const double time_ms =
            std::chrono::duration<double, std::milli>(Clock::now() - start).count();
        add(peer.name, *match, opacity, offset, time_ms);
        return {};
    }

    void try_oracle() {
        const LiveFrame& live = scene_.lives[live_];
        if (live.field) {
            Match match;
            match.mask = scene_.masks.size() - 1;
            match.field = live.field->clone();
            const Image<float> mask = registered(match, noisy_.input().masks);
            const float offset = offset_of(mask, noisy_.live);
            add(kOracle, match, subtracted(mask, noisy_.live, offset), offset, 0.0);
            return;
        }
        // The background itself: nothing is left but the noise of the live frame.
        const Image<float> background = log_of(live.background.view());
        const auto scale = static_cast<float>(std::log(scene_.words_per_quantum));
        TrialRow row = new_row(kOracle);
        row.figures = score(scene_, live, subtracted(background, noise_free_.live, 0.0F).view(),
                            subtracted(background, noisy_.live, -scale).view());
        table_.rows.push_back(std::move(row));
    }

    Result<void> try_ours(int repeats) {
        double time_ms = 0.0;
        bool timed = false;
        const auto figures = score_from_outside(
            scene_, live_,
            [&](const Exposure& masks, const Exposure& live) -> Result<Image<float>> {
                auto done = subtract_ours(scene_, live_, masks, live, timed ? 0 : repeats);
                if (!done) {
                    return tl::unexpected(done.error());
                }
                if (!timed) {
                    time_ms = done->time_ms;
                    timed = true;
                }
                return std::move(done->opacity);
            });
        if (!figures) {
            return tl::unexpected(figures.error());
        }
        TrialRow row = new_row(kOurs);
        row.figures = *figures;
        row.figures.time_ms = time_ms;
        if (scene_.lives[live_].field) {
            const Displacement found = register_ours(scene_, live_);
            row.figures.end_point_error_px = end_point_error_px(scene_.lives[live_], &found);
        }
        table_.rows.push_back(std::move(row));
        return {};
    }

 private:
    [[nodiscard]] TrialRow new_row(const std::string& method) const {
        TrialRow row;
        row.scene = scene_.name;
        row.trial_case = scene_.trial_case;
        row.live = static_cast<int>(live_);
        row.method = method;
        return row;
    }
    // Where the exposure never changed there is nothing to remove.
    [[nodiscard]] float offset_of(const Image<float>& mask, const Image<float>& live) const {
        const phantom::DetectorRecipe& detector = scene_.recipe.detector;
        const bool steady =
            detector.flutter == 0.0 && detector.drift_per_s == 0.0 && detector.steps.empty();
        return steady ? 0.0F : background_offset(mask.view(), live.view());
    }
    void add(const std::string& method, const Match& match, const Image<float>& opacity,
             float offset, double time_ms) {
        const LiveFrame& live = scene_.lives[live_];
        const Image<float> mask = registered(match, noise_free_.input().masks);
        TrialRow row = new_row(method);
        row.figures =
            score(scene_, live, subtracted(mask, noise_free_.live, offset).view(), opacity.view());
        row.figures.time_ms = time_ms;
        row.note = match.note;
        if (live.field) {
            row.figures.end_point_error_px =
                end_point_error_px(live, match.field ? &*match.field : nullptr);
        }
        table_.rows.push_back(std::move(row));
    }

    const TrialScene& scene_;
    std::size_t live_;
    LogFrames noisy_;
    LogFrames noise_free_;
    TrialTable& table_;
};

// A harness that finds an artefact where there is none, or noise that is not there, is broken.
Result<void> check_harness(const TrialTable& table) {
    for (const TrialRow& row : table.rows) {
        if (row.trial_case == TrialCase::still && row.method == kNone &&
            (row.figures.artefact > 0.001 || std::abs(row.figures.ratio - 1.0) > 0.01)) {
            return fail(
                ErrorKind::internal, row.scene,
                "a static pair left alone scores A = " + std::to_string(row.figures.artefact) +
                    ", R = " + std::to_string(row.figures.ratio) + " instead of 0 and 1",
                "trust no figure of this trial and report it");
        }
    }
    return {};
}

template <class Make>
Result<TrialTable> try_all(int count, const Make& make, const TrialOptions& options) {
    const ThreadLimit limit(options.threads);
    cv::setNumThreads(options.threads);
    TrialTable table;
    const auto peers = peers_for(options, table.notes);
    if (!peers) {
        return tl::unexpected(peers.error());
    }
    table.methods.emplace_back(kOurs);
    for (const Peer& peer : *peers) {
        table.methods.push_back(peer.name);
    }
    table.methods.emplace_back(kOracle);
    for (const Peer& peer : *peers) {
        if (peer.every > 1) {
            table.notes.push_back(peer.name + " was tried on one scene in " +
                                  std::to_string(peer.every) + ": it takes some seconds a frame");
        }
    }
    for (int index = 0; index < count; ++index) {
        if (options.stop.stop_requested()) {
            return fail(ErrorKind::cancelled, "registration trial", "stopped");
        }
        Result<TrialScene> scene = make(index);
        if (!scene) {
            return tl::unexpected(scene.error());
        }
        // The later frames show more motion and more contrast.
        const auto lives = std::min(scene->lives.size(), static_cast<std::size_t>(options.lives));
        scene->lives.erase(scene->lives.begin(),
                           scene->lives.end() - static_cast<std::ptrdiff_t>(lives));
        std::vector<Peer> taking_part = *peers;
        std::erase_if(taking_part, [&](const Peer& peer) { return index % peer.every != 0; });
        if (auto tried = try_scene(*scene, taking_part, options.repeats, table); !tried) {
            return tl::unexpected(tried.error());
        }
        if (auto sound = check_harness(table); !sound) {
            return tl::unexpected(sound.error());
        }
        if (options.on_progress) {
            options.on_progress(static_cast<double>(index + 1) / count);
        }
    }
    return table;
}

}  // namespace

Result<std::vector<Peer>> peers_for(const TrialOptions& options, std::vector<std::string>& notes) {
    std::vector<Peer> peers = all_peers(options.threads);
    if (peers.back().name != kElastix) {
        notes.emplace_back(
            "elastix is not installed: it has no row (Debian package elastix brings it)");
    }
    for (const std::string& name : options.without) {
        const auto removed =
            std::erase_if(peers, [&](const Peer& peer) { return peer.name == name; });
        if (removed == 0 && name != kElastix) {
            return fail(ErrorKind::invalid_input, name, "is not a method of the trial",
                        "name one as the table has it, such as \"DIS fast\"");
        }
        notes.push_back(name + " was left out as asked");
    }
    return peers;
}

Result<void> try_scene(const TrialScene& scene, const std::vector<Peer>& peers, int repeats,
                       TrialTable& table) {
    for (std::size_t live = 0; live < scene.lives.size(); ++live) {
        SceneTrial trial(scene, live, table);
        if (auto ours = trial.try_ours(repeats); !ours) {
            return ours;
        }
        for (const Peer& peer : peers) {
            if (peer.needs_library && scene.masks.size() < 2) {
                continue;
            }
            if (auto tried = trial.try_peer(peer); !tried) {
                return tried;
            }
        }
        trial.try_oracle();
    }
    return {};
}

Result<TrialTable> try_cohort(const TrialOptions& options) {
    return try_all(
        options.scenes,
        [&](int index) { return make_trial_scene(options.seed, index, options.size); }, options);
}

Result<TrialTable> try_recipes(const std::vector<phantom::Recipe>& recipes,
                               const TrialOptions& options) {
    return try_all(
        static_cast<int>(recipes.size()),
        [&](int index) { return make_trial_scene(recipes[static_cast<std::size_t>(index)]); },
        options);
}

}  // namespace dsm::evaluation
