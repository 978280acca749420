#include "dsp/evaluation/run_trial.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <opencv2/core.hpp>
#include <system_error>

#include "dsp/core/parallel.h"
#include "dsp/core/scratch_folder.h"
#include "dsp/evaluation/trial_run.h"
#include "dsp/phantom/random.h"
#include "dsp/pipeline/evaluate_opacity.h"
#include "dsp/pipeline/npy.h"
#include "dsp/pipeline/process.h"
#include "dsp/subtraction/linearise.h"

namespace dsm::evaluation {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr FrameIndex kMostMasks = 16;
enum Purpose : std::uint64_t { kFloorNoise = 1201 };

class RunTrial {
 public:
    RunTrial(std::string name, Truth truth, std::unique_ptr<FrameSource> source, RunTable& table)
        : name_(std::move(name)),
          truth_(std::move(truth)),
          source_(std::move(source)),
          lineariser_(source_->info()),
          table_(table) {}

    Result<void> try_ours(const std::string& method, Mode mode) {
        const RunInfo& run = source_->info();
        if (scratch_.path().empty()) {
            return fail(ErrorKind::io, "temporary folder", "none could be made",
                        "free some space there, or set TMPDIR to a folder that can be written");
        }
        const fs::path file = scratch_.path() / "ours.npy";
        auto writer = NpyWriter::create(file, run.frames, run.extent);
        if (!writer) {
            return tl::unexpected(writer.error());
        }
        PipelineParams params;
        params.mode = mode;
        params.find = false;
        ProcessHooks hooks;
        hooks.on_frame = [&](const FrameOutput& out) { return writer->append(out.opacity); };
        const auto result = process_run(*source_, params, hooks);
        if (!result) {
            return tl::unexpected(result.error());
        }
        if (auto finished = writer->finish(); !finished) {
            return finished;
        }
        noise_ = result->noise;
        return add(method, file, result->timing.per_frame_p50_ms);
    }

    // The true opacity under white noise of the variance measured in this run, as if the background
    // had been known without noise. After ours, which measures it.
    Result<void> try_floor() {
        const RunInfo& run = source_->info();
        auto known = NpyReader::open(truth_.opacity);
        if (!known) {
            return tl::unexpected(known.error());
        }
        const fs::path file = scratch_.path() / "floor.npy";
        auto writer = NpyWriter::create(file, run.frames, run.extent);
        if (!writer) {
            return tl::unexpected(writer.error());
        }
        Image<float> opacity(run.extent);
        for (FrameIndex frame = 0; frame < run.frames; ++frame) {
            const auto live = read_log(frame);
            if (!live) {
                return tl::unexpected(live.error());
            }
            if (auto read = known->read(frame, opacity.view()); !read) {
                return read;
            }
            phantom::Random random(1, kFloorNoise, static_cast<std::uint64_t>(frame));
            for (std::size_t i = 0; i < opacity.pixels().size(); ++i) {
                const auto variance = static_cast<double>(noise_.variance(live->pixels()[i]));
                opacity.pixels()[i] += static_cast<float>(std::sqrt(variance) * random.normal());
            }
            if (auto written = writer->append(opacity.view()); !written) {
                return written;
            }
        }
        if (auto finished = writer->finish(); !finished) {
            return finished;
        }
        return add(kFloor, file, 0.0);
    }

    // All peers on a frame before the next frame: times are interleaved.
    Result<void> try_peers(const std::vector<Peer>& peers) {
        const RunInfo& run = source_->info();
        if (auto read = read_masks(); !read) {
            return read;
        }
        std::vector<NpyWriter> writers;
        std::vector<std::vector<double>> times_ms(peers.size());
        for (std::size_t i = 0; i < peers.size(); ++i) {
            auto writer = NpyWriter::create(file_of(i), run.frames, run.extent);
            if (!writer) {
                return tl::unexpected(writer.error());
            }
            writers.push_back(std::move(*writer));
        }
        const std::vector<int> scored = scored_frames(run.frames, truth_);
        const Image<float> nothing(run.extent);
        for (FrameIndex frame = 0; frame < run.frames; ++frame) {
            const bool wanted = std::binary_search(scored.begin(), scored.end(), frame);
            for (std::size_t i = 0; i < peers.size(); ++i) {
                auto opacity = wanted ? subtract(peers[i], frame, times_ms[i]) : nothing.clone();
                if (!opacity) {
                    return tl::unexpected(opacity.error());
                }
                if (auto written = writers[i].append(opacity->view()); !written) {
                    return written;
                }
            }
        }
        for (std::size_t i = 0; i < peers.size(); ++i) {
            if (auto finished = writers[i].finish(); !finished) {
                return finished;
            }
            if (auto added = add(peers[i].name, file_of(i), median(times_ms[i])); !added) {
                return added;
            }
        }
        return {};
    }

 private:
    [[nodiscard]] fs::path file_of(std::size_t peer) const {
        return scratch_.path() / (std::to_string(peer) + ".npy");
    }

    Result<Image<float>> read_log(FrameIndex frame) {
        const Extent extent = source_->info().extent;
        Image<std::uint16_t> words(extent);
        if (auto read = source_->read(frame, words.view()); !read) {
            return tl::unexpected(read.error());
        }
        Image<float> values(extent);
        Image<std::uint8_t> usable(extent);
        lineariser_.apply(words.view(), values.view(), usable.view());
        return values;
    }

    Result<void> read_masks() {
        const FrameIndex first = truth_.first_contrast_frame;
        for (FrameIndex frame = std::max(0, first - kMostMasks); frame < first; ++frame) {
            auto mask = read_log(frame);
            if (!mask) {
                return tl::unexpected(mask.error());
            }
            masks_.push_back(std::move(*mask));
        }
        if (masks_.empty()) {
            return fail(ErrorKind::invalid_input, name_, "has no frame before contrast",
                        "leave this run out");
        }
        return {};
    }

    Result<Image<float>> subtract(const Peer& peer, FrameIndex frame,
                                  std::vector<double>& times_ms) {
        const auto live = read_log(frame);
        if (!live) {
            return tl::unexpected(live.error());
        }
        MatchInput input;
        std::vector<Image<float>> own;
        for (const Image<float>& mask : masks_) {
            input.masks.push_back(own.emplace_back(mask.clone()).view());
        }
        input.live = live->view();
        const auto start = Clock::now();
        const auto match = peer.match(input);
        if (!match) {
            return tl::unexpected(match.error());
        }
        Image<float> opacity = registered(*match, input.masks);
        const float offset = background_offset(opacity.view(), live->view());
        for (std::size_t i = 0; i < opacity.pixels().size(); ++i) {
            opacity.pixels()[i] -= live->pixels()[i] + offset;
        }
        times_ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
        return opacity;
    }

    Result<void> add(const std::string& method, const fs::path& file, double time_ms) {
        auto score = score_opacity(file, truth_, lineariser_.relative());
        std::error_code ignored;
        fs::remove(file, ignored);
        if (!score) {
            return tl::unexpected(score.error());
        }
        RunRow row;
        row.run = name_;
        row.method = method;
        row.score = std::move(*score);
        row.time_ms = time_ms;
        table_.rows.push_back(std::move(row));
        return {};
    }

    std::string name_;
    Truth truth_;
    std::unique_ptr<FrameSource> source_;
    Lineariser lineariser_;
    RunTable& table_;
    ScratchFolder scratch_{"evaluation"};
    std::vector<Image<float>> masks_;
    NoiseModel noise_;
};

void compare_times(RunTable& table) {
    std::map<std::string, double> yardstick_ms;
    for (const RunRow& row : table.rows) {
        if (row.method == kYardstick) {
            yardstick_ms[row.run] = row.time_ms;
        }
    }
    for (RunRow& row : table.rows) {
        const auto found = yardstick_ms.find(row.run);
        if (row.method != kFloor && found != yardstick_ms.end() && found->second > 0.0) {
            row.time_ratio = row.time_ms / found->second;
        }
    }
}

Result<void> try_run(const fs::path& folder, const std::vector<Peer>& peers, RunTable& table) {
    auto run = open_trial_run(folder);
    if (!run) {
        return tl::unexpected(run.error());
    }
    RunTrial trial(std::move(run->name), std::move(run->truth), std::move(run->source), table);
    for (const auto& [method, mode] :
         {std::pair{kOurs, Mode::live}, std::pair{kOursReview, Mode::review}}) {
        if (auto tried = trial.try_ours(method, mode); !tried) {
            return tried;
        }
    }
    if (auto tried = trial.try_floor(); !tried) {
        return tried;
    }
    return trial.try_peers(peers);
}

}  // namespace

Result<RunTable> try_runs(const std::vector<fs::path>& folders, const TrialOptions& options) {
    const ThreadLimit limit(options.threads);
    cv::setNumThreads(options.threads);
    RunTable table;
    const auto peers = peers_for(options, table.notes);
    if (!peers) {
        return tl::unexpected(peers.error());
    }
    table.methods = {kOurs, kOursReview};
    for (const Peer& peer : *peers) {
        table.methods.push_back(peer.name);
    }
    table.methods.emplace_back(kFloor);
    for (std::size_t i = 0; i < folders.size(); ++i) {
        if (options.stop.stop_requested()) {
            return fail(ErrorKind::cancelled, "registration trial", "stopped");
        }
        if (auto tried = try_run(folders[i], *peers, table); !tried) {
            return tl::unexpected(tried.error());
        }
        if (options.on_progress) {
            options.on_progress(static_cast<double>(i + 1) / static_cast<double>(folders.size()));
        }
    }
    compare_times(table);
    return table;
}

}  // namespace dsm::evaluation
