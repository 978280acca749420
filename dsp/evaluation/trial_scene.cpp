#include "dsp/evaluation/trial_scene.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "dsp/core/parallel.h"
#include "dsp/evaluation/resample.h"
#include "dsp/evaluation/trial_recipes.h"
#include "dsp/phantom/detector.h"
#include "dsp/phantom/render.h"

namespace dsm::evaluation {
namespace {

constexpr int kBorder_px = 24;        // resampling reaches in from there
constexpr double kAway_mm = 3.0;      // from contrast, for a pixel to be free of it
constexpr float kTrace = 0.001F;      // opacity that counts as contrast
constexpr double kColumnShare = 0.3;  // of the densest contrast: the thecal sac
constexpr double kAroundColumn_mm = 1.0;
constexpr double kAroundLeak_mm = 4.0;

cv::Mat as_mat(const Image<float>& image) {
    return {image.height(), image.width(), CV_32F, const_cast<float*>(image.pixels().data())};
}

// Distance of each pixel to the nearest that is set.
cv::Mat distance_to(const cv::Mat& set) {
    cv::Mat distance;
    cv::distanceTransform(set == 0, distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
    return distance;
}

double densest(const Image<float>& opacity) {
    std::vector<float> values(opacity.pixels().begin(), opacity.pixels().end());
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(0.995 * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return static_cast<double>(*at);
}

// Where the paths of the leaks are seen: opacity outside the column and near a path.
cv::Mat near_paths(const phantom::Truth& truth, Extent extent, double reach_px) {
    cv::Mat line = cv::Mat::zeros(extent.height, extent.width, CV_8U);
    for (const phantom::TrueStructure& structure : truth.structures) {
        if (structure.kind != "csf_venous_fistula" && structure.kind != "extravasation") {
            continue;
        }
        for (std::size_t i = 1; i < structure.path_px.size(); ++i) {
            const Point a = structure.path_px[i - 1];
            const Point b = structure.path_px[i];
            cv::line(line, {cvRound(a.x), cvRound(a.y)}, {cvRound(b.x), cvRound(b.y)}, 255);
        }
    }
    return cv::countNonZero(line) == 0 ? line : cv::Mat(distance_to(line) < reach_px);
}

void find_places(const phantom::Truth& truth, double pixel_mm, double moved_px, LiveFrame& live) {
    const cv::Mat opacity = as_mat(live.opacity);
    const cv::Mat to_contrast = distance_to(cv::Mat(opacity > static_cast<double>(kTrace)));
    const double column_level = kColumnShare * densest(live.opacity);
    const cv::Mat to_column = distance_to(cv::Mat(opacity > std::max(column_level, 0.01)));
    const cv::Mat leak =
        near_paths(truth, live.opacity.extent(), kAroundLeak_mm / pixel_mm + moved_px);
    const double away_px = kAway_mm / pixel_mm;
    const double around_px = kAroundColumn_mm / pixel_mm;
    live.place = Image<std::uint8_t>(live.opacity.extent());
    for (int y = kBorder_px; y < live.place.height() - kBorder_px; ++y) {
        for (int x = kBorder_px; x < live.place.width() - kBorder_px; ++x) {
            const auto column = static_cast<double>(to_column.at<float>(y, x));
            Place place = Place::unused;
            if (column < around_px) {
                place = Place::column;
            } else if (column > 2.0 * around_px && leak.at<std::uint8_t>(y, x) != 0) {
                place = Place::leak;
            } else if (static_cast<double>(to_contrast.at<float>(y, x)) > away_px) {
                place = Place::free;
            }
            live.place(x, y) = static_cast<std::uint8_t>(place);
        }
    }
}

void fill_live(const phantom::PhantomRun& run, const Displacement* field, LiveFrame& live) {
    double moved_px = 0.0;
    if (field != nullptr) {
        live.quanta = moved(live.quanta.view(), *field);
        live.background = moved(live.background.view(), *field);
        live.field = field->clone();
        moved_px = field->max_px();
    }
    live.opacity = Image<float>(live.quanta.extent());
    for (std::size_t i = 0; i < live.opacity.pixels().size(); ++i) {
        const float with = live.quanta.pixels()[i];
        const float without = live.background.pixels()[i];
        live.opacity.pixels()[i] = with == without ? 0.0F : std::log(without / with);
    }
    const phantom::MotionRecipe& motion = run.recipe().motion;
    const double pixel_mm = run.recipe().image.pixel_mm;
    if (motion.jerk_at_s > 0.0) {
        moved_px += std::hypot(motion.jerk_mm[0], motion.jerk_mm[1]) / pixel_mm;
    }
    find_places(run.truth(), pixel_mm, moved_px, live);
}

Result<TrialScene> render(const TrialPlan& plan) {
    auto run = phantom::PhantomRun::create(plan.recipe);
    if (!run) {
        return tl::unexpected(run.error());
    }
    TrialScene scene;
    scene.name = plan.recipe.name;
    scene.trial_case = plan.trial_case;
    scene.recipe = plan.recipe;
    const Extent extent = run->info().extent;
    for (const FrameIndex frame : plan.masks) {
        run->render_quanta(frame, false, scene.masks.emplace_back(extent).view());
    }
    for (std::size_t i = 0; i < plan.lives.size(); ++i) {
        LiveFrame& live = scene.lives.emplace_back();
        live.quanta = Image<float>(extent);
        live.background = Image<float>(extent);
        run->render_quanta(plan.lives[i], true, live.quanta.view());
        run->render_quanta(plan.lives[i], false, live.background.view());
        fill_live(*run, plan.fields.empty() ? nullptr : &plan.fields[i], live);
    }
    const auto first = scene.masks.front().pixels();
    const double brightest = static_cast<double>(*std::max_element(first.begin(), first.end()));
    const double largest = (1 << plan.recipe.image.bits) - 1;
    scene.words_per_quantum = plan.recipe.image.white_level * largest / brightest;
    return scene;
}

}  // namespace

const char* to_string(TrialCase trial_case) {
    switch (trial_case) {
        case TrialCase::still:
            return "static";
        case TrialCase::translation:
            return "translation";
        case TrialCase::smooth:
            return "smooth 0-8 px";
        case TrialCase::breathing:
            return "abdomen, one mask";
        case TrialCase::breathing_library:
            return "abdomen, library of 8";
        case TrialCase::chest_breathing:
            return "chest, one mask";
        case TrialCase::chest_library:
            return "chest, library of 8";
        case TrialCase::beating_heart:
            return "chest, heart beating";
        case TrialCase::jerk:
            return "jerk";
        case TrialCase::released_hold:
            return "hold, then release";
        case TrialCase::recipe:
            break;
    }
    return "recipe";
}

double TrialScene::variance(double quanta) const {
    const double read = recipe.detector.read_noise_quanta;
    return (quanta + read * read) / (quanta * quanta);
}

void TrialScene::expose(std::size_t frame, std::uint64_t exposure, bool mirrored,
                        ImageView<std::uint16_t> words) const {
    phantom::Recipe anew = recipe;
    anew.seed = recipe.seed + 7919 * (exposure + 1);
    anew.image.intensity = phantom::Intensity::linear;
    const double largest = (1 << recipe.image.bits) - 1;
    const phantom::Encoding encoding(anew.image,
                                     anew.image.white_level * largest / words_per_quantum);
    const Image<float>& expected = quanta(frame);
    phantom::expose(anew, encoding, static_cast<int>(frame), expected.view(), words);
    if (!mirrored) {
        return;
    }
    for (int y = 0; y < words.height(); ++y) {
        for (int x = 0; x < words.width(); ++x) {
            const double mean = words_per_quantum * static_cast<double>(expected(x, y));
            const double opposite = 2.0 * mean - static_cast<double>(words(x, y));
            words(x, y) =
                static_cast<std::uint16_t>(std::lround(std::clamp(opposite, 0.0, largest)));
        }
    }
}

Image<float> log_of(ImageView<const float> quanta) {
    constexpr float kLeast = 0.5F;
    Image<float> logarithm(quanta.extent());
    parallel_rows(quanta.height(), 16, [&](int first, int last) {
        for (int y = first; y < last; ++y) {
            for (int x = 0; x < quanta.width(); ++x) {
                logarithm(x, y) = std::log(std::max(quanta(x, y), kLeast));
            }
        }
    });
    return logarithm;
}

Result<TrialScene> make_trial_scene(std::uint64_t seed, int index, int size) {
    return render(plan_trial(seed, index, size));
}

Result<TrialScene> make_trial_scene(const phantom::Recipe& recipe) {
    constexpr std::size_t kMostMasks = 8;
    auto run = phantom::PhantomRun::create(recipe);
    if (!run) {
        return tl::unexpected(run.error());
    }
    TrialPlan plan;
    plan.recipe = recipe;
    plan.trial_case = TrialCase::recipe;
    const int frames = run->info().frames;
    Image<float> opacity(run->info().extent);
    FrameIndex first = 0;
    for (; first < frames; ++first) {
        run->render(first, {}, opacity.view());
        const auto pixels = std::as_const(opacity).pixels();
        if (*std::max_element(pixels.begin(), pixels.end()) > kTrace) {
            break;
        }
    }
    for (FrameIndex k = std::max(0, first - static_cast<int>(kMostMasks)); k < first; ++k) {
        plan.masks.push_back(k);
    }
    for (int i = 1; i <= 3 && first < frames; ++i) {
        const FrameIndex live = first + (frames - 1 - first) * i / 3;
        if (plan.lives.empty() || plan.lives.back() != live) {
            plan.lives.push_back(live);
        }
    }
    if (plan.masks.empty() || plan.lives.empty()) {
        return fail(ErrorKind::invalid_input, recipe.name,
                    plan.masks.empty() ? "has no frame before contrast" : "has no contrast",
                    "let contrast start within the run");
    }
    return render(plan);
}

}  // namespace dsm::evaluation
