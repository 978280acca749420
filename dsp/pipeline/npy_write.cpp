#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "dsp/core/atomic_file.h"
#include "dsp/pipeline/npy.h"

namespace dsm {
namespace {

std::string header(const std::string& shape) {
    const std::string dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
    constexpr std::size_t kPreamble = 10;  // magic, version, length of the dictionary
    // The format wants the data to start at a multiple of 64 bytes. Two of these hold any shape, so
    // that a header can be replaced when it is known how many frames there are.
    constexpr std::size_t kTotal = 128;
    constexpr std::size_t kLength = kTotal - kPreamble;
    std::string text = "\x93NUMPY";
    text += '\x01';
    text += '\x00';
    text += static_cast<char>(kLength & 0xFFU);
    text += static_cast<char>(kLength >> 8U);
    text += dictionary;
    text.resize(kTotal - 1, ' ');
    return text + '\n';
}

std::string rows_and_columns(Extent extent) {
    return std::to_string(extent.height) + ", " + std::to_string(extent.width);
}

std::string header(int frames, Extent extent) {
    return header(std::to_string(frames) + ", " + rows_and_columns(extent));
}

}  // namespace

struct NpyWriter::State {
    std::filesystem::path file;
    std::filesystem::path temporary;
    std::ofstream out;
    std::optional<int> frames;
    int written;
    Extent extent;

    ~State() {
        std::error_code ignored;
        if (!temporary.empty()) {
            std::filesystem::remove(temporary, ignored);
        }
    }
    [[nodiscard]] tl::unexpected<Error> refuse(const std::string& what) const {
        return fail(ErrorKind::io, file.string(), what, "check that the disk is not full");
    }
};

NpyWriter::NpyWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
NpyWriter::~NpyWriter() = default;
NpyWriter::NpyWriter(NpyWriter&&) noexcept = default;
NpyWriter& NpyWriter::operator=(NpyWriter&&) noexcept = default;

Result<NpyWriter> NpyWriter::create(const std::filesystem::path& file, std::optional<int> frames,
                                    Extent extent) {
    const std::filesystem::path folder =
        file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const std::string start = header(frames.value_or(0), extent);
    const std::uintmax_t bytes = start.size() + static_cast<std::uintmax_t>(frames.value_or(1)) *
                                                    extent.pixels() * sizeof(float);
    std::error_code unknown;
    const auto space = std::filesystem::space(folder, unknown);
    if (!unknown && space.available < bytes) {
        return fail(ErrorKind::io, file.string(),
                    "needs " + std::to_string(bytes >> 20U) + " MiB and the disk has " +
                        std::to_string(space.available >> 20U) + " MiB left",
                    "make room or leave out --dump");
    }
    auto state = std::make_unique<State>();
    state->file = file;
    state->frames = frames;
    state->written = 0;
    state->extent = extent;
    const std::filesystem::path temporary =
        folder / ("." + file.filename().string() + "." + std::to_string(::getpid()) + ".part");
    state->out.open(temporary, std::ios::binary | std::ios::trunc);
    if (!state->out) {
        return fail(ErrorKind::io, file.string(), "cannot be created",
                    "check that the folder exists and is writable");
    }
    state->temporary = temporary;
    state->out.write(start.data(), static_cast<std::streamsize>(start.size()));
    return NpyWriter(std::move(state));
}

Result<void> NpyWriter::append(ImageView<const float> frame) {
    if (frame.extent() != state_->extent || state_->written == state_->frames) {
        return fail(ErrorKind::internal, state_->file.string(),
                    "was given a frame it has no place for", "please report it");
    }
    for (int y = 0; y < frame.height(); ++y) {
        state_->out.write(reinterpret_cast<const char*>(frame.row(y)),
                          static_cast<std::streamsize>(sizeof(float)) * frame.width());
    }
    if (!state_->out) {
        return state_->refuse("could not be written completely");
    }
    ++state_->written;
    return {};
}

Result<void> NpyWriter::finish() {
    if (state_->written != state_->frames.value_or(state_->written)) {
        return fail(ErrorKind::internal, state_->file.string(), "lacks frames", "please report it");
    }
    if (!state_->frames) {
        const std::string start = header(state_->written, state_->extent);
        state_->out.seekp(0);
        state_->out.write(start.data(), static_cast<std::streamsize>(start.size()));
    }
    state_->out.close();
    if (!state_->out) {
        return state_->refuse("could not be written completely");
    }
    std::error_code renamed;
    std::filesystem::rename(state_->temporary, state_->file, renamed);
    if (renamed) {
        return fail(ErrorKind::io, state_->file.string(), "cannot be written: " + renamed.message(),
                    "check that the folder is writable");
    }
    state_->temporary.clear();
    return {};
}

Result<void> write_npy(const std::filesystem::path& file, ImageView<const float> picture) {
    std::string bytes = header(rows_and_columns(picture.extent()));
    for (int y = 0; y < picture.height(); ++y) {
        bytes.append(reinterpret_cast<const char*>(picture.row(y)),
                     sizeof(float) * static_cast<std::size_t>(picture.width()));
    }
    return write_file_atomically(file, bytes);
}

}  // namespace dsm
