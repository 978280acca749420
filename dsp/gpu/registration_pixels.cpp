#include "dsp/gpu/registration_pixels.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "dsp/gpu/packed.h"
#include "dsp/motion/misfit.h"
#include "dsp/motion/register.h"

namespace dsm::gpu {
namespace {

constexpr double kValue = sizeof(float);
constexpr double kFlag = sizeof(std::uint8_t);

double bytes_of(Extent extent, double per_pixel) {
    return static_cast<double>(extent.pixels()) * per_pixel;
}

}  // namespace

Result<std::unique_ptr<RegistrationPixels>> RegistrationPixels::load(
    const std::filesystem::path& shaders, Extent extent, int masks) {
    Programs programs;
    auto loaded =
        Program::load_compute(shaders / "stages", {{"halve.comp", &programs.halve},
                                                   {"add.comp", &programs.add},
                                                   {"warp_level.comp", &programs.warp},
                                                   {"residual_scale.comp", &programs.scale},
                                                   {"misfit.comp", &programs.misfit},
                                                   {"normal_cells.comp", &programs.cells}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    return std::unique_ptr<RegistrationPixels>(
        new RegistrationPixels(std::move(programs), extent, masks));
}

RegistrationPixels::RegistrationPixels(Programs programs, Extent extent, int masks)
    : programs_(std::move(programs)), levels_(pyramid_levels(extent, kPyramidLevels)) {
    int pixel_px = 1;
    for (Level& level : levels_) {
        extent = {extent.width / 2, extent.height / 2};
        pixel_px *= 2;
        level.shape = {extent, pixel_px};
        for (PictureStack<float>* picture : {&level.live, &level.registered, &level.in_both}) {
            picture->allocate(extent);
        }
        level.registered.fill(0.0F);
        level.live_usable.allocate(extent);
        level.masks.allocate(extent, masks);
        level.masks_usable.allocate(extent, masks);
    }
    const TukeyLimits limits = tukey_limits(1.0F);
    programs_.cells.use();
    programs_.cells.set("limit_contrast", limits.contrast);
    programs_.cells.set("limit_other", limits.other);
    programs_.misfit.use();
    programs_.misfit.set("limit", 1.0F / std::sqrt(misfit_per_square(1.0F)));
}

void RegistrationPixels::halve(const PictureStack<float>& finer,
                               const PictureStack<std::uint8_t>& finer_usable,
                               const PictureStack<float>& coarser,
                               const PictureStack<std::uint8_t>& coarser_usable, int layer) {
    wait_for_shaders();
    programs_.halve.use();
    programs_.halve.set("layer", layer);
    finer.bind_to_read(0);
    finer_usable.bind_to_read(1);
    coarser.bind_to_write(2);
    coarser_usable.bind_to_write(3);
    Program::dispatch_over(coarser.extent());
    uses_.pyramids.used = true;
    uses_.pyramids.device_bytes += bytes_of(coarser.extent(), 5.0 * (kValue + kFlag));
}

void RegistrationPixels::put_live(const PictureStack<float>& log_intensity,
                                  const PictureStack<std::uint8_t>& usable, float drift,
                                  ImageView<const float> added) {
    if (levels_.empty()) {
        return;
    }
    pyramid_timer_.begin();
    halve(log_intensity, usable, levels_[0].live, levels_[0].live_usable, 0);
    drift_ = drift;
    if (!added.empty()) {
        added_.allocate(levels_[0].shape.extent);
        added_.upload(added);
        wait_for_shaders();
        programs_.add.use();
        programs_.add.set("drift", drift);
        levels_[0].live.bind_to_update(0);
        added_.bind_to_read(1);
        Program::dispatch_over(levels_[0].shape.extent);
        drift_ = 0.0F;
        uses_.pyramids.device_bytes += bytes_of(levels_[0].shape.extent, 3.0 * kValue);
        uses_.pyramids.upload_bytes += bytes_of(levels_[0].shape.extent, kValue);
    }
    for (std::size_t i = 1; i < levels_.size(); ++i) {
        halve(levels_[i - 1].live, levels_[i - 1].live_usable, levels_[i].live,
              levels_[i].live_usable, 0);
    }
    pyramid_timer_.end();
}

void RegistrationPixels::put_mask(int layer, const Pyramid::Level& half) {
    assert(!levels_.empty());
    levels_[0].masks.upload(half.value.view(), layer);
    levels_[0].masks_usable.upload(half.usable.view(), layer);
    uses_.pyramids.upload_bytes += bytes_of(half.value.extent(), kValue + kFlag);
    for (std::size_t i = 1; i < levels_.size(); ++i) {
        halve(levels_[i - 1].masks, levels_[i - 1].masks_usable, levels_[i].masks,
              levels_[i].masks_usable, layer);
    }
}

RegistrationPixels::Half RegistrationPixels::half() const {
    const Level& level = levels_.front();
    return {level.masks, level.masks_usable, level.live_usable, level.shape.pixel_px};
}

LevelPixels::Shape RegistrationPixels::shape(std::size_t level) const {
    return levels_[level].shape;
}

void RegistrationPixels::begin() {
    if (!std::exchange(timing_, true)) {
        timer_.begin();
    }
    wait_for_shaders();
}

// The first so many of `sums_`, into `values_`.
void RegistrationPixels::read_sums(std::size_t count) {
    timer_.end();
    timing_ = false;
    values_.resize(count);
    sums_.read(std::as_writable_bytes(std::span<float>(values_)));
    uses_.registration.used = true;
    uses_.registration.waits += 1.0;
    uses_.registration.readback_bytes += kValue * static_cast<double>(count);
    uses_.registration.shader_ms += timer_.elapsed_ms().value_or(0.0);
}

void RegistrationPixels::lay(std::size_t index, const Displacement& field) {
    Level& level = levels_[index];
    laid_ = &level;
    values_.clear();
    append(values_, field.dx_px.view());
    append(values_, field.dy_px.view());
    fields_.upload(std::span<const float>(values_));
    begin();
    const Program& warp = programs_.warp;
    const int pixel_px = level.shape.pixel_px;
    warp.use();
    warp.set("layer", layer_);
    warp.set("node_columns", field.nodes().width);
    warp.set("node_rows", field.nodes().height);
    warp.set("spacing", std::max(1, field.spacing_px / pixel_px));
    warp.set("scale", 1.0F / static_cast<float>(pixel_px));
    level.masks.bind_to_read(0);
    level.masks_usable.bind_to_read(1);
    level.live_usable.bind_to_read(2);
    level.registered.bind_to_write(3);
    level.in_both.bind_to_write(4);
    fields_.bind(0);
    Program::dispatch_over(level.shape.extent);
    uses_.registration.upload_bytes += kValue * static_cast<double>(values_.size());
    uses_.registration.device_bytes += bytes_of(level.shape.extent, 3.0 * kValue + 2.0 * kFlag);
}

void RegistrationPixels::dispatch_scale(float least) {
    begin();
    const Program& scale = programs_.scale;
    scale.use();
    scale.set("drift", drift_);
    scale.set("least", least);
    scale.set("stride_px", sample_stride(laid_->shape.extent));
    laid_->registered.bind_to_read(0);
    laid_->live.bind_to_read(1);
    laid_->in_both.bind_to_read(2);
    sums_.reserve(sizeof(float));
    sums_.bind(1);
    Program::dispatch_groups({1, 1});
}

float RegistrationPixels::scale(float least) {
    dispatch_scale(least);
    read_sums(1);
    return values_[0];
}

float RegistrationPixels::accumulate(float least, ImageView<const float> offset, CellSums& cells) {
    const Extent nodes = offset.extent();
    const std::size_t count = CellSums::kPlanes * nodes.pixels();
    values_.clear();
    append(values_, offset);
    offsets_.upload(std::span<const float>(values_));
    sums_.reserve((count + 1) * sizeof(float));
    dispatch_scale(least);
    begin();
    programs_.cells.use();
    programs_.cells.set("drift", drift_);
    laid_->registered.bind_to_read(0);
    laid_->live.bind_to_read(1);
    laid_->in_both.bind_to_read(2);
    offsets_.bind(0);
    sums_.bind(1);
    Program::dispatch_groups(nodes);
    uses_.registration.upload_bytes += bytes_of(nodes, kValue);
    uses_.registration.device_bytes +=
        bytes_of(laid_->shape.extent, 3.0 * kValue) + kValue * static_cast<double>(count);
    read_sums(count + 1);
    const float* from = values_.data() + 1;
    for (Image<float>& plane : cells.plane) {
        std::copy_n(from, nodes.pixels(), plane.pixels().data());
        from += nodes.pixels();
    }
    return values_[0];
}

// Sums of work groups, after the pair of words whose first the scale is, or will be; returns how
// many words that makes. `inverse` below 0: from that scale.
std::size_t RegistrationPixels::dispatch_misfit(const Level& level, float inverse) {
    const Extent extent = level.shape.extent;
    const std::size_t words = 2 + 2 * Program::groups_over(extent).pixels();
    sums_.reserve(words * sizeof(float));
    begin();
    programs_.misfit.use();
    programs_.misfit.set("drift", drift_);
    programs_.misfit.set("inverse", inverse);
    level.registered.bind_to_read(0);
    level.live.bind_to_read(1);
    level.live_usable.bind_to_read(2);
    sums_.bind(1);
    Program::dispatch_over(extent);
    uses_.registration.device_bytes += bytes_of(extent, 2.0 * kValue + kFlag);
    return words;
}

RegistrationPixels::Sum RegistrationPixels::sum_misfit(std::size_t words) {
    read_sums(words);
    Sum sum;
    for (std::size_t i = 2; i < words; i += 2) {
        sum.cost += static_cast<double>(values_[i]);
        sum.pixels += static_cast<double>(values_[i + 1]);
    }
    return sum;
}

std::size_t RegistrationPixels::usable(std::size_t level) {
    return static_cast<std::size_t>(sum_misfit(dispatch_misfit(levels_[level], 0.0F)).pixels);
}

double RegistrationPixels::misfit(float noise) {
    const Sum sum = sum_misfit(dispatch_misfit(*laid_, misfit_per_square(noise)));
    return mean_misfit(sum.cost, sum.pixels);
}

LevelPixels::Judged RegistrationPixels::judge(float least) {
    // Room for both, or the scale would be lost with the memory it lies in.
    sums_.reserve((2 + laid_->shape.extent.pixels()) * sizeof(float));
    dispatch_scale(least);
    const Sum sum = sum_misfit(dispatch_misfit(*laid_, -1.0F));
    return {values_[0], mean_misfit(sum.cost, sum.pixels)};
}

RegistrationPixels::Uses RegistrationPixels::take_uses() {
    if (uses_.pyramids.used) {
        uses_.pyramids.shader_ms = pyramid_timer_.elapsed_ms().value_or(0.0);
    }
    return std::exchange(uses_, {});
}

}  // namespace dsm::gpu
