#include "dsp/gpu/frame_sums_shader.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "dsp/gpu/packed.h"

namespace dsm::gpu {
namespace {

constexpr std::size_t kPatchWords = 3;
constexpr std::size_t kBlockWords = 2;
constexpr std::size_t kCellWords = 7;
constexpr float kVarianceScale = 4e3F;  // a usual variance, 1e-4, is then far from the least half

constexpr double kValue = sizeof(float);
constexpr double kFlag = sizeof(std::uint8_t);

std::size_t words_of_bins(const WorkGrid& grid) {
    const std::size_t bins = grid.extent().pixels();
    return bins + (bins + 1) / 2;
}

void copy_floats(const std::uint32_t* from, std::size_t count, Image<float>& to) {
    std::memcpy(to.pixels().data(), from, count * sizeof(float));
}

void unpack_bins(const std::uint32_t* from, const WorkGrid& grid, WorkFrame& to) {
    const Extent extent = grid.extent();
    const std::size_t count = extent.pixels();
    to.opacity.resize(extent);
    to.variance.resize(extent);
    to.valid.resize(extent);
    copy_floats(from, count, to.opacity);
    const std::uint32_t* pairs = from + count;
    for (std::size_t i = 0; i < count; ++i) {
        const float variance = half_at(pairs, i);
        const bool valid = variance >= 0.0F;
        to.variance.pixels()[i] = valid ? variance * (1.0F / kVarianceScale) : 0.0F;
        to.valid.pixels()[i] = valid ? 1 : 0;
    }
}

void unpack_cells(const std::uint32_t* from, Extent extent, CorridorCells& to) {
    to.cells.resize(extent);
    to.spreads.resize(extent);
    const auto value = [](std::uint32_t bits) { return std::bit_cast<float>(bits); };
    for (std::size_t i = 0; i < extent.pixels(); ++i, from += kCellWords) {
        to.cells.pixels()[i] = {value(from[0]),
                                value(from[1]),
                                value(from[2]),
                                value(from[3]),
                                value(from[4]),
                                static_cast<std::uint8_t>(from[6] & 255U),
                                static_cast<std::uint8_t>((from[6] >> 8U) & 255U)};
        to.spreads.pixels()[i] = value(from[5]);
    }
}

void unpack_blocks(const std::uint32_t* from, Extent extent, FrameSums& to) {
    to.block_opacity.resize(extent);
    to.block_variance.resize(extent);
    for (std::size_t i = 0; i < extent.pixels(); ++i) {
        to.block_opacity.pixels()[i] = std::bit_cast<float>(from[kBlockWords * i]);
        to.block_variance.pixels()[i] = std::bit_cast<float>(from[kBlockWords * i + 1]);
    }
}

void unpack_patches(const std::uint32_t* from, Image<PatchSums>& to) {
    for (PatchSums& patch : to.pixels()) {
        patch = {static_cast<double>(std::bit_cast<float>(from[0])),
                 static_cast<double>(std::bit_cast<float>(from[1])),
                 static_cast<double>(std::bit_cast<float>(from[2]))};
        from += kPatchWords;
    }
}

Extent half_of(Extent extent) {
    return {std::max(1, extent.width / 2), std::max(1, extent.height / 2)};
}

}  // namespace

Result<FrameSumsShader> FrameSumsShader::load(const std::filesystem::path& shaders, Extent extent,
                                              const WorkGrid& grid) {
    FrameSumsShader made;
    auto loaded =
        Program::load_compute(shaders / "stages", {{"patch_sums.comp", &made.programs_.patches},
                                                   {"block_sums.comp", &made.programs_.blocks},
                                                   {"bins.comp", &made.programs_.bins},
                                                   {"corridor_cells.comp", &made.programs_.cells},
                                                   {"usable_bits.comp", &made.programs_.bits},
                                                   {"half_opacity.comp", &made.programs_.half}});
    if (!loaded) {
        return tl::unexpected(loaded.error());
    }
    made.extent_ = extent;
    made.grid_ = grid;
    made.lay_out();
    made.programs_.patches.use();
    made.programs_.patches.set("patch_px", kPatch_px);
    const Program& bins = made.programs_.bins;
    bins.use();
    bins.set("columns", grid.extent().width);
    bins.set("rows", grid.extent().height);
    bins.set("factor", grid.factor());
    bins.set("transposed", grid.transposed() ? 1 : 0);
    bins.set("scale", kVarianceScale);
    return made;
}

void FrameSumsShader::lay_out() {
    std::size_t word = 0;
    const auto after = [&](std::size_t words) { return std::exchange(word, word + words); };
    at_.patches = after(kPatchWords * patches_of(extent_).pixels());
    at_.bits = after(words_of_bits(extent_.pixels()));
    at_.half = after(half_of(extent_).pixels());
    at_.blocks = after(kBlockWords * opacity_blocks(extent_).pixels());
    at_.cells = after(kCellWords * corridor_cells(extent_).pixels());
    at_.bins = after(words_of_bins(grid_));
    at_.end = word;
    sums_.reserve(at_.end * sizeof(std::uint32_t));
}

void FrameSumsShader::begin(const Program& program, std::size_t first) const {
    program.use();
    program.set("first", static_cast<int>(first));
    sums_.bind(0);
}

void FrameSumsShader::dispatch_bins() const {
    begin(programs_.bins, at_.bins);
    Program::dispatch_line((grid_.extent().pixels() + 1) / 2);
}

void FrameSumsShader::dispatch_findings() const {
    begin(programs_.blocks, at_.blocks);
    Program::dispatch_groups(opacity_blocks(extent_));
    begin(programs_.cells, at_.cells);
    Program::dispatch_groups(corridor_cells(extent_));
    dispatch_bins();
}

void FrameSumsShader::copy_back(std::size_t from_word, std::size_t to_word) {
    const std::size_t from = from_word * sizeof(std::uint32_t);
    const std::size_t bytes = (to_word - from_word) * sizeof(std::uint32_t);
    back_.copy(sums_, from, from, bytes);
    use_.readback_bytes += static_cast<double>(bytes);
    use_.device_bytes += static_cast<double>(bytes);
}

void FrameSumsShader::send(const SubtractedPictures& frame, const SumsAsked& asked) {
    asked_ = asked;
    timer_.begin();
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    frame.opacity.bind_to_read(0);
    frame.sigma.bind_to_read(1);
    frame.usable.bind_to_read(2);
    frame.mix.bind_to_read(3);
    begin(programs_.patches, at_.patches);
    Program::dispatch_groups(patches_of(extent_));
    begin(programs_.bits, at_.bits);
    Program::dispatch_line(words_of_bits(extent_.pixels()));
    if (asked.half_opacity) {
        begin(programs_.half, at_.half);
        Program::dispatch_over(half_of(extent_));
    }
    if (asked.findings) {
        dispatch_findings();
    }
    timer_.end();
    back_.begin(at_.end * sizeof(std::uint32_t));
    copy_back(0, asked.half_opacity ? at_.blocks : at_.half);
    if (asked.findings) {
        copy_back(at_.blocks, at_.end);
    }
    back_.sent();
    use_.used = true;
    constexpr double kPicture = 2.0 * kValue + kFlag;  // opacity, noise, usable
    use_.device_bytes += static_cast<double>(extent_.pixels()) *
                         (kPicture + kFlag + (asked.half_opacity ? kValue : 0.0) +
                          (asked.findings ? 3.0 * kPicture + kValue : 0.0));
}

Result<void> FrameSumsShader::receive(SubtractedSums& out) {
    const auto bytes = back_.receive();
    if (!bytes) {
        return tl::unexpected(bytes.error());
    }
    use_.waits += 1.0;
    use_.shader_ms += timer_.elapsed_ms().value_or(0.0);
    const auto* words = reinterpret_cast<const std::uint32_t*>(bytes->data());
    out.patches.resize(patches_of(extent_));
    unpack_patches(words + at_.patches, out.patches);
    out.usable.resize(extent_);
    unpack_bits(words + at_.bits, out.usable.pixels());
    if (asked_.half_opacity) {
        out.half_opacity.resize(half_of(extent_));
        copy_floats(words + at_.half, out.half_opacity.pixels().size(), out.half_opacity);
    }
    if (asked_.findings) {
        unpack_blocks(words + at_.blocks, opacity_blocks(extent_), out.sums);
        unpack_cells(words + at_.cells, corridor_cells(extent_), out.sums.corridor);
        unpack_bins(words + at_.bins, grid_, out.sums.bins);
    }
    return {};
}

Result<void> FrameSumsShader::bin_mask(const SubtractedPictures& frame, WorkFrame& out) {
    timer_.begin();
    glMemoryBarrier(GL_SHADER_IMAGE_ACCESS_BARRIER_BIT);
    frame.mix.bind_to_read(0);
    frame.sigma.bind_to_read(1);
    frame.usable.bind_to_read(2);
    dispatch_bins();
    timer_.end();
    back_.begin(at_.end * sizeof(std::uint32_t));
    copy_back(at_.bins, at_.end);
    back_.sent();
    const auto received = back_.receive();
    if (!received) {
        return tl::unexpected(received.error());
    }
    unpack_bins(reinterpret_cast<const std::uint32_t*>(received->data()) + at_.bins, grid_, out);
    out.variance.fill(0.0F);
    use_.used = true;
    use_.waits += 1.0;
    use_.shader_ms += timer_.elapsed_ms().value_or(0.0);
    use_.device_bytes += (2.0 * kValue + kFlag) * static_cast<double>(extent_.pixels());
    return {};
}

GpuUse FrameSumsShader::take_use() {
    return std::exchange(use_, {});
}

}  // namespace dsm::gpu
