#include "dsp/source/open_run.h"

#include "dsp/dicom/run_reader.h"
#include "dsp/source/single_frames.h"

namespace dsm {

namespace {

class FileSource final : public FrameSource {
 public:
    explicit FileSource(std::unique_ptr<RunReader> reader) : reader_(std::move(reader)) {}
    [[nodiscard]] const RunInfo& info() const override { return reader_->info(); }
    [[nodiscard]] Result<void> read(FrameIndex frame, ImageView<std::uint16_t> words) override {
        return reader_->read(frame, words);
    }

 private:
    std::unique_ptr<RunReader> reader_;
};

}  // namespace

Result<std::unique_ptr<FrameSource>> open_run(const std::filesystem::path& file) {
    if (names_single_frames(file)) {
        auto frames = SingleFrames::open(file);
        return frames ? Result<std::unique_ptr<FrameSource>>(std::move(*frames))
                      : tl::unexpected(frames.error());
    }
    auto reader = RunReader::open(file);
    if (!reader) {
        return tl::unexpected(reader.error());
    }
    return std::make_unique<FileSource>(std::move(*reader));
}

}  // namespace dsm
