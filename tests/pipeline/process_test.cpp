#include "dsp/pipeline/process.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>
#include <vector>

#include "tests/pipeline/made_run.h"

using namespace dsm;
using dsm::test::MadeRun;

namespace {

struct Processed {
    std::vector<Image<float>> opacity;
    std::vector<Image<float>> filtered;
    RunResult result;
};

Processed processed(MadeRun& run, const PipelineParams& params) {
    Processed all;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        Image<float> copy(out.opacity.extent());
        copy_pixels(out.opacity, copy.view());
        all.opacity.push_back(std::move(copy));
        return {};
    };
    hooks.on_filtered = [&](FrameIndex frame, ImageView<const float> picture) -> Result<void> {
        REQUIRE(frame == static_cast<FrameIndex>(all.filtered.size()));
        copy_pixels(picture, all.filtered.emplace_back(picture.extent()).view());
        return {};
    };
    auto result = process_run(run, params, hooks);
    REQUIRE(result);
    all.result = std::move(*result);
    return all;
}

bool same(const Image<float>& a, const Image<float>& b) {
    return std::equal(a.pixels().begin(), a.pixels().end(), b.pixels().begin());
}

double mean_in(const Image<float>& image, PixelRect where) {
    double sum = 0.0;
    for (int y = where.y; y < where.y + where.height; ++y) {
        for (int x = where.x; x < where.x + where.width; ++x) {
            sum += static_cast<double>(image(x, y));
        }
    }
    return sum / (where.width * where.height);
}

PipelineParams only_subtract(RegistrationMethod method, Mode mode = Mode::live) {
    PipelineParams params;
    params.registration = method;
    params.mode = mode;
    params.find = false;
    return params;
}

// Everything breathes but the column of contrast: it fills from below from frame 8 on, and from
// frame 14 a vein of 8 px stands beside it.
constexpr Extent kScene{192, 160};
constexpr PixelRect kColumn{90, 20, 20, 120};
constexpr PixelRect kVein{130, 40, 8, 80};

double contrast_at(double x, double y, FrameIndex k) {
    double opacity = 0.0;
    const double front = 160.0 - 25.0 * (k - 7);
    if (x >= 88 && x < 112 && y > front) {
        opacity += 0.3;
    }
    if (k >= 14 && x >= kVein.x && x < kVein.x + kVein.width && y >= 30 && y < 130) {
        opacity += 0.04 * std::min(1.0, (k - 13) / 4.0);
    }
    return opacity;
}

double breathing(double x, double y, FrameIndex k) {
    const double phase = 2.0 * 3.14159265 * k / 6.0;
    const double amplitude = 2.0 + 0.01 * x;
    const double level = MadeRun::still(x, y + amplitude * std::sin(phase), k);
    return level * std::exp(-contrast_at(x, y, k));
}

}  // namespace

TEST_CASE("a mask frame that the run does not have is refused") {
    MadeRun run({64, 48}, 3);
    PipelineParams params;
    params.masks = {0, 3};
    const auto result = process_run(run, params);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::invalid_input);
}

TEST_CASE("a frame that can not be read ends the run with the reader's own error") {
    MadeRun run({64, 48}, 5);
    run.unreadable = 2;
    int delivered = 0;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput&) -> Result<void> {
        ++delivered;
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::unreadable);
    CHECK(delivered <= 2);
}

TEST_CASE("a stop request ends the run as cancelled") {
    MadeRun run({64, 48}, 50);
    std::stop_source stop;
    ProcessHooks hooks;
    hooks.stop = stop.get_token();
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        if (out.frame == 3) {
            stop.request_stop();
        }
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(!result);
    CHECK(result.error().kind == ErrorKind::cancelled);
}

TEST_CASE("a run of one frame has no mask, no opacity and no motion") {
    MadeRun run({64, 48}, 1);
    float largest = -1.0F;
    ProcessHooks hooks;
    hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
        for (const float value : std::span(out.opacity.data(), out.opacity.extent().pixels())) {
            largest = std::max(largest, std::abs(value));
        }
        return {};
    };
    const auto result = process_run(run, {}, hooks);
    REQUIRE(result);
    CHECK(largest == 0.0F);
    REQUIRE(result->motion.size() == 1);
    CHECK(result->motion[0].quality == Quality::no_mask);
    CHECK(result->motion[0].masks.empty());
}

TEST_CASE("without motion every method gives exactly the unregistered result") {
    const auto scene = [](double x, double y, FrameIndex k) {
        return MadeRun::still(x, y, k) * std::exp(-contrast_at(x, y, k));
    };
    MadeRun run(kScene, 20, scene);
    const Processed plain = processed(run, only_subtract(RegistrationMethod::none));
    for (const auto method : {RegistrationMethod::shift, RegistrationMethod::mesh}) {
        const Processed registered = processed(run, only_subtract(method));
        for (std::size_t k = 0; k < plain.opacity.size(); ++k) {
            REQUIRE(same(plain.opacity[k], registered.opacity[k]));
        }
        CHECK_FALSE(registered.result.motion[12].reason.empty());
    }
}

TEST_CASE("in live mode a frame is bit for bit unchanged by later frames") {
    MadeRun run(kScene, 22, breathing);
    const Processed first = processed(run, only_subtract(RegistrationMethod::mesh));
    const FrameIndex changed = 16;
    MadeRun other(kScene, 22, [&](double x, double y, FrameIndex k) {
        return k < changed ? breathing(x, y, k) : 900.0 + 10.0 * x + 3.0 * y;
    });
    const Processed second = processed(other, only_subtract(RegistrationMethod::mesh));
    for (FrameIndex k = 0; k < changed; ++k) {
        const auto i = static_cast<std::size_t>(k);
        REQUIRE(same(first.opacity[i], second.opacity[i]));
        REQUIRE(first.result.motion[i] == second.result.motion[i]);
    }
    CHECK_FALSE(same(first.opacity[18], second.opacity[18]));
}

TEST_CASE("a gain per frame changes no opacity") {
    MadeRun run(kScene, 18, breathing);
    run.noise = 0.0;
    MadeRun brighter(kScene, 18, [](double x, double y, FrameIndex k) {
        return breathing(x, y, k) * (1.0 + 0.08 * std::sin(1.7 * k));
    });
    brighter.noise = 0.0;
    auto params = only_subtract(RegistrationMethod::none);
    params.masks = {0, 1, 2, 3, 4, 5};  // a threshold may fall on either side of a rounding
    const Processed a = processed(run, params);
    const Processed b = processed(brighter, params);
    for (const std::size_t k : {std::size_t{7}, std::size_t{13}, std::size_t{17}}) {
        double worst = 0.0;
        for (std::size_t i = 0; i < a.opacity[k].pixels().size(); ++i) {
            worst = std::max(worst, std::abs(static_cast<double>(a.opacity[k].pixels()[i]) -
                                             static_cast<double>(b.opacity[k].pixels()[i])));
        }
        // Grey levels are whole numbers: each rounds by up to 1/2 of about 2000 to 6000.
        CHECK(worst < 0.002);
    }
}

TEST_CASE("contrast in a breathing scene is kept, in the column and in a vein") {
    for (const Mode mode : {Mode::live, Mode::review}) {
        MadeRun run(kScene, 26, breathing);
        run.noise = 0.5;
        const Processed all = processed(run, only_subtract(RegistrationMethod::mesh, mode));
        REQUIRE(all.result.first_contrast_frame);
        CHECK(*all.result.first_contrast_frame >= 8 - 1);
        CHECK(*all.result.first_contrast_frame <= 8 + 2);
        CHECK(all.result.mask_frames.back() < 8);
        double column = 0.0;
        double vein = 0.0;
        for (const std::size_t k : {std::size_t{20}, std::size_t{21}, std::size_t{22},
                                    std::size_t{23}, std::size_t{24}, std::size_t{25}}) {
            column += mean_in(all.opacity[k], kColumn) / 6.0;
            const PixelRect beside{kVein.x + 14, kVein.y, 10, kVein.height};
            vein += (mean_in(all.opacity[k], kVein) - mean_in(all.opacity[k], beside)) / 6.0;
        }
        CHECK(column == Approx(0.3).epsilon(0.05));
        CHECK(vein == Approx(0.04).epsilon(0.07));
    }
}

TEST_CASE("registration halves the artefact of a breathing scene") {
    MadeRun run(kScene, 26, breathing);
    run.noise = 0.5;
    const Processed none = processed(run, only_subtract(RegistrationMethod::none));
    const Processed mesh = processed(run, only_subtract(RegistrationMethod::mesh));
    double before = 0.0;
    double after = 0.0;
    for (std::size_t k = 10; k < 26; ++k) {
        REQUIRE(none.result.motion[k].artefact_ratio);
        REQUIRE(mesh.result.motion[k].artefact_ratio);
        before += *none.result.motion[k].artefact_ratio;
        after += *mesh.result.motion[k].artefact_ratio;
    }
    CHECK(after < 0.5 * before);
}

// As `breathing`, but the vein fills with the first contrast and stays to the end.
double vein_from_the_start(double x, double y, FrameIndex k) {
    const double phase = 2.0 * 3.14159265 * k / 6.0;
    const double amplitude = 2.0 + 0.01 * x;
    const double level = MadeRun::still(x, y + amplitude * std::sin(phase), k);
    const bool column = x >= 88 && x < 112 && y > 160.0 - 25.0 * (k - 7);
    const bool vein = k >= 8 && x >= kVein.x && x < kVein.x + kVein.width && y >= 30 && y < 130;
    return level * std::exp(-(column ? 0.3 : 0.0) - (vein ? 0.04 : 0.0));
}

TEST_CASE("a fistula that fills with the first contrast and stays is not fitted away") {
    for (const Mode mode : {Mode::live, Mode::review}) {
        MadeRun run(kScene, 40, vein_from_the_start);
        run.noise = 0.5;
        const Processed all = processed(run, only_subtract(RegistrationMethod::mesh, mode));
        const PixelRect beside{kVein.x + 14, kVein.y, 10, kVein.height};
        const auto vein = [&](std::size_t from, std::size_t to) {
            double sum = 0.0;
            for (std::size_t k = from; k < to; ++k) {
                sum += mean_in(all.opacity[k], kVein) - mean_in(all.opacity[k], beside);
            }
            return sum / static_cast<double>(to - from);
        };
        CHECK(vein(10, 16) == Approx(0.04).epsilon(0.07));
        CHECK(vein(34, 40) == Approx(0.04).epsilon(0.07));
    }
}

// The breath is held until frame 14, contrast comes at frame 8: no mask shows the phases after.
double let_go(double x, double y, FrameIndex k) {
    const double phase = k < 14 ? 0.0 : 2.0 * 3.14159265 * (k - 14) / 5.0;
    // A layer over a still one: no displacement of the picture explains both.
    const double still = MadeRun::attenuation(x, y);
    const double moving = 0.3 * std::sin(0.21 * x + 0.1 * (y + 3.0 * std::sin(phase)));
    return 4000.0 * std::exp(-still - moving - contrast_at(x, y, k));
}

TEST_CASE("in review frames after the breath is let go are masks for each other") {
    MadeRun run(kScene, 34, let_go);
    run.noise = 0.5;
    const Processed live = processed(run, only_subtract(RegistrationMethod::mesh));
    const Processed review = processed(run, only_subtract(RegistrationMethod::mesh, Mode::review));
    double causal = 0.0;
    double whole = 0.0;
    double column = 0.0;
    for (std::size_t k = 16; k < 34; ++k) {
        REQUIRE(live.result.motion[k].artefact_ratio);
        REQUIRE(review.result.motion[k].artefact_ratio);
        causal += *live.result.motion[k].artefact_ratio;
        whole += *review.result.motion[k].artefact_ratio;
        column += mean_in(review.opacity[k], kColumn) / 18.0;
    }
    // Live, too: late masks take in the new phases one by one.
    CHECK(causal < 1.2 * 18);
    CHECK(whole < 1.2 * 18);
    const auto& used = review.result.motion[20].masks;
    CHECK(std::any_of(used.begin(), used.end(), [](FrameIndex mask) { return mask > 20; }));
    CHECK(column == Approx(0.3).epsilon(0.05));
}

TEST_CASE("a blank frame after contrast is marked, and costs no other frame its contrast") {
    MadeRun run(kScene, 34, [](double x, double y, FrameIndex k) {
        return k == 13 ? 0.0 : breathing(x, y, k);
    });
    run.noise = 0.5;
    for (const Mode mode : {Mode::live, Mode::review}) {
        const Processed all = processed(run, only_subtract(RegistrationMethod::mesh, mode));
        CHECK(all.result.motion[13].quality == Quality::failed);
        double vein = 0.0;
        double column = 0.0;
        for (std::size_t k = 24; k < 34; ++k) {
            const PixelRect beside{kVein.x + 14, kVein.y, 10, kVein.height};
            vein += (mean_in(all.opacity[k], kVein) - mean_in(all.opacity[k], beside)) / 10.0;
            column += mean_in(all.opacity[k], kColumn) / 10.0;
            CHECK(all.result.motion[k].quality == Quality::good);
        }
        CHECK(vein == Approx(0.04).epsilon(0.07));
        CHECK(column == Approx(0.3).epsilon(0.05));
    }
}

TEST_CASE("a blank first frame is no mask") {
    MadeRun run(kScene, 20,
                [](double x, double y, FrameIndex k) { return k == 0 ? 0.0 : breathing(x, y, k); });
    run.noise = 0.5;
    const Processed all = processed(run, only_subtract(RegistrationMethod::mesh));
    CHECK(all.result.mask_frames.front() == 1);
    CHECK(all.result.motion[0].quality == Quality::no_mask);
    CHECK(all.result.motion[19].quality == Quality::good);
}

TEST_CASE("behind a shutter, and in a picture of no whole blocks, contrast is found as elsewhere") {
    for (const Extent extent : {kScene, Extent{180, 156}}) {
        MadeRun run(extent, 26, [](double x, double y, FrameIndex k) {
            const bool open = x >= 22 && x < 170 && y >= 14 && y < 150;
            return open ? breathing(x, y, k) : 20.0;
        });
        run.noise = 0.5;
        run.info().shutter = PixelRect{22, 14, 148, 136};
        const Processed all = processed(run, only_subtract(RegistrationMethod::mesh));
        REQUIRE(all.result.first_contrast_frame);
        CHECK(*all.result.first_contrast_frame >= 8 - 1);
        CHECK(*all.result.first_contrast_frame <= 8 + 2);
        double column = 0.0;
        for (std::size_t k = 20; k < 26; ++k) {
            column += mean_in(all.opacity[k], kColumn) / 6.0;
            REQUIRE(all.result.motion[k].artefact_ratio);
            CHECK(*all.result.motion[k].artefact_ratio < 1.25);
        }
        CHECK(column == Approx(0.3).epsilon(0.05));
    }
}

TEST_CASE("a scene now still, now moved is judged on one grid of blocks") {
    // Sides that leave half a block over.
    MadeRun run({100, 92}, 24, [](double x, double y, FrameIndex k) {
        return MadeRun::still(x, y + (k % 3 == 2 ? 2.5 : 0.0), k) *
               std::exp(-(k >= 12 && x >= 40 && x < 60 ? 0.3 : 0.0));
    });
    const Processed all = processed(run, only_subtract(RegistrationMethod::mesh));
    REQUIRE(all.result.first_contrast_frame);
    CHECK(*all.result.first_contrast_frame >= 11);
    CHECK(*all.result.first_contrast_frame <= 14);
}

TEST_CASE("masks chosen by hand are the masks used") {
    MadeRun run(kScene, 12, breathing);
    PipelineParams params = only_subtract(RegistrationMethod::none);
    params.masks = {2, 4};
    const Processed live = processed(run, params);
    CHECK(live.result.mask_frames == std::vector<FrameIndex>{2, 4});
    CHECK(live.result.motion[1].quality == Quality::no_mask);
    CHECK(live.result.motion[3].masks == std::vector<FrameIndex>{2});
    CHECK(live.result.motion[9].masks == std::vector<FrameIndex>{2, 4});
    params.mode = Mode::review;
    const Processed review = processed(run, params);
    CHECK(review.result.motion[1].masks == std::vector<FrameIndex>{2, 4});
}

TEST_CASE("a shift by hand moves the mask as the contract says") {
    MadeRun run(kScene, 3, [](double x, double y, FrameIndex k) {
        return k == 0 ? MadeRun::still(x, y, k) : MadeRun::still(x + 3.0, y + 5.0, k);
    });
    run.noise = 0.1;
    PipelineParams params = only_subtract(RegistrationMethod::none);
    params.masks = {0};
    params.manual_shift_px = {3.0, 5.0};
    const Processed all = processed(run, params);
    REQUIRE(all.result.motion[2].artefact_ratio);
    CHECK(*all.result.motion[2].artefact_ratio < 1.2);
    CHECK(all.result.motion[2].mean_px.x == Approx(3.0));
    CHECK(all.result.motion[2].mean_px.y == Approx(5.0));
}

TEST_CASE("the mask module of the file is used when no masks are asked for") {
    MadeRun run(kScene, 8, breathing);
    MaskSubtraction item;
    item.operation = MaskSubtraction::Operation::average;
    item.mask_frames = {1, 3};
    run.info().masks.push_back(item);
    const Processed all = processed(run, only_subtract(RegistrationMethod::none));
    CHECK(all.result.mask_frames == std::vector<FrameIndex>{1, 3});
}

namespace {

bool warns(const RunResult& result, const std::string& of) {
    return std::any_of(
        result.warnings.begin(), result.warnings.end(),
        [&](const std::string& warning) { return warning.find(of) != std::string::npos; });
}

}  // namespace

TEST_CASE("a frame that nothing can bring back is marked as failed, with the reason") {
    MadeRun run(kScene, 14, [](double x, double y, FrameIndex k) {
        return k < 10 ? MadeRun::still(x, y, k) : MadeRun::still(2.3 * y + 60.0, 1.7 * x, k);
    });
    run.noise = 0.5;
    PipelineParams params = only_subtract(RegistrationMethod::mesh);
    params.masks = {0, 1, 2};
    const Processed all = processed(run, params);
    for (const FrameMotion& motion : all.result.motion) {
        if (motion.frame >= 10) {
            CHECK(motion.quality == Quality::failed);
            CHECK_FALSE(motion.reason.empty());
        } else if (motion.frame >= 3) {
            CHECK(motion.quality == Quality::good);
            CHECK(motion.reason.find("failed") == std::string::npos);
        }
    }
}

TEST_CASE("one mask works, and the result says what it could not do") {
    MadeRun run(kScene, 12, breathing);
    PipelineParams params = only_subtract(RegistrationMethod::mesh);
    params.masks = {0};
    const Processed all = processed(run, params);
    CHECK(all.result.mask_source == MaskSource::operator_chosen);
    CHECK_FALSE(all.result.false_contrast_rate);
    CHECK(warns(all.result, "one mask frame only"));
    for (std::size_t k = 1; k < 12; ++k) {
        CHECK(all.result.motion[k].masks == std::vector<FrameIndex>{0});
        CHECK(all.result.motion[k].artefact_ratio);
    }
    params.masks = {0, 3};
    CHECK(warns(processed(run, params).result, "two mask frames only"));
    params.masks = {0, 1, 2};
    CHECK_FALSE(warns(processed(run, params).result, "only:"));
}

TEST_CASE("a mask chosen by hand that holds contrast is left out aloud") {
    for (const Mode mode : {Mode::live, Mode::review}) {
        MadeRun run(kScene, 40, vein_from_the_start);
        run.noise = 0.5;
        PipelineParams params = only_subtract(RegistrationMethod::mesh, mode);
        params.masks = {0, 1, 2, 3, 30};
        const Processed all = processed(run, params);
        CHECK(all.result.mask_frames == std::vector<FrameIndex>{0, 1, 2, 3});
        CHECK(warns(all.result, "masks that hold contrast were left out (frames 31;"));
        CHECK(mean_in(all.opacity[39], kVein) > 0.02);
        params.masks = {30, 31};  // to see what has changed since
        const Processed since = processed(run, params);
        CHECK(since.result.mask_frames == std::vector<FrameIndex>{30, 31});
        CHECK_FALSE(warns(since.result, "left out"));
    }
}

TEST_CASE("masks of the file that the run does not have are left out aloud") {
    MadeRun run(kScene, 8, breathing);
    MaskSubtraction item;
    item.operation = MaskSubtraction::Operation::average;
    item.mask_frames = {1, 90};
    run.info().masks.push_back(item);
    const Processed all = processed(run, only_subtract(RegistrationMethod::none));
    CHECK(all.result.mask_source == MaskSource::file);
    CHECK(all.result.mask_frames == std::vector<FrameIndex>{1});
    CHECK(warns(all.result, "names 1 frames that the run does not have"));
    CHECK(warns(all.result, "one mask frame only"));
}

TEST_CASE("a run without contrast uses every early frame and says that none was found") {
    MadeRun run(kScene, 12);
    const Processed all = processed(run, only_subtract(RegistrationMethod::mesh));
    CHECK(all.result.mask_source == MaskSource::automatic);
    REQUIRE(all.result.false_contrast_rate);
    CHECK(*all.result.false_contrast_rate > 0.0);
    CHECK(*all.result.false_contrast_rate < 0.2);
    CHECK(warns(all.result, "no arrival of contrast was found"));
}

TEST_CASE("the mean of n masks of a still scene leaves the noise of sqrt(1 + 1/n) frames") {
    for (const int n : {1, 2, 4, 8}) {
        MadeRun run(kScene, n + 4);
        PipelineParams params = only_subtract(RegistrationMethod::mesh);
        for (FrameIndex k = 0; k < n; ++k) {
            params.masks.push_back(k);
        }
        const Processed all = processed(run, params);
        double square = 0.0;
        std::size_t count = 0;
        for (auto k = static_cast<std::size_t>(n); k < all.opacity.size(); ++k) {
            for (int y = 0; y < kScene.height; ++y) {
                for (int x = 0; x < kScene.width; ++x) {
                    // The variance of one frame's logarithm is one over its grey level.
                    const auto value = static_cast<double>(all.opacity[k](x, y));
                    square += value * value * MadeRun::still(x, y, 0);
                    ++count;
                }
            }
        }
        CHECK(std::sqrt(square / static_cast<double>(count)) ==
              Approx(std::sqrt(1.0 + 1.0 / n)).epsilon(0.02));
    }
}

TEST_CASE("highlights are numbered from 1 in the order they are listed") {
    // Unregistered: what is highlighted does not matter here, only that something is.
    MadeRun run(kScene, 30, let_go);
    run.noise = 0.5;
    PipelineParams params;
    params.registration = RegistrationMethod::none;
    std::vector<Highlight> told;
    ProcessHooks hooks;
    hooks.on_findings = [&](FrameIndex, const std::vector<Highlight>& found) { told = found; };
    const auto result = process_run(run, params, hooks);
    REQUIRE(result);
    REQUIRE(!result->highlights.empty());
    REQUIRE(told.size() == result->highlights.size());
    for (std::size_t i = 0; i < told.size(); ++i) {
        CHECK(result->highlights[i].id == static_cast<int>(i) + 1);
        CHECK(result->highlights[i].path_px == told[i].path_px);
        CHECK(!result->highlights[i].curve.opacity.empty());
    }
}

TEST_CASE("a run left with residue of motion says so") {
    const auto warned = [](RegistrationMethod method) {
        MadeRun run(kScene, 20, breathing);
        const auto result = process_run(run, only_subtract(method));
        REQUIRE(result);
        return std::any_of(result->warnings.begin(), result->warnings.end(),
                           [](const std::string& warning) {
                               return warning.find("subtraction is poor") != std::string::npos;
                           });
    };
    CHECK(warned(RegistrationMethod::none));
    CHECK_FALSE(warned(RegistrationMethod::mesh));
}

TEST_CASE("filtered frames come beside the measured ones, and change none of them") {
    for (const Mode mode : {Mode::live, Mode::review}) {
        MadeRun run(kScene, 16, breathing);
        const auto params = only_subtract(RegistrationMethod::mesh, mode);
        const auto both = processed(run, params);
        REQUIRE(both.filtered.size() == both.opacity.size());
        std::vector<Image<float>> alone;
        ProcessHooks hooks;
        hooks.on_frame = [&](const FrameOutput& out) -> Result<void> {
            copy_pixels(out.opacity, alone.emplace_back(out.opacity.extent()).view());
            return {};
        };
        REQUIRE(process_run(run, params, hooks));
        for (std::size_t k = 0; k < alone.size(); ++k) {
            CHECK(same(alone[k], both.opacity[k]));
        }
        CHECK_FALSE(same(both.opacity[12], both.filtered[12]));
    }
}

TEST_CASE("a live run that ends early has the same filtered frames") {
    MadeRun whole(kScene, 16, breathing);
    MadeRun cut(kScene, 11, breathing);
    const auto params = only_subtract(RegistrationMethod::mesh);
    const auto all = processed(whole, params);
    const auto some = processed(cut, params);
    for (std::size_t k = 0; k < some.filtered.size(); ++k) {
        CHECK(same(all.filtered[k], some.filtered[k]));
    }
}

TEST_CASE("the mask-free view shows contrast where there never was a mask") {
    // The column stands there from the first frame on; the vein comes at frame 14.
    MadeRun run(kScene, 28, [](double x, double y, FrameIndex k) {
        return MadeRun::still(x, y, k) * std::exp(-contrast_at(x, y, std::max(13, k)));
    });
    PipelineParams params;
    const auto done = processed(run, params);
    REQUIRE_FALSE(done.result.temporal_variance.empty());
    const double vein = mean_in(done.result.temporal_variance, kVein);
    const double beside = mean_in(done.result.temporal_variance, {40, 40, 30, 80});
    CHECK(vein == Approx(4e-4).epsilon(0.25));  // a step of 0.04 half way: a quarter of its square
    CHECK(std::abs(beside) < 0.1 * vein);
}
